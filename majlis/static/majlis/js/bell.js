// The bell: how much is unread stands beside it and before the page's title, in every tab; the rest is loaded when
// something comes or the bell is pressed.

import { ask } from "./http.js";
import { subscribe } from "./live.js";
import { counted, shaped } from "./words.js";

const MOST = 99;
const PACE_MS = 1000;
const SEEN = "majlis-seen";
const MARK = /^\(\S+\) /;
const isSeen = () => document.visibilityState === "visible";
const panel = () => document.getElementById("notices");
const more = () => import("./notices.js").then((part) => part.given(read, SEEN));

let unread = 0;
let since = null; // the newest notice this page knows of
let isRunning = false;
let isAsked = false;

const number = () => (unread > MOST ? `${shaped(MOST)}+` : shaped(unread));

function entitle() {
  const plain = document.title.replace(MARK, "");
  const title = unread ? `(${number()}) ${plain}` : plain;
  if (document.title !== title) document.title = title;
}

/** So many are unread. */
export function show(count) {
  unread = count;
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.toggleAttribute("data-unread", count > 0);
    bell.querySelector(".bell__said").textContent = count ? counted("unread", Math.min(count, MOST)) : "";
    const shown = bell.querySelector(".bell__count");
    if (shown) shown.textContent = count ? number() : "";
  }
  entitle();
}

/** Say that these were read (fields: notice or conversation; none for all of them). */
export async function read(fields = {}) {
  const response = await ask(panel().dataset.readings, { method: "POST", body: new URLSearchParams(fields), isPlain: true }).catch(() => null);
  if (response?.ok && !response.redirected) show((await response.json()).count);
}

// At most once a second, however often it is called.
async function look() {
  isAsked = true;
  if (isRunning) return;
  isRunning = true;
  while (isAsked) {
    isAsked = false;
    const pause = new Promise((done) => setTimeout(done, PACE_MS));
    const response = await ask(panel().dataset.news + (since === null ? "" : `?since=${since}`)).catch(() => null);
    if (!response?.ok || response.redirected) break;
    const told = await response.json();
    since = Math.max(since ?? 0, told.newest);
    show(told.count);
    if (told.news.length) more().then(({ tell }) => tell(told.news, told.quiet));
    await pause;
  }
  isRunning = false;
}

// A page that is seen holds this lock, shared with others that are: those that are not leave the telling to them.
let leave = null;
function beSeen() {
  leave?.();
  leave = null;
  if (!isSeen()) return;
  // By the time it is given another call may hold it, or nobody may look any more.
  navigator.locks?.request(SEEN, { mode: "shared" }, () => (leave || !isSeen() ? null : new Promise((done) => (leave = done))));
}

const isPlace = () => /^#(entry|event)-\d+$/.test(location.hash);
const land = () => isPlace() && import("./landing.js").then((landing) => landing.land());

export function start() {
  if (!panel()) return;
  look();
  land();
  beSeen();
  document.addEventListener("visibilitychange", beSeen);
  addEventListener("hashchange", land);
  document.addEventListener("htmx:load", (event) => event.detail.elt.id === "thread" && land());
  document.addEventListener("click", ({ target }) => target.closest("[data-bell]") && more().then(({ open }) => open()));
  // Whoever changes the title (a conversation that is opened brings its own) changes it under the count.
  new MutationObserver(entitle).observe(document.head, { childList: true, subtree: true, characterData: true });
  if (document.querySelector("meta[name=majlis-live]")) subscribe(({ type }) => ["notice", "gap", "reload"].includes(type) && look());
}
