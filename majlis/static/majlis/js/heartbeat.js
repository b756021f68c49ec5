// What this tab says of its person: which conversation is before them, whether they write, what they attended to.

import { look, told, untold } from "./attention.js";
import { ask, newKey, token } from "./http.js";
import { subscribe } from "./live.js";
import { know } from "./presence.js";
import { openNumber } from "./thread.js";
import { checkTyping, typing } from "./typing.js";

const BEAT_MS = 30_000;
const SETTLE_MS = 150; // who only passes by a conversation was not there
const PACE_MS = 3_000; // between two messages about typing
const TICK_MS = 5_000;

const tab = newKey();
const url = () => document.getElementById("presence-face")?.dataset.url;
let said = { number: 0, doing: "read" };
let beat = 0;
let saidAt = 0;
let timer = null;

function now() {
  const isThere = document.visibilityState === "visible" && document.getElementById("thread")?.checkVisibility();
  const number = isThere ? openNumber() : 0;
  return { number, doing: (number && typing()) || "read" };
}

function fields(state, stretches) {
  beat = Math.max(beat + 1, Date.now());
  said = state;
  saidAt = Date.now();
  clearTimeout(timer);
  timer = null;
  const attention = stretches.length ? { attention: JSON.stringify(stretches) } : {};
  return new URLSearchParams({ tab, beat, number: state.number, doing: state.doing, ...attention });
}

async function say() {
  const stretches = untold();
  try {
    const response = await ask(url(), { method: "POST", body: fields(now(), stretches), isPlain: true });
    if (!response.ok || response.redirected) return;
    told(stretches);
    know(await response.json());
  } catch {
    // No network: what was attended to is said with the next beat.
  }
}

// The answer would find nobody. A form's field carries the token: a beacon has no headers of its own.
function sayGoodbye() {
  const stretches = untold();
  if (!said.number && !stretches.length) return;
  const body = fields({ number: 0, doing: "read" }, stretches);
  body.set("bye", "1");
  body.set("csrfmiddlewaretoken", token());
  if (navigator.sendBeacon(url(), body)) told(stretches);
}

/** Say what changed, soon; and that nothing did, when it was not said for half a minute. */
function follow() {
  if (timer !== null || document.visibilityState !== "visible") return;
  const { number, doing } = now();
  const since = Date.now() - saidAt;
  if (number !== said.number) timer = setTimeout(say, SETTLE_MS);
  else if (doing !== said.doing) timer = setTimeout(say, Math.max(0, PACE_MS - since));
  else if (number && since >= BEAT_MS - TICK_MS / 2) say();
}

// A new page, or one that may have missed something, says where it is and hears who else is where.
let renewal = null;

async function renew() {
  renewal = null;
  if (now().number) return say();
  const response = await ask(url()).catch(() => null);
  if (response?.ok && !response.redirected) know(await response.json());
}

function renewSoon() {
  clearTimeout(renewal);
  renewal = setTimeout(renew, SETTLE_MS);
}

export function start() {
  if (!url()) return;
  renewSoon();
  subscribe((message) => ["gap", "reload"].includes(message.type) && renewSoon());
  document.addEventListener("majlis:typing", follow);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id !== "thread") return;
    look();
    follow();
  });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? follow() : sayGoodbye()));
  addEventListener("pagehide", sayGoodbye);
  addEventListener("pageshow", (event) => event.persisted && renewSoon());
  setInterval(() => {
    look();
    checkTyping();
    follow();
  }, TICK_MS);
}
