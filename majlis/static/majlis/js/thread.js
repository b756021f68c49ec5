// The open conversation: catches up with what happened since its seq, without losing scroll, focus or open parts.

import { ask } from "./http.js";
import { subscribe } from "./live.js";

const pane = () => document.querySelector("#thread[data-number]");
const scroller = () => document.getElementById("thread-scroll");
const END_PX = 80;
const RETRY_MS = 3000;

/** The number of the open conversation, 0 when none is open. */
export const openNumber = () => Number(pane()?.dataset.number ?? 0);

/** The seq up to which the page shows the open conversation. */
export const shownSeq = () => Number(pane()?.dataset.seq ?? 0);

function isAtEnd() {
  const box = scroller();
  return !box || box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
}

function toEnd() {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
  const news = document.getElementById("thread-news");
  if (news) news.hidden = true;
}

function keepOpen(old, fresh) {
  const parts = fresh.querySelectorAll("details");
  old.querySelectorAll("details").forEach((part, index) => parts[index]?.toggleAttribute("open", part.open));
}

function swap(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  htmx.process(fresh);
  if (!active) return;
  const same = active.id ? `#${CSS.escape(active.id)}` : active.dataset.key ? `[data-key="${active.dataset.key}"]` : "";
  ((same && document.querySelector(same)) || scroller())?.focus({ preventScroll: true });
}

function place(fresh) {
  const old = document.getElementById(fresh.id);
  if ("removed" in fresh.dataset) return old?.remove();
  if (old) {
    if (Number(old.dataset.changed ?? 0) > Number(fresh.dataset.changed ?? 0)) return;
    keepOpen(old, fresh);
    return swap(old, fresh);
  }
  const list = document.getElementById("entries");
  const seq = Number(fresh.dataset.seq);
  const after = [...list.children].find((entry) => Number(entry.dataset.seq) > seq);
  list.insertBefore(fresh, after ?? null);
  htmx.process(fresh);
  return fresh;
}

// A menu in use is left alone; what came for its part of the page meanwhile is put there when it closes.
const waiting = new Map();

function renew(fresh) {
  const old = document.getElementById(fresh.id);
  for (const part of fresh.querySelectorAll("[data-kept]")) {
    const kept = old?.querySelector(`#${part.id}`); // what the page itself put there
    if (kept) part.replaceWith(kept.cloneNode(true));
  }
  waiting.delete(fresh.id);
  if (!old || old.outerHTML === fresh.outerHTML) return;
  if (old.querySelector("details[open]")) waiting.set(fresh.id, fresh);
  else swap(old, fresh);
}

/** Open the conversation at an address, as pressing its row does. */
export function goTo(url) {
  history.pushState({ htmx: true }, "", url);
  htmx.ajax("GET", url, { target: "#thread", swap: "outerHTML" });
}

/** Put a catch-up's fragment into the open thread; `seq` is where the answer stands. */
export function merge(html, seq) {
  const wasAtEnd = isAtEnd();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  let hasNews = false;
  const elsewhere = holder.content.querySelector("[data-elsewhere]")?.dataset.elsewhere;
  if (elsewhere) return goTo(elsewhere);
  // Lines were moved about, by merging or splitting: they all come anew.
  if (holder.content.querySelector("[data-anew]")) document.getElementById("entries").replaceChildren();
  for (const fresh of [...holder.content.children]) {
    if (fresh.dataset.seq) {
      const isNew = place(fresh) === fresh;
      hasNews = (isNew && "customer" in fresh.dataset) || hasNews;
      if (isNew && fresh.matches(".msg:not([data-undo], .msg--note)")) document.dispatchEvent(new CustomEvent("majlis:arrived", { detail: { entry: fresh } }));
    }
    else renew(fresh);
  }
  if (pane()) pane().dataset.seq = Math.max(shownSeq(), seq);
  if (wasAtEnd) toEnd();
  else if (hasNews) document.getElementById("thread-news").hidden = false;
}

let isRunning = false;
let isAsked = false;

/** Fetch and show whatever the open conversation has that the page has not. Never two at once. */
export async function catchUp() {
  isAsked = true;
  if (isRunning) return;
  isRunning = true;
  try {
    while (isAsked && pane()) {
      isAsked = false;
      const number = openNumber();
      const response = await ask(`${pane().dataset.entries}?since=${shownSeq()}`);
      // Its mailbox was taken away from this person: nothing of it stays on the screen.
      if (response.status === 404 && number === openNumber()) return location.assign("/");
      const seq = response.headers.get("X-Majlis-Seq");
      if (!response.ok || seq === null) break;
      const html = await response.text();
      if (number === openNumber()) merge(html, Number(seq));
    }
  } catch {
    setTimeout(catchUp, RETRY_MS);
  } finally {
    isRunning = false;
  }
}

// A mail may ask for the height of its window, which is the frame: fitting one to the other would go on for ever.
const FOLLOWS = 3;

function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  const height = () => Math.ceil(frame.contentDocument.body.getBoundingClientRect().height);
  let follows = 0;
  const grow = () => {
    const wasAtEnd = isAtEnd();
    const needed = height();
    const size = `${needed + 16}px`;
    if (frame.style.blockSize === size || follows === FOLLOWS) return;
    frame.style.blockSize = size;
    if (height() > needed) follows += 1;
    if (wasAtEnd) toEnd();
  };
  new ResizeObserver(grow).observe(frame.contentDocument.body);
  grow();
}

export function start() {
  document.addEventListener("load", (event) => event.target.matches?.("iframe.mailframe") && fit(event.target), true);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id !== "thread") return;
    waiting.clear();
    toEnd();
  });
  document.addEventListener("toggle", () => [...waiting.values()].forEach(renew), true);
  document.addEventListener("click", (event) => event.target.closest("#thread-news") && toEnd());
  document.querySelectorAll("iframe.mailframe").forEach(fit);
  toEnd();
  subscribe((message) => {
    const isOurs = message.type === "nudge" && Number(message.c) === openNumber() && !(message.s <= shownSeq());
    if (isOurs || message.type === "gap" || message.type === "reload") catchUp();
  });
}
