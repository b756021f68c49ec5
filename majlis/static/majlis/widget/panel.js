// The panel that the button opens: a dialog beside the page where there is room, the whole screen where there is not.

import { chat } from "./chat.js";
import { fill, h, lying, names, PATHS, sayings } from "./dom.js";
import { home } from "./home.js";
import { SHEET } from "./sheet.js";
import { talking } from "./talk.js";

/** L: what the loader hands over. Answers {open, close, watch, again, lost}. */
export function start(L) {
  const S = sayings(L);
  const M = talking(L, heard);
  const sheet = lying(L, () => lay());
  L.cross = L.icon(...PATHS.cross);
  let panel = null;
  let screen = null; // the conversation's, while it is shown
  let isAt = null; // "home" or "chat"

  M.isSeen = () => L.isOpen && isAt === "chat";
  const close = () => h("button", { type: "button", class: "btn ic", "aria-label": L.words.close, onclick: shut }, L.icon(...PATHS.cross));
  const isTouch = () => matchMedia("(pointer:coarse)").matches;

  function put(nodes) {
    screen?.leave();
    screen = null;
    panel.replaceChildren(...nodes);
  }

  function toHome() {
    isAt = "home";
    put(home(L, M, S, { go, close }));
    panel.focus();
  }

  function toChat() {
    isAt = "chat";
    const made = chat(L, M, S, { back: toHome, close });
    put(made.nodes);
    screen = made;
    screen.down();
    if (isTouch()) panel.focus();
    else screen.focus();
    M.noteRead();
  }

  function go(id) {
    M.pick(id);
    toChat();
  }

  function failed() {
    put([
      h("div", { class: "head" }, h("b", { class: "grow" }, L.C.name), close()),
      h("div", { class: "body" }, h("p", { role: "alert" }, L.words.failed), h("button", { type: "button", class: "btn", onclick: fetched }, L.words.again)),
    ]);
  }

  async function fetched() {
    panel.setAttribute("aria-busy", "true");
    try {
      await M.begin();
      panel.setAttribute("aria-label", fill(M.told.words.dialog, { name: M.told.name }));
      const current = M.current();
      if (current?.unread || isAt === "chat" || M.out.list().length) go(M.thread?.id ?? current?.id ?? null);
      else toHome();
    } catch {
      failed();
    }
    panel.removeAttribute("aria-busy");
  }

  function heard(what) {
    if (what === "lost") return L.lost();
    if (!panel || !M.told) return;
    if (screen) screen.show(what);
    else if (what === "all" && isAt === "home" && L.isOpen) toHome();
  }

  const lay = () => sheet.lay(panel, L.isOpen);
  const keys = (event) => (event.key === "Escape" && !event.isComposing ? (event.preventDefault(), shut()) : sheet.keep(panel, event));

  function drops(event) {
    if (!event.dataTransfer?.types.includes("Files") || !screen) return;
    event.preventDefault();
    const isOver = event.type === "dragover";
    panel.dataset.drop = M.told.words.drop;
    panel.classList.toggle("drop", isOver);
    if (event.type === "drop") screen.take(event.dataTransfer.files);
  }

  function build() {
    L.style(SHEET);
    panel = h("section", { class: "w", role: "dialog", tabindex: -1, "aria-label": L.C.name, onkeydown: keys, ondragover: drops, ondragleave: drops, ondrop: drops });
    panel.hidden = true;
    L.box.prepend(panel);
  }

  function open() {
    if (L.isOpen) return;
    if (!panel) build();
    panel.hidden = false;
    L.turn(true);
    lay();
    if (!M.told) {
      put([h("div", { class: "head" }, h("b", { class: "grow" }, L.C.name), close()), h("div", { class: "body" })]);
      panel.focus();
      return fetched();
    }
    const waits = M.current();
    if (waits?.unread && isAt === "home") go(waits.id);
    else if (isAt === "chat") screen ? (screen.focus(), screen.down(), M.catchUp(), M.noteRead()) : toChat();
    else toHome();
  }

  function shut() {
    if (!L.isOpen) return;
    const isWithin = L.root.activeElement;
    panel.hidden = true;
    L.turn(false);
    lay();
    if (isWithin) L.button.focus();
  }

  return {
    open,
    close: shut,
    /** On a page where it was not opened: hear of answers, and send what waits. */
    watch() {
      if (L.store.get("token")) M.join();
      M.out.flush();
    },
    /** Somebody signed in: everything may be different. */
    again: () => panel && M.told && M.begin().then(() => heard("all"), () => {}),
    /** Somebody signed out: nothing of theirs stays here. */
    forget() {
      for (const name of names(L)) L.store.set(name, null);
      isAt = null;
      M.bus.tell({ type: "forget" });
    },
    /** The visitor is known no more; what they were writing stays theirs. */
    lost() {
      const draft = M.thread && L.store.get(`draft:${M.thread.id}`);
      if (draft) L.store.set("draft:", draft);
      M.reset();
      M.out.anew();
      if (!panel) return;
      if (L.isOpen) fetched();
      else put([]);
    },
  };
}
