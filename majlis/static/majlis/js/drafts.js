// Drafts: kept on this device at every stroke, saved on the server a moment later, never over a newer one.

import * as files from "./files.js";
import { ask } from "./http.js";
import { place, read, store } from "./kept.js";
import { word } from "./words.js";
import { content, put as write } from "./writing.js";

const KEEP_MS = 400;
const SAVE_MS = 1200;
const known = new Map(); // place -> the draft as the server has it
const touched = new Map(); // place -> when it was last saved or sent from here
const FRESH_MS = 10_000;
const waiting = new Map(); // place -> what is to be saved
let keeping = null;
let saving = null;
let chain = Promise.resolve();
let newer = null; // a newer draft of another window, offered

const say = (key) => {
  const label = document.getElementById("composer-saved");
  if (label) label.textContent = key ? word(key) : "";
};
const people = (form) => Object.fromEntries(["to", "cc", "bcc"].flatMap((name) => (form.elements[name].disabled ? [] : [[name, form.elements[name].value]])));
const isNothing = (draft) => !draft.text?.trim() && !draft.html && !draft.to && !draft.cc && !draft.bcc;
const here = (form) => place(form.dataset.number, form.dataset.mode);

/** Keep what stands in the composer now, here and soon on the server. */
export function keep(form) {
  clearTimeout(keeping);
  const at = here(form);
  const draft = { ...content(form), ...people(form), version: version(form), isDirty: true };
  const before = read(at);
  if (isNothing(draft) && !before && !draft.version) return;
  if (before && !before.isDirty && before.text === draft.text && before.html === draft.html && !draft.to && !draft.cc && !draft.bcc) return;
  const isKept = store(at, isNothing(draft) && !draft.version ? null : draft);
  say(isKept && !isNothing(draft) ? "saved" : "");
  waiting.set(at, { url: `${form.dataset.drafts}${form.dataset.mode}`, draft });
  clearTimeout(saving);
  saving = setTimeout(saveAll, SAVE_MS);
}

export function keepSoon(form) {
  clearTimeout(keeping);
  keeping = setTimeout(() => keep(form), KEEP_MS);
}

function saveAll() {
  const now = [...waiting];
  waiting.clear();
  for (const [at, what] of now) chain = chain.then(() => save(at, what)).catch(() => {});
  return chain;
}

async function save(at, { url, draft }) {
  const { isDirty, version: seen, ...fields } = draft;
  const over = known.get(at)?.version ?? seen ?? 0;
  if (isNothing(draft) && !over) return store(at, null);
  const body = new Map(Object.entries({ ...fields, version: String(over) }));
  const response = await ask(url, { method: "POST", body, isPlain: true }).catch(() => null);
  if (response?.ok) {
    const saved = (await response.json()).version;
    known.set(at, { ...fields, version: saved });
    touched.set(at, performance.now());
    const now = read(at);
    const isSame = now?.text === draft.text && now?.html === draft.html;
    if (now) store(at, isNothing(draft) ? null : { ...now, version: saved, isDirty: !isSame });
    if (isSame && !isNothing(draft)) say("saved_there");
  } else if (!response) waiting.has(at) || waiting.set(at, { url, draft });
  else if (response.status === 409) offer(at, url, draft, await response.json());
  else if (response.status === 410) {
    known.delete(at);
    if (!isNothing(draft)) await save(at, { url, draft: { ...draft, version: 0 } });
  }
}

function offer(at, url, draft, found) {
  known.set(at, found);
  if (isNothing(found) || (found.text === draft.text && found.html === draft.html)) return save(at, { url, draft });
  newer = { at, found };
  const form = document.getElementById("composer");
  if (form && here(form) === at) document.getElementById("composer-offer").hidden = false;
}

/** What the person chose of two drafts: the newer one of the other window, or the one that stands here. */
export function choose(form, isTaken) {
  document.getElementById("composer-offer").hidden = true;
  if (isTaken && newer?.at === here(form)) show(form, newer.found);
  else keep(form);
  newer = null;
}

/** Show a draft of the server's in the composer. */
export function show(form, draft) {
  const at = here(form);
  if (draft) known.set(at, draft);
  else known.delete(at);
  form.dispatchEvent(new CustomEvent("majlis:people", { bubbles: true, detail: draft ?? {} }));
  write(form, draft ?? {});
  files.show(form);
  store(at, draft && !isNothing(draft) ? { text: draft.text, html: draft.html, version: draft.version, isDirty: false } : null);
}

// What the server does not have yet: it stays to be saved over `there`, the draft as the server has it.
function showUnsaved(form, mine, there) {
  const at = here(form);
  show(form, { ...mine, version: there?.version ?? 0 });
  if (there) known.set(at, there);
  else known.delete(at);
  store(at, { ...mine, isDirty: true });
}

/** Learn what the page knows of the drafts of its conversation. */
export function learn(form) {
  const found = JSON.parse(document.getElementById("composer-drafts").textContent || "{}");
  for (const mode of ["reply", "note", "forward"]) {
    const at = place(form.dataset.number, mode);
    // The page may have been made before what was just saved or sent here.
    if (performance.now() - (touched.get(at) ?? -FRESH_MS) < FRESH_MS) continue;
    files.set(form, mode, found[mode]?.files);
    if (found[mode]) known.set(at, found[mode]);
    else known.delete(at);
  }
}

/** Begin with what was written before: the server's draft, or what only this device has. */
export function begin(form) {
  const at = here(form);
  const there = known.get(at);
  const local = read(at);
  document.getElementById("composer-offer").hidden = true;
  say("");
  if (!local?.isDirty || (local.text === there?.text && local.html === there?.html)) return show(form, there);
  const isOld = there && there.version > (local.version ?? 0) && !isNothing(there);
  showUnsaved(form, local, there);
  if (isOld) offer(at, "", local, there);
  else keep(form);
}

/** The draft's version on the server, 0 when there is none. */
export const version = (form) => known.get(here(form))?.version ?? 0;

/** The server made a draft to hold a file. */
export function began(form, found) {
  if (!version(form)) known.set(here(form), { text: "", html: "", version: found });
}

/** A reply was taken back: it is the draft again, with what was begun here meanwhile below it. */
export function returned(form, draft) {
  const mine = content(form);
  files.set(form, form.dataset.mode, draft?.files);
  const isSaved = !mine.text.trim() || draft?.text.endsWith(mine.text);
  if (isSaved) return show(form, draft);
  showUnsaved(form, { ...draft, html: "", text: `${draft.text}\n\n${mine.text}` }, draft);
  keep(form);
}

/** Wait for what is on its way, and save no more of this: it is about to be sent. */
export function pause(form) {
  clearTimeout(keeping);
  waiting.delete(here(form));
  return chain;
}

/** It was sent: nothing of it stays. */
export function drop(number, mode) {
  const at = place(number, mode);
  clearTimeout(keeping);
  waiting.delete(at);
  known.delete(at);
  touched.set(at, performance.now());
  store(at, null);
}

addEventListener("pagehide", () => {
  const form = document.getElementById("composer");
  if (form) keep(form);
});
addEventListener("online", saveAll);
