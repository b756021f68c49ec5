// What was typed and not sent, kept on this device per person, conversation and mode.

import { word } from "./words.js";

const WAIT_MS = 400;
const me = () => document.querySelector(".app")?.dataset.me ?? "";
const name = (number, mode) => `majlis-draft:${me()}:${number}:${mode}`;
let timer = null;

/** The text kept for a conversation, empty when there is none. */
export function kept(number, mode) {
  try {
    return localStorage.getItem(name(number, mode)) ?? "";
  } catch {
    return "";
  }
}

/** Keep `text`; an empty one is forgotten. Says whether the device took it. */
export function put(number, mode, text) {
  try {
    if (text) localStorage.setItem(name(number, mode), text);
    else localStorage.removeItem(name(number, mode));
    return true;
  } catch {
    return false;
  }
}

export function drop(number, mode) {
  clearTimeout(timer);
  put(number, mode, "");
}

/** Keep what stands in the composer now. */
export function keep(form) {
  clearTimeout(timer);
  const text = form.elements.text.value;
  const isKept = put(form.dataset.number, form.dataset.mode, text);
  document.getElementById("composer-saved").textContent = isKept && text ? word("saved") : "";
}

export function keepSoon(form) {
  clearTimeout(timer);
  timer = setTimeout(() => keep(form), WAIT_MS);
}

addEventListener("pagehide", () => {
  const form = document.getElementById("composer");
  if (form) keep(form);
});
