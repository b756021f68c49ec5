// Sending: once however often it is tried, refused when something newer was not seen, taken back for ten seconds.

import * as drafts from "./drafts.js";
import * as files from "./files.js";
import { ask, textOf } from "./http.js";
import { refreshSoon, step } from "./inbox.js";
import { turn } from "./modes.js";
import { offer, withdraw } from "./offers.js";
import * as queue from "./queue.js";
import { keyFor, settled } from "./submission.js";
import { catchUp, merge, openNumber, shownSeq } from "./thread.js";
import { toast } from "./toast.js";
import { word } from "./words.js";
import { content, focus, isEmpty, lock } from "./writing.js";

export const box = () => document.getElementById("composer");

export function complain(text) {
  const place = document.getElementById("composer-error");
  if (!place) return;
  place.textContent = text;
  box().querySelector("[data-composer=anyway]").hidden = true;
}

function fields(form, { how, snooze, isAnyway }) {
  const { mode } = form.dataset;
  const { text, html } = content(form);
  const found = { text, html, key: keyFor(form), seen: String(shownSeq()) };
  if (!html) delete found.html;
  for (const name of ["to", "cc", "bcc"]) if (!form.elements[name].disabled && mode !== "note") found[name] = form.elements[name].value;
  if (drafts.version(form)) found.draft = "1";
  const ids = files.all(form).map((file) => file.id);
  if (ids.length) found.files = ids.join(",");
  if (form.dataset.mentions && mode === "note") found.mentions = form.dataset.mentions;
  if (how === "close") found.close = "1";
  if (snooze) found.snooze = snooze;
  if (isAnyway && form.dataset.newest) found.anyway = form.dataset.newest;
  if (isAnyway && form.dataset.despite) found.despite = "1";
  return found;
}

/** Send what stands in the composer. how: "open", "close" or "note"; `snooze`: put off until then, in words. */
export async function send(form, { how, snooze = "", isAnyway = false }) {
  if (form.getAttribute("aria-busy") === "true") return;
  if (isEmpty(form) && form.dataset.mode !== "forward" && !files.all(form).length) return complain(word("empty"));
  complain("");
  form.setAttribute("aria-busy", "true");
  lock(form, true); // what is typed now would be neither sent nor kept
  const button = form.querySelector(`[data-send="${how}"]:not([hidden])`);
  button?.setAttribute("aria-busy", "true");
  try {
    await files.settled(form);
    if (files.areBad(form)) return complain(word("file_failed"));
    await drafts.pause(form);
    const item = { url: form.action, fields: fields(form, { how, snooze, isAnyway }), number: openNumber(), mode: form.dataset.mode, how: snooze ? "close" : how };
    queue.drop(item.number, item.mode);
    await post(item);
  } finally {
    form.removeAttribute("aria-busy");
    lock(form, false);
    button?.removeAttribute("aria-busy");
    // The editor loses the focus when it is locked, and is gone when its text was sent: the next answer is typed here.
    if (how === "open" && !snooze && form.isConnected && document.activeElement === document.body) focus(form);
  }
}

/** Post `item` and show what came of it; says whether the server could be asked. */
export async function post(item) {
  const isHere = () => item.number === openNumber() && box()?.dataset.mode === item.mode;
  const say = (text) => (isHere() ? complain(text) : toast(text, { isBad: true }));
  let response, html;
  try {
    response = await ask(item.url, { method: "POST", body: new Map(Object.entries(item.fields)), isPlain: true });
    html = await response.text();
  } catch {
    queue.put(item);
    say(word("queued"));
    return false;
  }
  const seq = response.headers.get("X-Majlis-Seq");
  if (response.ok && seq !== null) {
    queue.drop(item.number, item.mode);
    done(item, html, Number(seq));
    return true;
  }
  if (response.status > 501) {
    queue.put(item);
    say(word("queued"));
    return false;
  }
  queue.drop(item.number, item.mode);
  if (response.status === 401 || response.redirected) say(word("signed_out"));
  else if (!response.headers.has("X-Majlis-Refused")) say(word("failed"));
  else refused(item, response, html, say, isHere());
  return true;
}

function refused(item, response, html, say, isHere) {
  say(textOf(html) || word("act_failed"));
  if (response.status !== 409 || !isHere) return;
  const returned = response.headers.get("X-Majlis-Refused") === "comes_back";
  Object.assign(box().dataset, returned ? { despite: "1" } : { newest: response.headers.get("X-Majlis-Newest") ?? "" });
  const anyway = box().querySelector("[data-composer=anyway]");
  anyway.textContent = returned ? anyway.dataset.despite : anyway.dataset.newer;
  anyway.hidden = !returned && !box().dataset.newest;
  if (!returned) catchUp();
}

function done({ number, mode, how }, html, seq) {
  const isHere = number === openNumber();
  drafts.drop(number, mode);
  settled(number, mode);
  refreshSoon();
  if (mode === "note") toast(word("note_added"));
  else offer(html, number, takeBack);
  if (!isHere) return;
  const form = box();
  delete form.dataset.newest;
  delete form.dataset.despite;
  delete form.dataset.mentions;
  complain("");
  if (form.dataset.mode === mode) {
    files.set(form, mode);
    drafts.show(form, null);
    document.getElementById("composer-saved").textContent = "";
  }
  merge(html, seq);
  document.getElementById("thread-scroll").scrollTo({ top: 1e9 });
  if (mode !== "reply" && form.dataset.mode === mode) turn(form, "reply");
  if (how === "close" && mode === "reply") step(1);
}

/** Take a reply back that has not left: it is a draft again. */
export async function takeBack(url, number) {
  withdraw(url);
  const response = await ask(url, { method: "DELETE" }).catch(() => null);
  if (!response) return toast(word("failed"), { isBad: true });
  if (!response.ok) {
    toast(textOf(await response.text()) || word("too_late"), { isBad: true });
    return catchUp();
  }
  const { mode, draft, forwards } = await response.json();
  const form = box();
  if (form && Number(form.dataset.number) === number) {
    if (forwards) form.dataset.forwards = forwards;
    if (form.dataset.mode !== mode) turn(form, mode);
    drafts.returned(form, draft);
  }
  toast(word("undone"));
  catchUp();
}
