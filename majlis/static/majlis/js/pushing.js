// The service worker of this browser, and its subscription to pushes: renewed while it is wanted, ended at signing out.

import { ask } from "./http.js";

const MARK = "majlis-push"; // teammate and session this browser is subscribed for
const PATH = "/push/subscription";
const PATIENCE_MS = 1_500;

const me = () => document.querySelector(".app")?.dataset.me ?? "";
const session = () => document.querySelector('meta[name="majlis-session-tag"]')?.content ?? "";

function mark(value) {
  try {
    if (value === undefined) return localStorage.getItem(MARK) ?? "";
    if (value) localStorage.setItem(MARK, value);
    else localStorage.removeItem(MARK);
  } catch {
    // Without storage it is asked for on each page.
  }
  return "";
}

const registered = () => navigator.serviceWorker.register("/sw.js");
const packed = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Claims that this browser can be pushed to at all. */
export const isAble = () => isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The subscription that this person turned on here, or null. */
export async function current() {
  if (!mark().startsWith(`${me()}:`)) return null;
  return (await registered()).pushManager.getSubscription();
}

/** Subscribe, and tell the desk. Throws what the browser says; returns the desk's answer. */
export async function turnOn() {
  const { key } = await (await ask(PATH)).json();
  const manager = (await registered(), await navigator.serviceWorker.ready).pushManager;
  let found = await manager.getSubscription();
  if (found && packed(found.options.applicationServerKey) !== key) {
    await found.unsubscribe(); // the desk has another key by now
    found = null;
  }
  found ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = found.toJSON();
  const body = new URLSearchParams({ endpoint, key: keys.p256dh, auth: keys.auth });
  const response = await ask(PATH, { method: "POST", body, isPlain: true });
  if (response.ok) mark(`${me()}:${session()}`);
  return response;
}

/** Give the subscription up, here and on the desk. */
export async function turnOff() {
  mark("");
  const found = await (await registered()).pushManager.getSubscription();
  if (!found) return;
  await ask(PATH, { method: "DELETE", body: new URLSearchParams({ endpoint: found.endpoint }), isPlain: true }).catch(() => {});
  await found.unsubscribe();
}

// A new session, a lost subscription: it goes on by itself for the same person. Another one has not asked for it.
async function renew() {
  const known = mark();
  if (!known || !session() || known === `${me()}:${session()}`) return;
  if (!known.startsWith(`${me()}:`)) return turnOff();
  if (Notification.permission === "granted") await turnOn();
}

async function leave(event) {
  if (!mark()) return;
  event.preventDefault();
  await Promise.race([turnOff().catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  event.target.submit();
}

export async function start() {
  document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", leave);
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  try {
    await registered();
    if (isAble()) await renew();
  } catch {
    // No network, or a browser that forbids it: the desk works without.
  }
}
