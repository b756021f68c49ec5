// Single keys, by their place on the keyboard (an Arabic layout types another letter there). An element names its key
// in data-key; a field is focused, anything else is clicked. People may turn them off.

import { step } from "./inbox.js";
import { close } from "./menus.js";
import { open } from "./palette.js";
import { undoLast } from "./telling.js";
import { openNumber } from "./thread.js";

const SWITCH = "majlis-keys";

function isOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

function back(event) {
  if (close()) return;
  if (isTyping(event.target)) return event.target.blur();
  const app = document.querySelector(".app");
  const current = document.getElementById(`open-${openNumber()}`);
  delete app.dataset.pane;
  current?.focus();
}

// g, then a letter: pages by their first letter.
const PLACES = { KeyI: "#folder-unassigned", KeyM: "#folder-mine", KeyC: '[data-go="customers"]', KeyS: '[data-go="settings"]' };
const PREFIX_MS = 1500;
let prefixAt = -PREFIX_MS;

function go(code) {
  const isPrefixed = performance.now() - prefixAt < PREFIX_MS;
  prefixAt = code === "KeyG" ? performance.now() : -PREFIX_MS;
  if (isPrefixed) document.querySelector(PLACES[code])?.click();
  return isPrefixed || code === "KeyG";
}

function press(code) {
  const target = document.querySelector(`[data-key="${code}"]`);
  if (!target) return false;
  if (isTyping(target)) target.focus();
  else target.click();
  const menu = target.closest("details[open]");
  if (menu && target.tagName === "SUMMARY") menu.querySelector(".pop :is(input, button:not([disabled]))")?.focus();
  return true;
}

function onKey(event) {
  if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.code === "Escape") return back(event);
  if (event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping(event.target)) {
    if (undoLast()) event.preventDefault();
    return;
  }
  if (event.code === "KeyK" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    return open();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !isOn()) return;
  if (event.code === "Slash" && event.shiftKey) document.getElementById("keys")?.showModal();
  else if (event.shiftKey) return;
  else if (go(event.code)) return event.preventDefault();
  else if (event.code === "KeyJ") step(1);
  else if (event.code === "KeyK") step(-1);
  else if (!press(event.code)) return;
  event.preventDefault();
}

export function start() {
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(SWITCH, box.checked ? "on" : "off");
      } catch {
        box.checked = true;
      }
    });
  }
  document.addEventListener("keydown", onKey);
}
