// Choosing rows of the list for an act on many: x, Shift j, or the box at a row. The choice outlives a fresh list.

import { ask, textOf } from "./http.js";
import { refreshSoon, step } from "./inbox.js";
import { close as closeMenus } from "./menus.js";
import { catchUp } from "./thread.js";
import { counted, word } from "./words.js";

const chosen = new Set();
let isWhole = false; // everything in the folder, also what the page has not loaded

const bulk = () => document.getElementById("bulk");
const list = () => document.getElementById("list");
const rows = () => [...document.querySelectorAll("#rows > li[data-number]")];
const total = () => Number(list()?.dataset.total ?? 0);

function show() {
  const count = isWhole ? total() : chosen.size;
  for (const row of rows()) {
    const is = isWhole || chosen.has(row.dataset.number);
    row.toggleAttribute("data-chosen", is);
    const box = row.querySelector("[data-pick]");
    if (box) box.checked = is;
  }
  list()?.toggleAttribute("data-choosing", count > 0);
  const all = document.getElementById("bulk-all");
  const isFull = !isWhole && rows().length > 0 && rows().every((row) => chosen.has(row.dataset.number));
  all.hidden = !(isFull && total() > chosen.size && list().dataset.folder);
  if (!all.hidden) all.textContent = counted("whole", total());
  document.getElementById("bulk-count").textContent = count ? counted("chosen", count) : "";
  document.getElementById("bulk-bar").hidden = count === 0;
  bulk().hidden = count === 0 && !document.querySelector("#bulk-run > *");
}

function clear() {
  chosen.clear();
  isWhole = false;
  document.getElementById("bulk-error").textContent = "";
  show();
}

function choose(number, is) {
  isWhole = false;
  is ? chosen.add(number) : chosen.delete(number);
  show();
}

async function run(what, form) {
  const body = new FormData(form ?? undefined);
  for (const [name, value] of Object.entries(JSON.parse(what))) body.set(name, value);
  if (isWhole) {
    body.set("folder", list().dataset.folder);
    body.set("mailbox", new URL(list().dataset.url, location.href).searchParams.get("mailbox") ?? "");
  } else body.set("numbers", [...chosen].join(","));
  const response = await ask(bulk().dataset.url, { method: "POST", body }).catch(() => null);
  const text = response ? await response.text() : "";
  if (!response?.ok) {
    const isRefused = response?.headers.get("X-Majlis-Refused");
    document.getElementById("bulk-error").textContent = isRefused ? textOf(text) : word("act_failed");
    return;
  }
  const place = document.getElementById("bulk-run");
  place.innerHTML = text;
  closeMenus();
  form?.reset();
  clear();
  htmx.process(place);
}

const focused = () => document.activeElement?.closest?.("#rows > li[data-number]") ?? document.querySelector("#rows > li:has(> [aria-current])");

function onKey(event) {
  const isOurs = event.code === "KeyX" || (event.code === "KeyJ" && event.shiftKey) || (event.code === "Escape" && (chosen.size || isWhole));
  if (!isOurs || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], details.menu[open]")) return;
  if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !event.target.dataset.pick) return;
  if (localStorage.getItem("majlis-keys") === "off" && event.code !== "Escape") return;
  const row = focused();
  if (event.code === "Escape") clear();
  else if (event.code === "KeyX" && !event.shiftKey && row) choose(row.dataset.number, !chosen.has(row.dataset.number));
  else if (event.shiftKey && event.code === "KeyJ") {
    if (row) choose(row.dataset.number, true);
    step(1);
    const next = focused();
    if (next) choose(next.dataset.number, true);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start() {
  if (!bulk()) return;
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("change", ({ target }) => target.dataset?.pick && choose(target.dataset.pick, target.checked));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-bulk]");
    if (button) run(button.dataset.bulk);
    else if (target.closest("#bulk-none")) clear();
    else if (target.closest("#bulk-all")) {
      isWhole = true;
      show();
    } else if (target.closest("[data-bulk-closes]")) {
      document.getElementById("bulk-run").replaceChildren();
      show();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset?.bulk) return;
    event.preventDefault();
    run(event.target.dataset.bulk, event.target);
  });
  document.addEventListener("htmx:load", ({ detail }) => {
    if (!detail.elt.matches?.(".bulk__run")) return;
    refreshSoon();
    if (detail.elt.matches("[data-finished]")) catchUp();
  });
  new MutationObserver(show).observe(document.getElementById("main"), { childList: true });
  new MutationObserver(show).observe(document.getElementById("bulk-run"), { childList: true });
}
