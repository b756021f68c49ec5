// The part of the settings about pushes to this browser: shows how it stands, turns it on and off, sends a test.

import { ask, textOf } from "./http.js";
import { current, isAble, turnOff, turnOn } from "./pushing.js";
import { tell } from "./telling.js";

const box = () => document.getElementById("push");
const isApple = () => /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

async function standing() {
  if (!isSecureContext) return "insecure";
  if (!isAble()) return isApple() && !isInstalled() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && (await current().catch(() => null)) ? "on" : "off";
}

async function show() {
  const now = await standing();
  for (const part of box().querySelectorAll("[data-push-state]")) part.hidden = part.dataset.pushState !== now;
  box().dataset.state = now;
}

/** A sentence below, or none; an answer of the desk says its own. */
async function say(name, response = null) {
  const told = response?.headers.get("X-Majlis-Refused") ? textOf(await response.text()) : "";
  for (const part of box().querySelectorAll("[data-push-said]")) {
    part.hidden = part.dataset.pushSaid !== name;
    if (told && part.dataset.pushSaid === name) part.textContent = told;
  }
}

async function on() {
  if ((await Notification.requestPermission()) !== "granted") return;
  let response = null;
  try {
    response = await turnOn();
  } catch {
    return say("unreachable");
  }
  if (!response.ok) await say("refused", response);
}

async function test() {
  const endpoint = (await current())?.endpoint ?? "";
  const response = await ask(box().dataset.tests, { method: "POST", body: new URLSearchParams({ endpoint }), isPlain: true });
  if (response.ok) tell(response.headers.get("X-Majlis-Told"));
  else await say("refused", response);
}

const ACTS = { on, test, off: turnOff };

export function start() {
  box().addEventListener("click", async (event) => {
    const button = event.target.closest("[data-push]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await say("");
    try {
      await ACTS[button.dataset.push]();
    } catch {
      await say("failed");
    }
    button.removeAttribute("aria-busy");
    await show();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && show());
  show();
}
