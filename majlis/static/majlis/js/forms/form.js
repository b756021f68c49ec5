// A form's page: asks only what applies, does the work that keeps machines out while somebody types, and tells the page
// around a frame how high it is. Without it everything is asked, with its condition said.

import { beginning } from "./sha256.js";

const form = document.getElementById("form");
const main = document.getElementById("main");
let isTold = false;

/** What was chosen or typed in the field `key`, as the server reads it. */
function said(key) {
  const found = form.querySelectorAll(`[name="f-${CSS.escape(key)}"]`);
  const values = [];
  for (const input of found) {
    if (input.disabled || (/^(checkbox|radio)$/.test(input.type) && !input.checked)) continue;
    const value = input.value.trim().toLowerCase();
    if (value) values.push(value);
  }
  return values;
}

function holds({ ifField, ifTest, ifValue }) {
  const values = said(ifField);
  if (ifTest === "filled") return values.length > 0;
  return values.includes(ifValue.trim().toLowerCase()) === (ifTest === "is");
}

/** Show what applies; what does not is neither asked nor sent. In the order of the page, so that one may hang on another. */
function apply() {
  for (const field of form.querySelectorAll("[data-if-field]")) {
    const isAsked = holds(field.dataset);
    field.hidden = !isAsked;
    for (const input of field.querySelectorAll("input,textarea,select")) input.disabled = !isAsked;
  }
}

/** Seek the number (see majlis/channels/forms/proof.py) a few milliseconds at a time. */
function work() {
  const { value: stamp } = form.elements.stamp;
  const limit = 2 ** (32 - Number(form.dataset.bits));
  let number = 0;
  const on = () => {
    const end = performance.now() + 6;
    do {
      for (let tries = 0; tries < 64; tries++, number++) {
        if (beginning(`${stamp}:${number}`) >= limit) continue;
        form.elements.proof.value = number;
        return;
      }
    } while (performance.now() < end);
    setTimeout(on, 4);
  };
  setTimeout(on, 50);
}

/** Files that are too large are said before they are sent. */
function weigh(input) {
  const size = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]).reduce((sum, file) => sum + file.size, 0);
  input.setCustomValidity(size > Number(form.dataset.most) ? form.dataset.tooLarge : "");
  if (size > Number(form.dataset.most)) input.reportValidity();
}

function tell() {
  const { parent: target, posted } = main.dataset;
  const top = posted !== undefined && !isTold;
  isTold = true;
  parent.postMessage({ majlis: "form", height: document.documentElement.offsetHeight, top }, target || "*");
}

if (form) {
  document.documentElement.classList.add("has-js");
  form.addEventListener("input", apply);
  form.addEventListener("change", (event) => {
    apply();
    if (event.target.type === "file") weigh(event.target);
  });
  form.addEventListener("submit", () => form.querySelector("[data-send]").setAttribute("aria-busy", "true"));
  addEventListener("pageshow", () => form.querySelector("[data-send]").removeAttribute("aria-busy"));
  apply();
  work();
}
// What is to be read first; a browser does not do so by itself in a frame.
if (parent !== window) document.querySelector("[data-first]")?.focus({ preventScroll: true });
if (parent !== window && main.dataset.parent !== undefined) {
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
}
