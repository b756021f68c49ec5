// The dialog whose content is fetched: whatever is put into it opens it, an act done in it closes it.

import { textOf } from "./http.js";
import { refreshSoon } from "./inbox.js";
import { close as closeMenus } from "./menus.js";
import { tell } from "./telling.js";
import { word } from "./words.js";

const sheet = () => document.getElementById("sheet");
const error = (text) => {
  const place = document.getElementById("sheet-error");
  if (place) place.textContent = text;
};

function open() {
  closeMenus();
  if (!sheet().open) sheet().showModal();
  sheet().querySelector("[autofocus], input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select")?.focus();
}

function checkFrom(value) {
  const boxes = [...sheet().querySelectorAll("[type=checkbox][name=entry]")];
  const at = boxes.findIndex((box) => box.value === value);
  boxes.forEach((box, index) => (box.checked = index >= at));
}

function add(address) {
  const to = document.getElementById("begin-to");
  const typed = to.value.split(/[,;،؛\s]+/).filter(Boolean);
  to.value = [...new Set([...typed, address])].join(", ");
  document.getElementById("begin-found").replaceChildren();
  document.getElementById("begin-find").value = "";
  to.dispatchEvent(new Event("input", { bubbles: true }));
  to.focus();
}

// What was typed in it is kept as a draft when it closes.
function keep() {
  const kept = document.getElementById("begin-kept");
  if (!kept) return;
  kept.closest("form").elements.closed.value = "yes";
  htmx.trigger(kept, "closed");
}

// What could not be kept stays in sight, also when it was closed meanwhile.
function kept({ elt, xhr, successful }) {
  if (!successful && elt.isConnected) {
    elt.textContent = word(xhr.status === 401 ? "not_kept_out" : "not_kept");
    elt.closest("form").elements.closed.value = "";
    if (!sheet().open) sheet().showModal();
  }
  if (tell(xhr.getResponseHeader("X-Majlis-Told"))) refreshSoon();
}

// Typing is behind us: a form that is closed by a slip would lose it, so a press beside the sheet does nothing.
export function start() {
  if (!sheet()) return;
  document.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "sheet-body" && open());
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.id === "begin-kept") return kept(detail);
    if (!sheet().contains(detail.elt) || !detail.elt.dataset.act) return;
    const code = detail.xhr.getResponseHeader("X-Majlis-Refused");
    const out = document.getElementById("begin-out");
    if (out) out.innerHTML = code === "left_out" ? detail.xhr.responseText : "";
    if (out?.firstChild) out.scrollIntoView({ block: "center" });
    if (detail.successful) {
      document.getElementById("sheet-body").replaceChildren(); // it is done: nothing of it is kept any more
      sheet().close();
    }
    else if (detail.xhr.status === 401) error(word("signed_out_here"));
    else if (code !== "left_out" || !out) error((code && textOf(detail.xhr.responseText)) || word("act_failed"));
  });
  // Who was signed out is led to sign in, but not away from what they are writing.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401 && sheet().contains(event.detail.elt)) event.preventDefault();
  });
  // Whoever was left out was so of the addresses that stood there then.
  document.addEventListener("input", ({ target }) => target.id === "begin-to" && document.getElementById("begin-out").replaceChildren());
  document.addEventListener("htmx:beforeRequest", ({ detail }) => sheet().contains(detail.elt) && error(""));
  sheet().addEventListener("close", keep);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-closes-sheet]")) sheet().close();
    const from = target.closest("[data-checks-from]")?.dataset.checksFrom;
    if (from) checkFrom(from);
    const adds = target.closest("[data-adds]")?.dataset.adds;
    if (adds) add(adds);
  });
}
