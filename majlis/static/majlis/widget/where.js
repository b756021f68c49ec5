// The question where to send the answer; fetched when it is asked.

import { fill, h } from "./dom.js";

/** A form for the address of M's visitor. done(): it was answered, or put off. */
export function where(L, M, done) {
  const W = M.told.words;
  const input = h("input", { id: "where", type: "email", dir: "ltr", placeholder: "name@example.com", autocomplete: "email", required: true, "aria-describedby": "where-said" });
  const said = h("p", { class: "hint", id: "where-said", role: "status" }, W.where_why);
  const send = h("button", { class: "btn go" }, W.where_send);
  const later = h("button", { type: "button", class: "btn ghost", onclick: not }, W.later);
  const form = h("form", { class: "card where", novalidate: true, onsubmit: submit }, h("label", { for: "where" }, W.where), input, said, h("div", null, send, later));

  function wrong(text) {
    said.className = "bad";
    said.textContent = text;
    send.removeAttribute("aria-busy");
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  async function submit(event) {
    event.preventDefault();
    const address = input.value.trim();
    if (!/^\S+@\S+\.\S+$/.test(address)) return wrong(W.where_wrong);
    send.setAttribute("aria-busy", "true");
    try {
      await L.post("address", { conversation: M.thread.id, address });
    } catch (error) {
      return wrong(error.say ?? L.words.failed);
    }
    M.told.visitor.has_address = true;
    form.replaceWith(h("p", { class: "note", role: "status" }, fill(W.where_done, { address })));
    done();
  }

  function not() {
    L.store.set("later", "1");
    form.remove();
    done();
  }

  return form;
}
