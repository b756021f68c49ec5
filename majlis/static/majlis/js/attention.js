// Stretches of attention: a conversation is open, the page in focus, and somebody used it within the last minute.

import { newKey } from "./http.js";
import { openNumber } from "./thread.js";

const IDLE_MS = 60_000;
const SHORTEST_MS = 1_000; // passing by is no attention
const PACE_MS = 1_000;
const MOST = 20;
// Not "scroll": the page scrolls by itself when something arrives.
const USES = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];

let current = null; // {key, number, startedAt}
let ended = []; // those whose end the server has not heard of
let usedAt = 0;

const isInFocus = () => document.visibilityState === "visible" && document.hasFocus();

/** Begin and end stretches as things stand now. */
export function look() {
  const now = Date.now();
  const idleAt = usedAt + IDLE_MS;
  const number = isInFocus() ? openNumber() : 0;
  if (current && (current.number !== number || now >= idleAt)) {
    const endedAt = Math.min(now, idleAt);
    if (endedAt - current.startedAt >= SHORTEST_MS) ended = [...ended, { ...current, endedAt }].slice(-MOST + 1);
    current = null;
  }
  if (!current && number && now < idleAt) current = { key: newKey(), number, startedAt: now };
}

/** What the server has not heard of yet, as it takes it: key, conversation, began and ended so many ms ago. */
export function untold() {
  look();
  const now = Date.now();
  const lasting = current && now - current.startedAt >= SHORTEST_MS ? [{ ...current, endedAt: now }] : [];
  return [...ended, ...lasting].map((one) => [one.key, one.number, now - one.startedAt, now - one.endedAt]);
}

/** The server has heard of these. */
export function told(stretches) {
  const keys = new Set(stretches.map(([key]) => key));
  ended = ended.filter((one) => !keys.has(one.key) || one.key === current?.key);
}

function used(event) {
  if (!event.isTrusted || (event.type === "pointermove" && !event.movementX && !event.movementY)) return;
  if (current && Date.now() - usedAt < PACE_MS) return;
  look(); // a stretch that was idle for too long ends where it was, not here
  usedAt = Date.now();
  look();
}

export function start() {
  usedAt = Date.now();
  look();
  for (const name of USES) document.addEventListener(name, used, { capture: true, passive: true });
  addEventListener("focus", look);
  addEventListener("blur", look);
}
