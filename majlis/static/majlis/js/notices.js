// What is done when a notice comes, and the panel that lists them. Loaded by bell.js, which hands over its `read`: two
// modules that import each other have no names that follow from their content.

import { ask } from "./http.js";
import { go } from "./landing.js";
import { close as closeMenus } from "./menus.js";
import { chime } from "./sound.js";
import { openNumber } from "./thread.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const TOAST_SECONDS = 8;
const TURN_MS = 400; // a tab that is seen goes first (there are no locks on plain http)
const LAST = "majlis-notice"; // the newest notice that any tab of this browser made heard
const panel = () => document.getElementById("notices");
const body = () => document.getElementById("notices-body");
const isSeen = () => document.visibilityState === "visible";
let read = null;
let seenLock = "";
const unseen = new Set(); // conversations that had a notice while this page was not seen

/** The rest of this module, once it knows how to say that something was read, and which lock pages hold that are seen. */
export function given(reading, lock) {
  read = reading;
  seenLock = lock;
  return { tell, open };
}

/** Of all tabs of this browser one makes a notice heard. */
function isFirst(id) {
  try {
    if (localStorage.getItem(LAST) === String(id)) return false;
    localStorage.setItem(LAST, id);
  } catch {
    // Without storage every tab does.
  }
  return true;
}

async function isSeenElsewhere() {
  const locks = await navigator.locks?.query();
  return Boolean(locks?.held.some((lock) => lock.name === seenLock));
}

async function isPushed() {
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => null);
  return Boolean(await worker?.pushManager?.getSubscription().catch(() => null));
}

// The system's own way of telling, while nobody looks at the page and nothing is pushed to this browser.
async function announce(notice) {
  if (!("Notification" in window) || Notification.permission !== "granted" || (await isPushed())) return;
  try {
    const { lang, dir } = document.documentElement;
    const shown = new Notification(notice.title, { body: notice.text, lang, dir, icon: panel().dataset.icon, tag: `majlis-${notice.number ?? notice.path}` });
    shown.onclick = () => {
      shown.close();
      window.focus();
      follow(notice);
    };
  } catch {
    // Android shows notifications from service workers only.
  }
}

async function follow({ id, path }) {
  await read({ notice: id });
  go(path);
}

function show(notice) {
  const [subject] = notice.text.split("\n");
  const text = `${notice.title} — \u2068${subject}\u2069`;
  toast(text, { action: word("show"), run: () => follow(notice), seconds: TOAST_SECONDS });
}

/** These came just now; `isQuiet` in the reader's quiet hours. */
async function tell(news, isQuiet) {
  if (panel().open) fill();
  const here = news.filter((notice) => notice.number === openNumber());
  const others = news.filter((notice) => !here.includes(notice));
  if (!isSeen()) {
    for (const notice of news) unseen.add(notice.number);
    await new Promise((done) => setTimeout(done, TURN_MS));
    if (await isSeenElsewhere()) return;
  } else if (here.length) read({ conversation: openNumber() });
  // What nobody has taken appears in the list by itself, where there is one.
  const untold = document.getElementById("list") ? others.filter(({ kind }) => kind !== "new") : others;
  if (isSeen()) untold.forEach(show);
  const loud = isSeen() ? others : news;
  // Also what is read before one's eyes counts as heard: no other tab need say it.
  if (!isFirst(news.at(-1).id) || isQuiet || !loud.length) return;
  chime();
  if (!isSeen()) loud.forEach(announce);
}

async function fill() {
  const response = await ask(panel().dataset.from).catch(() => null);
  if (!response?.ok || response.redirected) return (body().textContent = word("act_failed"));
  body().innerHTML = await response.text();
  document.getElementById("notices-read").hidden = !body().querySelector(".notice--new");
}

/** Open the panel with what there is now. */
async function open() {
  if (document.querySelector("dialog[open]")) return;
  closeMenus();
  await fill();
  if (!panel().open) panel().showModal();
}

panel().addEventListener("click", (event) => {
  const { target } = event;
  const link = target.closest("a[data-notice]");
  if (target === panel() || target.closest("#notices-close")) panel().close();
  else if (target.closest("#notices-read")) read().then(fill).then(() => document.getElementById("notices-close").focus());
  else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    panel().close();
    follow({ id: link.dataset.notice, path: link.getAttribute("href") });
  }
});
document.addEventListener("visibilitychange", () => {
  if (isSeen() && unseen.delete(openNumber())) read({ conversation: openNumber() });
});
