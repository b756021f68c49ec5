// Naming teammates in a note: a menu after @, by name in either script.

import { ask } from "./http.js";
import { content, before, insert } from "./writing.js";

const AT = /(?:^|[\s(،])@([^\s@]{0,30})$/;
let mates = new Map(); // conversation -> [{id, name, also}]
let box = null;
let found = [];
let at = 0;
let typed = "";

async function known(form) {
  const { number } = form.dataset;
  if (!mates.has(number)) {
    const response = await ask(form.dataset.mates).catch(() => null);
    if (!response?.ok) return [];
    mates = new Map([[number, (await response.json()).mates]]);
  }
  return mates.get(number);
}

const folded = (name) => name.toLowerCase().replace(/[أإآ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").replace(/[\u064b-\u0652\u0640]/g, "");

function close() {
  box?.remove();
  box = null;
}

function show(form) {
  close();
  box = document.createElement("div");
  box.className = "pop composer__mates";
  box.setAttribute("role", "listbox");
  for (const [place, mate] of found.entries()) {
    const option = box.appendChild(document.createElement("button"));
    option.type = "button";
    option.className = "opt";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(place === at));
    option.appendChild(document.createElement("bdi")).textContent = mate.name;
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(form, mate);
    });
  }
  form.append(box);
}

function choose(form, mate) {
  close();
  insert(form, `@${mate.name} `, typed.length + 1);
  const ids = new Set((form.dataset.mentions ?? "").split(",").filter(Boolean)).add(String(mate.id));
  form.dataset.mentions = [...ids].join(",");
}

function onKey(event) {
  const form = event.target.closest?.("#composer");
  if (!box || !form) return;
  if (event.code === "Escape") close();
  else if (event.code === "ArrowDown" || event.code === "ArrowUp") {
    at = (at + (event.code === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    show(form);
  } else if ((event.code === "Enter" || event.code === "Tab") && !event.ctrlKey && !event.metaKey) choose(form, found[at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("focusout", (event) => event.target.closest?.("#composer") && setTimeout(() => document.activeElement?.closest("#composer") || close(), 100));

/** See whether somebody is being named, and keep those only who still are. */
export async function look(form) {
  const names = await known(form);
  const { text } = content(form);
  const named = (form.dataset.mentions ?? "").split(",").filter((id) => names.some((mate) => String(mate.id) === id && text.includes(`@${mate.name}`)));
  form.dataset.mentions = named.join(",");
  const match = AT.exec(before(form));
  if (!match) return close();
  typed = match[1];
  const sought = folded(typed);
  found = names.filter((mate) => [mate.name, mate.also].some((name) => folded(name).split(/\s+/).concat(folded(name)).some((part) => part.startsWith(sought)))).slice(0, 6);
  at = 0;
  if (found.length) show(form);
  else close();
}
