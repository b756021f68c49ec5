// The composer: what its keys and buttons do. Writing, drafts, files and sending have modules of their own.

import * as drafts from "./drafts.js";
import * as files from "./files.js";
import { turn } from "./modes.js";
import { warn } from "./offers.js";
import * as queue from "./queue.js";
import { box, complain, post, send, takeBack } from "./sending.js";
import { openNumber } from "./thread.js";
import { focus, isRich, load } from "./writing.js";

const FORMATS = { KeyB: "bold", KeyI: "italic", KeyE: "code" };
const SHIFTED = { Digit7: "numbers", Digit8: "bullets", Digit9: "quote" };

const people = () => import("./recipients.js");
const mentions = () => import("./mentions.js");
const emoji = () => import("./emoji.js");

function begin(form) {
  if (!form) return;
  drafts.learn(form);
  drafts.begin(form);
  turn(form, form.dataset.mode);
}

async function format(form, name) {
  const editor = await load(form);
  if (name !== "link") return editor.format(form, name);
  const place = document.getElementById("composer-link");
  place.hidden = !place.hidden;
  if (!place.hidden) place.querySelector("input").focus();
}

async function link(form) {
  const place = document.getElementById("composer-link");
  const field = place.querySelector("input");
  const typed = field.value.trim();
  const href = !typed || /^(https?:|mailto:|tel:)/i.test(typed) ? typed : `https://${typed}`;
  place.hidden = true;
  field.value = "";
  (await load(form)).link(form, href);
}

function forward(button) {
  const form = box();
  form.dataset.forwards = button.dataset.forward;
  turn(form, "forward");
  people().then((part) => part.open(form));
}

function act(form, name) {
  if (name === "take" || name === "keep") drafts.choose(form, name === "take");
  else if (name === "anyway") send(form, { how: "open", isAnyway: true });
  else if (name === "link") link(form);
  else if (name === "people") people().then((part) => part.toggle(form));
  else if (name === "emoji") emoji().then((part) => part.toggle(form));
}

function onClick({ target }) {
  const form = box();
  const mode = target.closest("[data-mode-button]")?.dataset.modeButton;
  if (mode) {
    turn(form, mode);
    focus(form);
  }
  const entry = target.closest("[data-undo-button]")?.closest("[data-undo]");
  if (entry) takeBack(entry.dataset.undo, openNumber());
  const passed = target.closest("[data-forward]");
  if (passed) forward(passed);
  const button = target.closest("#composer [data-format], #composer [data-composer]");
  if (button?.dataset.format) format(form, button.dataset.format);
  else if (button) act(form, button.dataset.composer);
}

function onKey(event) {
  const form = event.target.closest?.("#composer");
  if (!form || event.isComposing) return;
  if (event.code === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    if (event.target.closest("#composer-link")) return link(form);
  }
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return;
  if (/Enter$/.test(event.code)) {
    event.preventDefault();
    if (event.shiftKey && (form.dataset.newest || form.dataset.despite)) return send(form, { how: "open", isAnyway: true });
    const isOpen = event.shiftKey || form.dataset.mode === "forward" || "live" in form.dataset;
    const how = form.dataset.mode === "note" ? "note" : isOpen ? "open" : "close";
    return send(form, { how });
  }
  const name = event.shiftKey ? SHIFTED[event.code] : FORMATS[event.code];
  if (!name || isRich(form) || !event.target.matches("[name=text]")) return;
  event.preventDefault();
  format(form, name);
}

function onPaste(event) {
  const form = event.target.closest?.("#composer");
  if (!form || isRich(form) || !event.target.matches("[name=text]")) return;
  const html = event.clipboardData.getData("text/html");
  if (!/<(b|strong|i|em|u|ul|ol|a|blockquote)[\s>]/i.test(html)) return;
  event.preventDefault();
  load(form).then((editor) => editor.paste(form, html));
}

// The rest of the composer's code comes when somebody begins to write: the page itself is not slower for it.
function onFocus({ target }) {
  const form = target.closest?.("#composer");
  if (!form || form.dataset.isReady) return;
  form.dataset.isReady = "1";
  load(form).then((editor) => editor.ready(form)).catch(() => {});
}

export function start() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "composer") return;
    event.preventDefault();
    const { send: how = "open", snooze = "" } = event.submitter?.dataset ?? {};
    event.submitter?.closest("details")?.removeAttribute("open");
    send(event.target, { how: event.target.dataset.mode === "note" ? "note" : how, snooze });
  });
  document.addEventListener("click", onClick);
  // A button of the toolbar leaves the caret where it is: who goes on typing at once types there. And a narrow composer
  // grows when it is focused: the cross of a file would be somewhere else when the press on it ends.
  document.addEventListener(
    "mousedown",
    (event) => event.target.closest("#composer [data-format], #composer-files button") && event.preventDefault(),
  );
  document.addEventListener("keydown", onKey);
  document.addEventListener("paste", onPaste);
  document.addEventListener("focusin", onFocus);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("#composer");
    if (!form || event.target.closest("#composer-link")) return;
    if (event.target.matches("[name=text]")) {
      if (!isRich(form)) form.elements.html.value = "";
      if (form.dataset.mode === "note") mentions().then((part) => part.look(form));
    }
    complain("");
    delete form.dataset.despite;
    queue.drop(form.dataset.number, form.dataset.mode);
    drafts.keepSoon(form);
  });
  document.addEventListener("majlis:files", ({ target, detail }) => {
    if (detail.version) drafts.began(target, detail.version);
    drafts.keepSoon(target);
  });
  document.addEventListener("majlis:people", ({ target, detail }) => {
    const isShown = !document.getElementById("composer-people").hidden;
    if (isShown || detail.to || detail.cc || detail.bcc) people().then((part) => part.put(target, detail));
  });
  document.addEventListener("majlis:arrived", ({ detail }) => warn(openNumber(), detail.entry));
  document.addEventListener("htmx:load", (event) => event.detail.elt.id === "thread" && begin(box()));
  files.start();
  queue.start(post);
  // Who was quicker than this module has typed already.
  if (box()?.elements.text.value) drafts.keep(box());
  begin(box());
}
