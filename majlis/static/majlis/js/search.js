// The search field: suggestions for the filter being typed, recent searches, and the menu that writes filters.

import { ask } from "./http.js";
import { close } from "./menus.js";

const MOST = 8;
const PAUSE_MS = 120;
const field = () => document.getElementById("search-q");
const box = () => document.getElementById("search-options");
const key = () => `majlis-searches-${document.querySelector(".app")?.dataset.me ?? ""}`;

let timer = null;
let asked = 0;

function recent() {
  try {
    return JSON.parse(localStorage.getItem(key()) ?? "[]").filter((one) => typeof one === "string");
  } catch {
    return [];
  }
}

function store(searches) {
  try {
    localStorage.setItem(key(), JSON.stringify(searches.slice(0, MOST)));
  } catch {
    // A browser that keeps nothing has no recent searches.
  }
}

const options = () => [...(box()?.querySelectorAll("[role=option]") ?? [])];

function show(isShown) {
  if (!box()) return;
  box().hidden = !isShown;
  field().setAttribute("aria-expanded", String(isShown));
  if (!isShown) field().removeAttribute("aria-activedescendant");
}

function choose(at) {
  const all = options();
  all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  if (all[at]) field().setAttribute("aria-activedescendant", all[at].id);
  all[at]?.scrollIntoView({ block: "nearest" });
}

// The part being typed: what stands before the caret since the last blank outside quotes.
function part() {
  const before = field().value.slice(0, field().selectionStart ?? field().value.length);
  return before.match(/(?:^|\s)(-?[^\s:"«»]+:(?:["«][^"»]*|\S*))$/)?.[1] ?? "";
}

function showRecent() {
  const searches = recent();
  if (!searches.length) return show(false);
  const head = document.createElement("div");
  head.className = "search__head";
  head.append(box().dataset.recent);
  const forget = head.appendChild(document.createElement("button"));
  forget.type = "button";
  forget.textContent = box().dataset.forget;
  forget.addEventListener("click", () => (store([]), show(false), field().focus()));
  const rows = searches.map((text, index) => {
    const option = document.createElement("div");
    option.className = "opt trunc";
    option.id = `search-option-${index + 1}`;
    option.dir = "auto";
    option.setAttribute("role", "option");
    option.dataset.search = option.textContent = text;
    return option;
  });
  box().replaceChildren(head, ...rows);
  show(true);
}

async function suggest() {
  if (document.activeElement !== field()) return;
  const typed = part();
  const mine = ++asked;
  if (!typed) return field().value.trim() ? show(false) : showRecent();
  const response = await ask(`${field().dataset.suggest}?typed=${encodeURIComponent(typed)}`).catch(() => null);
  if (mine !== asked || !box() || document.activeElement !== field()) return;
  box().innerHTML = response?.ok ? await response.text() : "";
  show(options().length > 0);
}

function write(text) {
  const typed = part();
  const input = field();
  const caret = input.selectionStart ?? input.value.length;
  const before = input.value.slice(0, caret - typed.length);
  const gap = before && !/\s$/.test(before) ? " " : "";
  const end = text.endsWith(":") ? "" : " ";
  const at = before.length + gap.length + text.length + end.length;
  input.value = before + gap + text + end + input.value.slice(caret).trimStart();
  input.focus();
  input.setSelectionRange(at, at);
  suggest();
}

function take(option) {
  if (option.dataset.writes) return write(option.dataset.writes);
  field().value = option.dataset.search;
  field().form.requestSubmit();
}

function onKey(event) {
  if (event.target !== field() || event.isComposing || box().hidden) return;
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.code === "ArrowDown" || event.code === "ArrowUp") choose((at + (event.code === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  else if (event.code === "Enter" && at >= 0) take(all[at]);
  else if (event.code === "Escape") show(false);
  else return;
  event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  document.addEventListener("focusin", (event) => event.target === field() && !field().value.trim() && showRecent());
  document.addEventListener("focusout", (event) => event.target === field() && !box()?.contains(event.relatedTarget) && show(false));
  document.addEventListener("mousedown", (event) => event.target.closest?.("#search-options [role=option]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const option = event.target.closest("#search-options [role=option]");
    const offered = event.target.closest("#search-menu [data-writes]");
    if (option) take(option);
    else if (offered) (close(), field().setSelectionRange(field().value.length, field().value.length), write(offered.dataset.writes));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "search-form") return;
    const typed = field().value.trim();
    if (typed) store([typed, ...recent().filter((one) => one !== typed)]);
    show(false);
  }, true);
}
