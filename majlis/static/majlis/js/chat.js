// A conversation by chat: whether its visitor is there and writing, and what they have seen.

import { stand } from "./chat-reply.js";
import { ask } from "./http.js";
import { subscribe } from "./live.js";
import { openNumber } from "./thread.js";

const TYPING_MS = 6000; // a widget says every 3 s that somebody is writing
const LOOK_MS = 40_000;
const bar = () => document.getElementById("chat-standing");
let silence = 0;

async function look() {
  const number = openNumber();
  const from = bar()?.dataset.from;
  if (!from || document.hidden) return;
  const response = await ask(from).catch(() => null);
  if (!response?.ok || number !== openNumber() || !bar()) return;
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  const fresh = holder.content.querySelector("#chat-standing");
  if (!fresh || !bar() || number !== openNumber()) return;
  fresh.querySelector("#chat-typing").hidden = bar().querySelector("#chat-typing").hidden;
  if (fresh.outerHTML !== bar().outerHTML) bar().replaceWith(fresh);
  stand();
}

function typing(isWriting) {
  clearTimeout(silence);
  const mark = document.getElementById("chat-typing");
  if (mark) mark.hidden = !isWriting;
  if (isWriting) silence = setTimeout(typing, TYPING_MS, false);
}

subscribe((message) => {
  if (Number(message.c) !== openNumber() || !bar()) return;
  if (message.type === "typing") typing(true);
  else if (message.type === "visited") look();
  else if (message.type === "nudge" && /customer\.wrote/.test(message.k)) typing(false);
});
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_MS);
