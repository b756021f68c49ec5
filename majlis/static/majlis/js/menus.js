// Menus, drawers and dialogs: one open at a time, closed by Escape or a press elsewhere, focus given back.

import { ask } from "./http.js";
import { open as palette } from "./palette.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const app = () => document.querySelector(".app");
const DRAWERS = ["ctx", "nav"];

function openDrawer(name) {
  const button = document.querySelector(`[data-toggle="${name}"][aria-expanded]`);
  app().dataset[name] = "open";
  button?.setAttribute("aria-expanded", "true");
  document.getElementById(button?.getAttribute("aria-controls"))?.querySelector("button, a[href]")?.focus();
}

function closeDrawer(name) {
  if (!app()?.dataset[name]) return false;
  delete app().dataset[name];
  const button = document.querySelector(`[data-toggle="${name}"][aria-expanded]`);
  button?.setAttribute("aria-expanded", "false");
  button?.focus();
  return true;
}

// Choices that are not part of the page are fetched whenever their menu opens, so that they are those of now. Their
// place is the last in the menu: what stood there before must not move under a pointer that is about to press it.
async function fill(menu) {
  const place = menu.querySelector("[data-from]");
  if (!place) return;
  const response = await ask(place.dataset.from).catch(() => null);
  if (!menu.open || !place.isConnected) return;
  if (!response?.ok) return toast(word("act_failed"), { isBad: true });
  place.innerHTML = await response.text();
  htmx.process(place);
}

/** Close whatever is open; says whether something was. */
export function close() {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return true;
  }
  return DRAWERS.some(closeDrawer);
}

export function start() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
    const name = event.target.closest("[data-toggle]")?.dataset.toggle;
    if (name) app().dataset[name] ? closeDrawer(name) : openDrawer(name);
    else if (app()?.dataset.ctx && !event.target.closest("#context")) closeDrawer("ctx");
    const opens = event.target.closest("[data-opens]")?.dataset.opens;
    if (opens) {
      close();
      if (opens === "palette") palette();
      else document.getElementById(opens).showModal();
    }
  });
  document.addEventListener("toggle", ({ target }) => target.matches("details.menu[open]") && fill(target), true);
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
