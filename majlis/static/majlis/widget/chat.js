// The screen of one conversation: the messages, what is asked of the visitor, and where they write.

import { composer } from "./composer.js";
import { fill, h, PATHS } from "./dom.js";
import { faces } from "./home.js";
import { log } from "./log.js";

const TYPING_MS = 6000;
const PATIENCE_MS = 120_000; // so long somebody waits before we ask where to send the answer

/** {nodes, show(what), take(files), focus()}; back(): to the first screen; close(): a button that closes. */
export function chat(L, M, S, { back, close }) {
  const { words: W, people, answer, name } = M.told;
  const messages = log(L, M, S);
  const writing = composer(L, M, S);
  const types = h("div", { class: "types", role: "status" });
  const note = h("p", { class: "note", role: "status" });
  const asked = h("div", null);
  const strip = h("p", { class: "hint", role: "status", hidden: true });
  const more = h("button", { type: "button", class: "btn more", hidden: true, onclick: () => messages.down() }, W.newer);
  const end = h("button", { type: "button", class: "link", onclick: finish }, W.end);
  const body = h("div", { class: "body", onscroll: scrolled }, h("div", { class: "chat" }, messages.node, types, note, asked, more));
  const nodes = [
    h("div", { class: "head" }, h("button", { type: "button", class: "btn ic mirror", "aria-label": W.back, onclick: back }, L.icon(...PATHS.back)), faces(L, people.slice(0, 2)), h("span", { class: "grow" }, h("b", { dir: "auto" }, name), answer && h("span", { class: "sub" }, answer)), close()),
    body,
    h("div", { class: "foot" }, strip, writing.node, h("div", { class: "by" }, W.by, end)),
  ];
  let later, typingEnds;
  let isLow = true;
  const fits = new ResizeObserver(() => isLow && messages.down()); // the composer grew, or the keyboard came
  fits.observe(body);

  function scrolled() {
    isLow = messages.isAtEnd();
    if (isLow) more.hidden = true;
  }

  async function finish() {
    const thread = M.thread;
    await L.post("end", { conversation: thread.id }).then(() => (thread.is_closed = true), () => {});
    M.catchUp();
    show("thread");
  }

  /** Ask for an address where the answer may come after somebody has gone. */
  async function ask() {
    clearTimeout(later);
    if (M.told.visitor.has_address || L.store.get("later") || asked.firstChild || !M.thread) return;
    const last = messages.items().filter((item) => !item.isWaiting && item.who !== "auto").at(-1);
    if (!last) return;
    const left = last.isMine ? PATIENCE_MS - (Date.now() - last.at) : Infinity;
    if ((!M.told.is_open && last.isMine) || M.thread.is_closed || left <= 0) {
      const { where } = await import("./where.js");
      const wasLow = messages.isAtEnd();
      if (!asked.firstChild) asked.append(where(L, M, writing.focus));
      if (wasLow) messages.down();
    } else if (left < Infinity) later = setTimeout(ask, left);
  }

  function typing() {
    clearTimeout(typingEnds);
    const left = M.typing ? TYPING_MS - (Date.now() - M.typing.at) : 0;
    if (left <= 0) return types.replaceChildren();
    typingEnds = setTimeout(typing, left);
    if (types.dataset.name === M.typing.name && types.firstChild) return;
    const wasLow = messages.isAtEnd();
    types.dataset.name = M.typing.name;
    types.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), fill(W.typing, { name: M.typing.name }));
    if (wasLow) messages.down();
  }

  function show(what) {
    if (what === "typing") return typing();
    if (messages.sync()) more.hidden = false;
    typing();
    note.textContent = M.thread?.is_closed ? W.ended : messages.node.firstChild ? "" : L.C.greeting?.[L.lang] || W.help;
    note.hidden = !note.textContent;
    end.hidden = !M.thread || M.thread.is_closed;
    const isOff = M.out.isWaiting === "offline" || !navigator.onLine;
    if (strip.hidden === isOff) strip.textContent = isOff ? W.offline : "";
    strip.hidden = !isOff;
    ask().catch(() => {});
  }

  messages.node.addEventListener("edit", ({ detail }) => writing.edit(detail));
  show("thread");
  return { nodes, show, take: writing.take, focus: writing.focus, down: messages.down, leave: () => (clearTimeout(later), clearTimeout(typingEnds), fits.disconnect()) };
}
