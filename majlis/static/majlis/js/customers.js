// The panel of a customer: what its small forms answer, saving by Ctrl Enter, leaving by Escape, the focus kept.

import { textOf } from "./http.js";
import { tell } from "./telling.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const inPanel = (element) => element.closest?.("[data-customer]");

// What was refused comes back as the part itself, with the sentence beside what was typed.
function take({ detail }) {
  if (detail.xhr.status !== 422 || !inPanel(detail.target)) return;
  detail.shouldSwap = true;
  detail.isError = false;
}

// A part that was replaced took the focus with it: it goes to the same field, else to what opens or fills the part.
let last = "";

function refocus({ detail }) {
  const part = detail.elt;
  if (!inPanel(part) || document.activeElement !== document.body) return;
  const field = part.querySelector("[autofocus], [aria-invalid=true]") ?? (last && part.querySelector(`#${last}`));
  (field || part.querySelector("[data-edit], input:not([type=checkbox]), textarea"))?.focus({ preventScroll: true });
}

function onKey(event) {
  const form = event.target.closest?.("form");
  if (!form || !inPanel(form) || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else if (event.code === "Escape" && form.querySelector("[data-cancel]")) form.querySelector("[data-cancel]").click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start() {
  document.addEventListener("htmx:beforeSwap", take);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => inPanel(detail.elt) && (last = document.activeElement?.id ?? ""));
  document.addEventListener("htmx:afterSettle", refocus);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // Whoever asked may have been replaced by the answer; the event then comes from what is left around.
    if ((inPanel(detail.elt) || inPanel(detail.requestConfig.elt)) && detail.successful) tell(detail.xhr.getResponseHeader("X-Majlis-Told"));
  });
  document.addEventListener("keydown", onKey, true);
  if (document.getElementById("list")) return;
  // Beside a conversation its own script says so.
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const isFragment = Boolean(detail.xhr.getResponseHeader("X-Majlis-Refused"));
    toast((isFragment && textOf(detail.xhr.responseText)) || word("act_failed"), { isBad: true });
  });
  document.addEventListener("htmx:sendError", () => toast(word("act_failed"), { isBad: true }));
}
