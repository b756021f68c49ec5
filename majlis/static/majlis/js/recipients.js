// Whom it goes to: To, CC and BCC, with proposals while typing.

import { ask } from "./http.js";

const WAIT_MS = 150;
const FIELDS = ["to", "cc", "bcc"];
const row = () => document.getElementById("composer-people");
const menu = () => document.getElementById("composer-known");
let timer = null;
let active = null;
let isListening = false;

function listen() {
  if (isListening) return;
  isListening = true;
  document.addEventListener("input", ({ target }) => {
    if (!target.closest("#composer-people")) return;
    clearTimeout(timer);
    timer = setTimeout(propose, WAIT_MS, target);
  });
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("#composer-known .opt");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  document.addEventListener("focusout", ({ target }) => target.closest?.("#composer-people") && setTimeout(hide, 100, target));
}

const hide = (from) => {
  if (menu() && document.activeElement !== from) menu().hidden = true;
};

async function propose(field) {
  const typed = field.value.split(/[,;،؛]/).at(-1).trim();
  const response = await ask(`${field.form.dataset.people}?q=${encodeURIComponent(typed)}`).catch(() => null);
  if (!response?.ok || document.activeElement !== field) return;
  active = field;
  menu().innerHTML = await response.text();
  menu().hidden = menu().children.length === 0;
}

function choose(option) {
  const parts = active.value.split(/[,;،؛]/).slice(0, -1).map((part) => part.trim());
  active.value = `${[...parts, option.dataset.address].join(", ")}, `;
  menu().hidden = true;
  active.focus();
  active.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event) {
  if (!event.target.closest("#composer-people") || menu().hidden) return;
  const options = [...menu().querySelectorAll(".opt")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.code === "Escape") menu().hidden = true;
  else if (event.code === "ArrowDown" || event.code === "ArrowUp") {
    const next = (at + (event.code === "ArrowDown" ? 1 : options.length - 1) + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === next)));
  } else if (/^(Enter|Tab)$/.test(event.code) && at >= 0) choose(options[at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function fill(form, found) {
  for (const name of FIELDS) {
    form.elements[name].disabled = false;
    form.elements[name].value ||= found[name] ?? "";
  }
}

/** Show the fields with what a draft holds for them, or none. */
export function put(form, found) {
  close(form);
  if (!found.to && !found.cc && !found.bcc) return;
  listen();
  row().hidden = false;
  form.querySelector("[data-composer=people]").setAttribute("aria-expanded", "true");
  fill(form, found);
}

/** Show the fields; a reply's hold whom it would go to by itself. */
export async function open(form) {
  listen();
  row().hidden = false;
  form.querySelector("[data-composer=people]").setAttribute("aria-expanded", "true");
  if (form.dataset.mode === "forward") fill(form, {});
  else {
    const response = await ask(`${form.dataset.people}?standard=1`).catch(() => null);
    if (response?.ok) fill(form, await response.json());
  }
  form.elements.to.focus();
}

/** Hide the fields: whom it goes to is left to the desk again. */
export function close(form) {
  row().hidden = true;
  form.querySelector("[data-composer=people]").setAttribute("aria-expanded", "false");
  for (const name of FIELDS) {
    form.elements[name].value = "";
    form.elements[name].disabled = true;
  }
}

export const toggle = (form) => (row().hidden ? open(form) : close(form));
