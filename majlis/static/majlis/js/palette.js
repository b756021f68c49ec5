// The command palette (Ctrl K): whatever the page offers by a key, a folder or a page, found by typing.

import { folded } from "./folding.js";
import { word } from "./words.js";

const dialog = () => document.getElementById("palette");
const box = () => document.getElementById("palette-typed");
const list = () => document.getElementById("palette-found");
const MOST = 12;

let all = [];

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function labelOf(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .vh, .av, .nav__count").forEach((part) => part.remove());
  return element.getAttribute("aria-label") ?? copy.textContent.trim().replace(/\s+/g, " ");
}

function gather() {
  const found = new Map();
  const add = (element, cap) => {
    const label = element.dataset.command ?? (element.title.replace(/\s*\([^)]*\)$/, "") || labelOf(element));
    if (label && !found.has(label)) found.set(label, { label, cap, element });
  };
  for (const element of document.querySelectorAll("[data-key]")) {
    const name = element.dataset.key.replace(/^Key/, "");
    if (!element.disabled && (isShown(element) || element.closest("details:not([open])"))) add(element, name.length === 1 ? name : "");
  }
  document.querySelectorAll("a.nav__item, [data-command], .settings__nav a").forEach((element) => add(element, ""));
  return [...found.values()];
}

function run(command) {
  dialog().close();
  if (command.url) return location.assign(command.url);
  const { element } = command;
  if (!element.isConnected) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) element.focus();
  else element.click();
  const menu = element.closest("details[open]");
  if (element.tagName === "SUMMARY") menu?.querySelector(".pop :is(input, button:not([disabled]))")?.focus();
}

function matching(typed) {
  const words = folded(typed).split(" ").filter(Boolean);
  const found = all.filter(({ label }) => words.every((part) => folded(label).includes(part))).slice(0, MOST);
  const number = folded(typed).match(/^#?(\d{1,15})$/)?.[1];
  const { conversation, search } = dialog().dataset;
  if (number && conversation) found.unshift({ label: word("go_number").replace("{n}", `\u2066#${number}\u2069`), url: conversation.replace("0", number) });
  if (typed.trim() && search) found.push({ label: word("go_search").replace("{q}", `\u2068${typed.trim()}\u2069`), url: search + encodeURIComponent(typed.trim()) });
  return found;
}

function show() {
  const options = matching(box().value).map((command, index) => {
    const option = document.createElement("div");
    option.className = "opt";
    option.id = `command-${index}`;
    option.setAttribute("role", "option");
    option.appendChild(document.createElement("span")).className = "grow";
    option.firstChild.textContent = command.label;
    if (command.cap) {
      const cap = option.appendChild(document.createElement("kbd"));
      cap.className = "kbd";
      cap.textContent = command.cap;
    }
    option.addEventListener("click", () => run(command));
    return option;
  });
  list().replaceChildren(...options);
  document.getElementById("palette-none").hidden = options.length > 0;
  choose(0);
}

function choose(index) {
  const options = [...list().children];
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
  if (options[index]) box().setAttribute("aria-activedescendant", options[index].id);
  else box().removeAttribute("aria-activedescendant");
  options[index]?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const options = [...list().children];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.code];
  if (to !== undefined) choose((to + options.length) % Math.max(1, options.length));
  else if (event.code === "Enter" && !event.isComposing) options[at]?.click();
  else return;
  event.preventDefault();
}

/** Open the palette over the page as it is now. */
export function open() {
  if (!dialog() || document.querySelector("dialog[open]")) return;
  all = gather();
  box().value = "";
  dialog().showModal();
  show();
}

export function start() {
  box()?.addEventListener("input", show);
  box()?.addEventListener("keydown", onKey);
  dialog()?.addEventListener("click", (event) => event.target === dialog() && dialog().close());
}
