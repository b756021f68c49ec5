// The composer: reply or note, sent once however often it is tried, undone for ten seconds, drafts kept on the device.

import * as drafts from "./drafts.js";
import * as files from "./files.js";
import { ask, textOf } from "./http.js";
import { refreshSoon, step } from "./inbox.js";
import { turn } from "./modes.js";
import { keyFor, settled } from "./submission.js";
import { catchUp, merge, openNumber, shownSeq } from "./thread.js";
import { toast } from "./toast.js";
import { counted, word } from "./words.js";

// The toasts that offer to take a reply back, by its address: it can be taken back in the thread too.
const offers = new Map();

const box = () => document.getElementById("composer");

function complain(text) {
  document.getElementById("composer-error").textContent = text;
}

function begin(form) {
  if (!form) return;
  form.elements.text.value ||= drafts.kept(form.dataset.number, form.dataset.mode);
  turn(form, form.dataset.mode);
}

async function undo(url, number) {
  offers.get(url)?.();
  offers.delete(url);
  const response = await ask(url, { method: "DELETE" }).catch(() => null);
  if (!response) return toast(word("failed"), { isBad: true });
  if (!response.ok) {
    toast(textOf(await response.text()) || word("too_late"), { isBad: true });
    return catchUp();
  }
  const { text } = await response.json();
  const form = box();
  if (form && Number(form.dataset.number) === number) {
    turn(form, "reply");
    const rest = form.elements.text.value.trim();
    form.elements.text.value = rest ? `${text}\n\n${rest}` : text;
    drafts.keep(form);
    form.elements.text.focus();
  } else drafts.put(number, "reply", text);
  toast(word("undone"));
  catchUp();
}

function offerUndo(html, number) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const sent = [...holder.content.querySelectorAll("[data-undo]")].at(-1);
  const seconds = Number(sent?.dataset.seconds ?? 0);
  if (seconds < 1) return;
  const said = (left) => counted("soon", left);
  const url = sent.dataset.undo;
  offers.set(url, toast(said(seconds), { seconds, said, action: word("undo"), run: () => undo(url, number) }));
}

function filled(form, hasFiles) {
  const body = new FormData(form);
  if (!hasFiles) body.delete("files");
  return body;
}

async function send(form, how) {
  if (form.getAttribute("aria-busy") === "true") return;
  const isNote = form.dataset.mode === "note";
  if (!form.elements.text.value.trim() && (isNote || !form.elements.files.files.length)) return complain(word("empty"));
  complain("");
  form.elements.key.value = keyFor(form);
  form.elements.seen.value = shownSeq();
  const hasFiles = !isNote && form.elements.files.files.length > 0;
  const body = filled(form, hasFiles);
  if (how === "close") body.set("close", "1");
  const number = openNumber();
  form.setAttribute("aria-busy", "true");
  form.elements.text.readOnly = true; // what is typed now would be neither sent nor kept
  const button = form.querySelector(`[data-send="${isNote ? "note" : how}"]`);
  button?.setAttribute("aria-busy", "true");
  try {
    const response = await ask(form.action, { method: "POST", body, isPlain: !hasFiles });
    const html = await response.text();
    const seq = response.headers.get("X-Majlis-Seq");
    if (response.status === 401) complain(word("signed_out"));
    else if (response.status >= 400 && response.status < 500) {
      complain(textOf(html) || word("act_failed"));
      if (response.status === 409) catchUp();
    } else if (!response.ok || seq === null) complain(response.redirected ? word("signed_out") : word("failed"));
    else sent(form, html, { number, seq: Number(seq), isNote, isClosing: how === "close" });
  } catch {
    complain(word("failed"));
  } finally {
    form.removeAttribute("aria-busy");
    form.elements.text.readOnly = false;
    button?.removeAttribute("aria-busy");
  }
}

function sent(form, html, { number, seq, isNote, isClosing }) {
  drafts.drop(number, form.dataset.mode);
  settled(form);
  form.elements.text.value = "";
  refreshSoon();
  if (isNote) toast(word("note_added"));
  else offerUndo(html, number);
  if (number !== openNumber()) return;
  files.clear(form);
  document.getElementById("composer-saved").textContent = "";
  merge(html, seq);
  document.getElementById("thread-scroll").scrollTo({ top: 1e9 });
  if (isNote) turn(form, "reply");
  if (isClosing) step(1);
}

export function start() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "composer") return;
    event.preventDefault();
    send(event.target, event.submitter?.dataset.send ?? "open");
  });
  document.addEventListener("click", (event) => {
    const mode = event.target.closest("[data-mode-button]")?.dataset.modeButton;
    if (mode) {
      turn(box(), mode);
      box().elements.text.focus();
    }
    const entry = event.target.closest("[data-undo-button]")?.closest("[data-undo]");
    if (entry) undo(entry.dataset.undo, openNumber());
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest("#composer") || !(event.ctrlKey || event.metaKey) || !/Enter$/.test(event.code)) return;
    event.preventDefault();
    const how = box().dataset.mode === "note" ? "note" : event.shiftKey ? "open" : "close";
    box().requestSubmit(box().querySelector(`[data-send="${how}"]`));
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("#composer [name=text]")) return;
    complain("");
    drafts.keepSoon(box());
  });
  document.addEventListener("htmx:load", (event) => event.detail.elt.id === "thread" && begin(box()));
  files.start();
  begin(box());
}
