// Answering in a live chat: what is sent keeps it open, and Enter sends. A mail is answered as ever.

import { send } from "./sending.js";
import { isEmpty } from "./writing.js";

/** Show the buttons for how the chat stands now. Who is writing keeps what they saw when they began. */
export function stand() {
  const form = document.getElementById("composer");
  const isLive = document.getElementById("chat-standing").hasAttribute("data-live");
  if (!form || form.hasAttribute("data-live") === isLive || !isEmpty(form) || form.querySelector("#send-menu[open]")) return;
  form.toggleAttribute("data-live", isLive);
  const { text } = form.elements;
  text.dataset.hintReply = isLive ? text.dataset.hintLive : text.dataset.hintLeft;
  if (form.dataset.mode === "reply") text.placeholder = text.dataset.hintReply;
  for (const one of form.querySelectorAll("[data-when]")) one.hidden = (one.dataset.when === "live") !== isLive;
}

// The keyboard of a screen has no Shift Enter: there Enter begins a new line, and the button sends.
const touch = matchMedia("(hover: none)");

// In a list the next point begins, as everywhere.
const isInList = (target) => target.isContentEditable && getSelection().anchorNode?.parentElement?.closest("li");

function onKey(event) {
  const form = event.target.closest?.("#composer[data-live][data-mode=reply]");
  if (!form || event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (touch.matches) return;
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.matches("[name=text], .composer__rich") || isInList(event.target)) return;
  if (form.querySelector(".pop[role=listbox]:not([hidden])")) return; // something is being chosen
  event.preventDefault();
  event.stopPropagation(); // the editor begins no paragraph
  if (!event.repeat) send(form, { how: "open" });
}

document.addEventListener("keydown", onKey, true);
