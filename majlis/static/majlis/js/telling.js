// What the server says of an act: a toast, a way to undo it, and whether the page goes on to the next conversation.

import { ask } from "./http.js";
import { refreshSoon, step } from "./inbox.js";
import { catchUp } from "./thread.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const UNDO_SECONDS = 10;
let last = null; // what Ctrl Z undoes while its toast stands

function renew() {
  catchUp();
  refreshSoon();
  document.dispatchEvent(new CustomEvent("majlis:undone"));
}

async function undo(told) {
  last = null;
  const response = await ask(told.url, { method: told.method }).catch(() => null);
  if (!response?.ok) toast(word("act_failed"), { isBad: true });
  else if (!tell(response.headers.get("X-Majlis-Told"))) toast(word("act_undone"));
  renew();
}

/** Show what `header` (the value of X-Majlis-Told, or null) says; says whether there was anything. */
export function tell(header) {
  if (!header) return false;
  const told = JSON.parse(header);
  const run = () => undo(told);
  const close = toast(told.text, told.url ? { action: word("undo"), run, seconds: UNDO_SECONDS } : {});
  if (told.url) {
    const mine = (last = { run, close });
    setTimeout(() => last === mine && (last = null), UNDO_SECONDS * 1000);
  }
  if (told.away) step(1);
  return true;
}

/** Undo the newest act whose toast still stands; says whether there was one. */
export function undoLast() {
  if (!last) return false;
  last.close();
  last.run();
  return true;
}
