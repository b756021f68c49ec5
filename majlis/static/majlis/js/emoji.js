// Emoji: a menu that is searched in Arabic and English.

import { word } from "./words.js";
import { focus, insert } from "./writing.js";

const SHOWN = 120;
let all = null; // [[emoji, words], …]
let box = null;

const folded = (text) => text.toLowerCase().replace(/[أإآ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").replace(/[\u064b-\u0652\u0640]/g, "");

async function fetched(form) {
  all ??= fetch(form.dataset.emoji).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  return all.catch(() => ((all = null), []));
}

function close(form) {
  box?.remove();
  box = null;
  form.querySelector("[data-composer=emoji]").setAttribute("aria-expanded", "false");
}

function fill(form, list, items, sought) {
  const words = folded(sought).split(/\s+/).filter(Boolean);
  const found = items.filter(([, names]) => words.every((part) => names.includes(part))).slice(0, SHOWN);
  list.replaceChildren(
    ...found.map(([emoji, , name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = emoji;
      button.title = name;
      button.setAttribute("aria-label", name);
      button.addEventListener("click", () => {
        close(form);
        insert(form, emoji);
        focus(form);
      });
      return button;
    }),
  );
  if (!found.length) list.textContent = word("no_emoji");
}

/** Open the menu, or close it. */
export async function toggle(form) {
  if (box) return close(form);
  box = document.createElement("div");
  box.className = "pop emoji";
  const field = box.appendChild(document.createElement("input"));
  field.className = "input";
  field.type = "search";
  field.dir = "auto";
  field.placeholder = word("find_emoji");
  field.setAttribute("aria-label", word("find_emoji"));
  const list = box.appendChild(document.createElement("div"));
  list.className = "emoji__all";
  form.querySelector(".composer__emoji").append(box);
  form.querySelector("[data-composer=emoji]").setAttribute("aria-expanded", "true");
  field.focus();
  const arabic = document.documentElement.lang === "ar";
  const items = (await fetched(form)).map(([emoji, ar, en, more]) => [emoji, folded(`${ar} ${en} ${more}`), arabic ? ar : en]);
  if (!box) return;
  fill(form, list, items, "");
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    fill(form, list, items, field.value);
  });
  box.addEventListener("keydown", (event) => {
    if (event.code === "Enter" && event.target === field) {
      event.preventDefault();
      list.querySelector("button")?.click();
    } else if (event.code === "Escape") {
      event.stopPropagation();
      close(form);
      focus(form);
    }
  });
  box.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && box && !box.contains(relatedTarget) && close(form));
}
