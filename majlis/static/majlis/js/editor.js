// The rich editor: it stands over the textarea as soon as something is formatted, and takes what was typed along.

import * as files from "./files.js";
import { isRich, standOver } from "./writing.js";

const LINES = /\n\n/;
const FORMATTED = /<(b|strong|i|em|u|ul|ol|li|a|blockquote|code|h[1-6])[\s>]/i;
let kit = null;
let editor = null;

/** Fetch the editor's own code, so that it is there when it is asked for. */
export const ready = (form) => (kit ??= import(form.dataset.editor).catch((problem) => ((kit = null), Promise.reject(problem))));

function extensions(m, form) {
  const none = { addKeyboardShortcuts: () => ({}) };
  const Direction = m.Extension.create({
    name: "direction",
    addGlobalAttributes: () => [
      {
        types: ["paragraph"], // an element that asks its text for the direction does not hear those inside that ask too
        attributes: { dir: { default: "auto", parseHTML: (at) => at.getAttribute("dir") || "auto", renderHTML: ({ dir }) => ({ dir }) } },
      },
    ],
  });
  const Break = m.HardBreak.extend({ addKeyboardShortcuts: () => ({ "Shift-Enter": ({ editor }) => editor.commands.setHardBreak() }) });
  const link = m.Link.extend(none).configure({ openOnClick: false, enableTarget: false });
  const image = m.Image.configure({ inline: true });
  return [m.Document, m.Paragraph, m.Text, m.Bold, m.Italic, m.BulletList, m.OrderedList, m.ListItem, m.Blockquote, m.Code, m.History, Break, link, image, Direction];
}

// Letter for letter: a paragraph's end counts for two, as the blank line did, so that the caret stays where it was.
const asParagraphs = (text) => ({
  type: "doc",
  content: text.split(LINES).map((lines) => ({
    type: "paragraph",
    content: lines.split("\n").flatMap((line, at) => [...(at ? [{ type: "hardBreak" }] : []), ...(line ? [{ type: "text", text: line }] : [])]),
  })),
});

const STRONG = /[\u0590-\u08ff\ufb1d-\ufefc]|\p{L}/u;
const wayOf = (text) => {
  const first = STRONG.exec(text)?.[0];
  return !first ? document.documentElement.dir : /[\u0590-\u08ff\ufb1d-\ufefc]/.test(first) ? "rtl" : "ltr";
};

function sync(form) {
  editor.view.dom.dir = wayOf(editor.getText());
  form.elements.text.value = editor.getText({ blockSeparator: "\n\n" });
  form.elements.html.value = files.withIds(form, editor.getHTML());
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(form) {
  for (const button of form.querySelectorAll("[data-format]")) {
    const name = NAMES[button.dataset.format];
    if (name) button.setAttribute("aria-pressed", editor.isActive(name));
  }
}

const NAMES = { bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList", quote: "blockquote", code: "code", link: "link" };

/** Let the editor stand over the form's textarea, with `html` or what was typed so far. */
export async function open(form, html = "") {
  const m = await ready(form);
  if (isRich(form) || !form.isConnected) return editor;
  const box = form.elements.text;
  const { selectionStart: from, selectionEnd: to } = box;
  const hadFocus = document.activeElement === box;
  const place = document.createElement("div");
  box.after(place);
  editor = new m.Editor({
    element: place,
    injectCSS: false,
    extensions: extensions(m, form),
    content: html ? files.withAddresses(form, html) : asParagraphs(box.value),
    editorProps: {
      attributes: { class: "composer__rich written", role: "textbox", "aria-multiline": "true", "aria-label": box.getAttribute("aria-label") },
      handleKeyDown: (_view, event) => (event.ctrlKey || event.metaKey) && event.key === "Enter",
      transformPastedHTML: (pasted) => pasted.replace(/<img[^>]*>/gi, ""),
    },
    onUpdate: () => sync(form),
    onTransaction: () => editor && mark(form),
  });
  box.hidden = true;
  standOver({ form, close: () => close(form), focus: () => editor.commands.focus(), lock: (isLocked) => editor.setEditable(!isLocked), before, insert });
  const { size } = editor.state.doc.content;
  editor.commands.setTextSelection(html ? size - 1 : { from: from + 1, to: to + 1 });
  editor.view.dom.dir = wayOf(editor.getText());
  if (hadFocus) editor.commands.focus();
  form.elements.html.value = files.withIds(form, editor.getHTML());
  return editor;
}

function close(form) {
  editor.destroy();
  form.querySelector(".composer__rich")?.parentElement.remove();
  for (const button of form.querySelectorAll("[data-format]")) button.setAttribute("aria-pressed", "false");
  form.elements.text.hidden = false;
  standOver(null);
}

const before = () => editor.state.selection.$from.parent.textBetween(0, editor.state.selection.$from.parentOffset, "\n", "\n");

function insert(words, taken) {
  const { from, to } = editor.state.selection;
  editor.chain().focus().insertContentAt({ from: from - taken, to }, words).run();
}

function turn(chain) {
  const now = editor.getAttributes("paragraph").dir ?? "auto";
  const page = document.documentElement.dir;
  const next = { auto: page === "rtl" ? "ltr" : "rtl", [page === "rtl" ? "ltr" : "rtl"]: page, [page]: "auto" }[now];
  return chain.updateAttributes("paragraph", { dir: next });
}

const ACTS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  code: (chain) => chain.toggleCode(),
  clear: (chain) => chain.unsetAllMarks().clearNodes(),
  turn,
};

/** Do one thing of the toolbar. */
export async function format(form, name) {
  await open(form);
  ACTS[name]?.(editor.chain().focus()).run();
}

/** Make the chosen words a link, or put the address itself where nothing is chosen; without one, no link. */
export async function link(form, href) {
  await open(form);
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!href) chain.unsetLink().run();
  else if (editor.state.selection.empty && !editor.isActive("link"))
    chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
  else chain.setLink({ href }).run();
}

/** Put a picture where the caret is; it is one of the draft's files. */
export async function picture(form, address, alt) {
  await open(form);
  editor.chain().focus().setImage({ src: address, alt }).run();
}

export const isFormatted = (html) => FORMATTED.test(html);

/** Paste formatted words into what was plain so far. */
export async function paste(form, html) {
  await open(form);
  editor.view.pasteHTML(html);
}
