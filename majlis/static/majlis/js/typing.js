// Whether somebody types at this page just now. Tells of a change by the event "majlis:typing".

import { openNumber } from "./thread.js";

const PAUSE_MS = 20_000; // who thinks for so long is no longer typing
let last = { number: 0, mode: "", at: 0 };
let was = "";

/** "reply" or "note" while one is being written in the open conversation, else "". */
export const typing = () => (last.number === openNumber() && Date.now() - last.at < PAUSE_MS ? last.mode : "");

/** Tell of it if it is another than before. */
export function checkTyping() {
  if (typing() === was) return;
  was = typing();
  document.dispatchEvent(new Event("majlis:typing"));
}

function stop() {
  last = { number: 0, mode: "", at: 0 };
  checkTyping();
}

export function start() {
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("#composer");
    if (!form) return;
    if (!(target.value ?? target.textContent).trim()) return stop();
    last = { number: openNumber(), mode: form.dataset.mode === "note" ? "note" : "reply", at: Date.now() };
    checkTyping();
  });
  document.addEventListener("submit", (event) => event.target.id === "composer" && stop());
}
