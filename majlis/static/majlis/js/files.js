// Files that go with what is written: uploaded at once, each removable, pictures shown where they stand in the text.

import { token } from "./http.js";
import { word } from "./words.js";
import { load } from "./writing.js";

const held = new Map(); // number:mode -> [{key, name, id, url, cid, is_inline, share, isBad}]
const of = (form) => `${form.dataset.number}:${form.dataset.mode}`;
let keys = 0;

/** The files of what is written now. */
export const all = (form) => held.get(of(form)) ?? [];
export const areBad = (form) => all(form).some((file) => file.isBad);
export const address = (file) => `${file.url}?inline=1`;

const each = (form, html, from, to) => all(form).reduce((text, file) => (file.cid ? text.replaceAll(`src="${from(file)}"`, `src="${to(file)}"`) : text), html);
/** HTML whose pictures are named by content id, as it is kept and sent. */
export const withIds = (form, html) => each(form, html, address, (file) => `cid:${file.cid}`);
/** HTML whose pictures can be shown here. */
export const withAddresses = (form, html) => each(form, html, (file) => `cid:${file.cid}`, address);

/** These are the files of one of the form's drafts. */
export function set(form, mode, files = []) {
  held.set(`${form.dataset.number}:${mode}`, files.map((file) => ({ ...file, key: ++keys })));
}

const chips = new WeakMap(); // file -> its element: a press that begins on one must find the same at its end

export function show(form) {
  const list = document.getElementById("composer-files");
  const shown = all(form).filter((file) => !file.is_inline || !file.id).map(chip);
  for (const item of [...list.children]) if (!shown.includes(item)) item.remove();
  shown.forEach((item, place) => item === list.children[place] || list.insertBefore(item, list.children[place] ?? null));
  list.hidden = shown.length === 0;
}

function chip(file) {
  const item = chips.get(file) ?? newChip(file);
  item.className = file.isBad ? "attach attach--bad" : "attach";
  if (file.id || file.isBad) item.querySelector("progress")?.remove();
  if (file.isBad && !item.querySelector("small")) {
    const why = document.createElement("small");
    why.textContent = file.why;
    item.lastChild.before(why);
  }
  return item;
}

function newChip(file) {
  const item = document.createElement("li");
  const label = item.appendChild(document.createElement("bdi"));
  label.className = "trunc";
  label.textContent = file.name;
  const bar = item.appendChild(document.createElement("progress"));
  bar.value = file.share ?? 0;
  bar.setAttribute("aria-label", word("uploading"));
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `${word("remove_file")}: ${file.name}`);
  button.addEventListener("click", () => remove(button.form, file));
  chips.set(file, item);
  return item;
}

const forget = (file) => fetch(file.url, { method: "DELETE", headers: { "X-CSRFToken": token() } }).catch(() => {});

function remove(form, file) {
  const item = chips.get(file);
  const beside = item.nextElementSibling ?? item.previousElementSibling;
  const hadFocus = item.contains(document.activeElement);
  file.isRemoved = true;
  if (file.id) forget(file);
  held.set(of(form), all(form).filter((other) => other !== file));
  show(form);
  if (hadFocus) (beside?.querySelector("button") ?? form.querySelector("[type=file]")).focus();
  form.dispatchEvent(new CustomEvent("majlis:files", { bubbles: true, detail: {} }));
}

function upload(form, source, isInline) {
  const file = { key: ++keys, name: source.name || "image.png", share: 0, is_inline: isInline };
  held.set(of(form), [...all(form), file]);
  const body = new FormData();
  body.set("file", source, file.name);
  if (isInline) body.set("inline", "1");
  const going = new XMLHttpRequest();
  going.open("POST", `${form.dataset.drafts}${form.dataset.mode}/files`);
  going.setRequestHeader("X-CSRFToken", token());
  going.setRequestHeader("HX-Request", "true");
  going.upload.addEventListener("progress", ({ loaded, total }) => {
    file.share = total ? loaded / total : 0;
    const bar = chips.get(file)?.querySelector("progress");
    if (bar) bar.value = file.share;
  });
  file.coming = new Promise((resolve) =>
    going.addEventListener("loadend", () => {
      arrived(form, file, going);
      resolve();
    }),
  );
  going.send(body);
}

function arrived(form, file, going) {
  if (going.status === 200) {
    const { version, ...found } = JSON.parse(going.responseText);
    Object.assign(file, found);
    if (file.isRemoved) return forget(file); // taken off while it was on its way
    form.dispatchEvent(new CustomEvent("majlis:files", { bubbles: true, detail: { version } }));
    if (file.is_inline) load(form).then((editor) => editor.picture(form, address(file), file.name));
  } else {
    const why = new DOMParser().parseFromString(going.responseText, "text/html").body.textContent.trim();
    Object.assign(file, { isBad: true, why: (going.getResponseHeader("X-Majlis-Refused") && why) || word("act_failed") });
  }
  show(form);
}

/** Wait until every file is there, or failed. */
export const settled = (form) => Promise.all(all(form).map((file) => file.coming));

/** Add files; pictures that were pasted or dropped stand in the text itself. */
export function add(form, sources, { isInline = false } = {}) {
  for (const source of sources) upload(form, source, isInline && /^image\/(png|jpeg|gif|webp)$/.test(source.type));
  show(form);
}

export function start() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("#composer [type=file]")) return;
    add(target.form, [...target.files]);
    target.value = "";
  });
  document.addEventListener(
    "paste",
    (event) => {
      const form = event.target.closest?.("#composer");
      if (!form || !event.clipboardData.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      add(form, event.clipboardData.files, { isInline: true });
    },
    true,
  );
  for (const kind of ["dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("#composer");
      if (!form || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") add(form, event.dataTransfer.files, { isInline: Boolean(event.target.closest(".composer__text, .composer__rich")) });
    });
}
