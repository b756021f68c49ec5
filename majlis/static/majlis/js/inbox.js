// The list: follows live news at most once a second, and never moves under the pointer or the focus.

import { ask } from "./http.js";
import { subscribe } from "./live.js";
import { openNumber } from "./thread.js";
import { counted } from "./words.js";

const PACE_MS = 1000;
const SETTLE_MS = 300;
const ROOM_MS = 150; // what is new in the open conversation is asked for first, and not at the same time
const list = () => document.getElementById("list");
const rows = () => [...document.querySelectorAll("#rows > li[data-number]")];

let held = null; // a fresh list that waits until pointer and focus have left
let isPointerIn = false;
let timer = null;
let lastAt = -PACE_MS;
let isStale = false; // news came while nobody saw this page

// A row that is being opened stays, too: what comes for its conversation is put in place from where it was asked.
const isInUse = () =>
  isPointerIn || Boolean(document.querySelector("#list .htmx-request")) || document.getElementById("list-body")?.scrollTop > 40 || Boolean(document.querySelector("#list-body :focus-visible, #search:focus-within, #search-chips details[open]"));

function mark() {
  for (const row of rows()) {
    const link = row.querySelector("a");
    const isOpen = Number(row.dataset.number) === openNumber();
    link.toggleAttribute("aria-current", isOpen);
    if (isOpen) {
      link.setAttribute("aria-current", "true");
      link.classList.remove("crow--new");
      link.querySelector(".crow__unread")?.remove();
    }
  }
  document.dispatchEvent(new Event("majlis:rows"));
}

function put(fresh) {
  held = null;
  if (fresh.dataset.url !== list().dataset.url) return; // meanwhile another list was asked for
  const active = list().contains(document.activeElement) ? document.activeElement.id : "";
  const top = document.getElementById("list-body").scrollTop;
  const typed = document.getElementById("search-q");
  const field = fresh.querySelector("#search-q");
  if (typed && field && typed.value !== typed.defaultValue) field.value = typed.value;
  list().replaceWith(fresh);
  htmx.process(fresh);
  mark();
  document.getElementById("list-body").scrollTop = top;
  if (active) document.getElementById(active)?.focus({ preventScroll: true });
}

// What one is about to begin changes by one's own act alone: it follows at once.
function begun(fresh) {
  list().querySelector(".begun")?.remove();
  const now = fresh.querySelector(".begun")?.cloneNode(true);
  list().querySelector(".empty")?.toggleAttribute("hidden", Boolean(now));
  if (!now) return;
  document.getElementById("rows").before(now);
  htmx.process(now);
}

// While the list is in use only the rows that stand still are brought up to date; the pill tells of the rest.
function hold(fresh) {
  held = fresh;
  const coming = new Map([...fresh.querySelectorAll("#rows > li[data-number]")].map((row) => [row.dataset.number, row]));
  const here = new Map(rows().map((row) => [row.dataset.number, row]));
  for (const [number, row] of here) {
    const next = coming.get(number);
    const link = row.querySelector("a");
    if (!next) link.classList.add("crow--gone");
    else if (next.dataset.seq !== row.dataset.seq) {
      row.dataset.seq = next.dataset.seq;
      link.className = next.querySelector("a").className;
      link.innerHTML = next.querySelector("a").innerHTML;
    }
  }
  begun(fresh);
  mark();
  const count = [...coming.keys()].filter((number) => !here.has(number)).length;
  const pill = document.getElementById("list-pill");
  pill.textContent = counted("fresh", count);
  pill.hidden = count === 0;
}

async function refresh() {
  timer = null;
  isStale = document.visibilityState === "hidden";
  if (isStale || !list()) return;
  lastAt = performance.now();
  const url = list().dataset.url;
  const response = await ask(url).catch(() => null);
  if (!response?.ok || response.redirected || list()?.dataset.url !== url) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const counts = page.getElementById("nav-folders");
  const fresh = page.getElementById("list");
  if (counts && !document.getElementById("nav-folders").contains(document.activeElement)) {
    counts.removeAttribute("hx-swap-oob");
    document.getElementById("nav-folders").replaceWith(document.adoptNode(counts));
  }
  if (!fresh) return;
  if (isInUse()) hold(document.adoptNode(fresh));
  else put(document.adoptNode(fresh));
}

/** Bring the list up to date after `wait` ms, at most once a second however often it is asked; in sight only. */
export function refreshSoon(wait = 0) {
  if (timer === null) timer = setTimeout(refresh, Math.max(wait, lastAt + PACE_MS - performance.now()));
}

/** Move the focus `by` rows from where it is, or from the open conversation. */
export function step(by) {
  const links = rows().map((row) => row.querySelector("a"));
  const at = links.findIndex((link) => link === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, from + by))]?.focus();
}

const releaseSoon = () => setTimeout(() => held && !isInUse() && put(held), SETTLE_MS);

export function start() {
  if (!list()) return;
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const wasIn = isPointerIn;
    isPointerIn = Boolean(event.target.closest?.("#list-body"));
    if (wasIn && !isPointerIn) releaseSoon();
  });
  document.documentElement.addEventListener("pointerleave", () => {
    isPointerIn = false;
    releaseSoon();
  });
  for (const name of ["focusout", "htmx:afterRequest"]) document.addEventListener(name, (event) => event.target.closest?.("#list") && releaseSoon());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#list-pill") || !held) return;
    put(held);
    document.getElementById("list-body").scrollTop = 0;
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id === "list") {
      held = null;
      mark();
    }
    if (event.detail.elt.id !== "thread") return;
    document.querySelector(".app").dataset.pane = "thread";
    mark();
    refreshSoon();
  });
  document.addEventListener("visibilitychange", () => isStale && refreshSoon());
  subscribe((message) => ["nudge", "gap", "reload"].includes(message.type) && refreshSoon(ROOM_MS));
}
