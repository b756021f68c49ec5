// The composer's modes: a reply to the customer, a note for the team, a message passed on to somebody else.

import * as drafts from "./drafts.js";

const NAMES = { reply: "Reply", note: "Note", forward: "Forward" };

/** Turn the composer to `mode` ("reply", "note" or "forward"), each with a text of its own. */
export function turn(form, mode) {
  const text = form.elements.text;
  if (form.dataset.mode !== mode) {
    drafts.keep(form);
    form.dataset.mode = mode;
    // What was refused was the other text, to other people.
    delete form.dataset.despite;
    document.getElementById("composer-error").textContent = "";
    form.querySelector("[data-composer=anyway]").hidden = true;
    drafts.begin(form);
  }
  for (const button of form.querySelectorAll("[data-mode-button]"))
    button.setAttribute("aria-pressed", button.dataset.modeButton === mode);
  form.action = { reply: form.dataset.replies, note: form.dataset.notes, forward: form.dataset.forwards ?? "" }[mode];
  text.setAttribute("aria-label", text.dataset[`label${NAMES[mode]}`]);
  text.placeholder = text.dataset[`hint${NAMES[mode]}`];
}
