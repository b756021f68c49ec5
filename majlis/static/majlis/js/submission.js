// The name of a submission: kept until it succeeds, also over a reload, so that a second try is the same reply.

import * as files from "./files.js";
import { newKey } from "./http.js";
import { content } from "./writing.js";

const GOOD_FOR_MS = 60 * 60 * 1000;
const here = new Map(); // where the device keeps nothing

const place = (number, mode) => `majlis-try:${document.querySelector(".app")?.dataset.me ?? ""}:${number}:${mode}`;

function last(at) {
  try {
    return JSON.parse(localStorage.getItem(at) ?? "null") ?? here.get(at);
  } catch {
    return here.get(at);
  }
}

/** The key to post under: that of the last try of the same text and files, else a new one. */
export function keyFor(form) {
  const at = place(form.dataset.number, form.dataset.mode);
  const { text, html } = content(form);
  const what = JSON.stringify([text, html, form.action, ...files.all(form).map((file) => file.id)]);
  const before = last(at);
  if (before?.what === what && Date.now() - before.at < GOOD_FOR_MS) return before.key;
  const fresh = { what, key: newKey(), at: Date.now() };
  here.set(at, fresh);
  try {
    localStorage.setItem(at, JSON.stringify(fresh));
  } catch {
    // Kept for this page alone.
  }
  return fresh.key;
}

/** It arrived: the next one is another. */
export function settled(number, mode) {
  const at = place(number, mode);
  here.delete(at);
  try {
    localStorage.removeItem(at);
  } catch {
    // Nothing was kept.
  }
}
