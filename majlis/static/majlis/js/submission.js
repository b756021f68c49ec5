// The name of a submission: kept until it succeeds, also over a reload, so that a second try is the same reply.

import { newKey } from "./http.js";

const GOOD_FOR_MS = 60 * 60 * 1000;
const here = new Map(); // where the device keeps nothing

const name = (form) =>
  `majlis-try:${document.querySelector(".app")?.dataset.me ?? ""}:${form.dataset.number}:${form.dataset.mode}`;

function last(form) {
  try {
    return JSON.parse(localStorage.getItem(name(form)) ?? "null") ?? here.get(name(form));
  } catch {
    return here.get(name(form));
  }
}

/** The key to post under: that of the last try of the same text and files, else a new one. */
export function keyFor(form) {
  const files = form.dataset.mode === "note" ? [] : [...form.elements.files.files];
  const what = JSON.stringify([form.elements.text.value, ...files.map((file) => [file.name, file.size])]);
  const before = last(form);
  if (before?.what === what && Date.now() - before.at < GOOD_FOR_MS) return before.key;
  const fresh = { what, key: newKey(), at: Date.now() };
  here.set(name(form), fresh);
  try {
    localStorage.setItem(name(form), JSON.stringify(fresh));
  } catch {
    // Kept for this page alone.
  }
  return fresh.key;
}

/** It arrived: the next one is another. */
export function settled(form) {
  here.delete(name(form));
  try {
    localStorage.removeItem(name(form));
  } catch {
    // Nothing was kept.
  }
}
