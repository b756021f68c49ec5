// The composer's two modes: a reply to the customer, or a note for the team.

import * as drafts from "./drafts.js";

/** Turn the composer to `mode` ("reply" or "note"), each with a text of its own. */
export function turn(form, mode) {
  const text = form.elements.text;
  if (form.dataset.mode !== mode) {
    drafts.keep(form);
    form.dataset.mode = mode;
    text.value = drafts.kept(form.dataset.number, mode);
  }
  for (const button of form.querySelectorAll("[data-mode-button]"))
    button.setAttribute("aria-pressed", button.dataset.modeButton === mode);
  const isNote = mode === "note";
  form.action = isNote ? form.dataset.notes : form.dataset.replies;
  text.setAttribute("aria-label", isNote ? text.dataset.labelNote : text.dataset.labelReply);
  text.placeholder = isNote ? text.dataset.hintNote : text.dataset.hintReply;
}
