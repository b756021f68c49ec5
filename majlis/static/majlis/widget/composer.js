// Where the visitor writes: text that is kept as it is typed, files that go up as they are chosen.

import { fill, h, PATHS } from "./dom.js";
import { isPicture, picture } from "./shown.js";

const TYPING_MS = 3000;

/** {node, take(files), edit(item), focus()} for M's thread. */
export function composer(L, M, S) {
  const { words: W, limits } = M.told;
  const place = () => `draft:${M.thread?.id ?? ""}`;
  const kept = JSON.parse(L.store.get(place()) ?? "{}");
  let files = kept.files ?? []; // {name, size, type, id?, blob?}
  let typedAt = 0;

  const alarm = h("p", { class: "bad", role: "alert", hidden: true });
  const chips = h("div", { class: "chips", hidden: true });
  const chooser = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1 });
  const field = h("textarea", { rows: 1, dir: "auto", "aria-label": W.message, placeholder: W.placeholder, enterkeyhint: "send" });
  const clip = h("button", { type: "button", class: "btn ghost ic", "aria-label": W.attach, onclick: () => chooser.click() }, L.icon(...PATHS.clip));
  const go = h("button", { class: "btn go ic mirror", "aria-label": W.send }, L.icon(...PATHS.send));
  const form = h("form", { class: "in" }, clip, field, go);
  const node = h("div", null, alarm, chips, chooser, form);

  const say = (text) => {
    alarm.textContent = text ?? "";
    alarm.hidden = !text;
  };

  function keep() {
    const ready = files.filter((file) => file.id).map(({ name, size, type, id }) => ({ name, size, type, id }));
    L.store.set(place(), field.value || ready.length ? JSON.stringify({ text: field.value, files: ready }) : null);
  }

  function fit() {
    field.style.blockSize = "";
    if (field.scrollHeight > field.clientHeight) field.style.blockSize = `${field.scrollHeight}px`;
  }

  function show() {
    chips.hidden = !files.length;
    chips.replaceChildren(
      ...files.map((file) => {
        const remove = () => ((files = files.filter((one) => one !== file)), show(), keep(), field.focus());
        const made = h("span", { class: "chip" }, h("span", { class: "text", dir: "auto" }, file.name), h("small", null, file.id ? S.size(file.size) : W.uploading), h("button", { type: "button", class: "btn ghost ic", "aria-label": fill(W.remove, { name: file.name }), onclick: remove }, L.icon(...PATHS.cross)));
        if (file.blob && isPicture(file)) picture(file.blob, { size: 24 }).then((canvas) => made.prepend(canvas), () => {});
        return made;
      }),
    );
  }

  async function raise(file) {
    try {
      file.id = await M.out.upload(file.blob);
    } catch (error) {
      // Refused: it will never go. Out of reach: it goes with the message.
      if (![400, 403, 413].includes(error.status)) return;
      files = files.filter((one) => one !== file);
      say(error.say ?? W.not_sent);
    }
    show();
    keep();
  }

  function take(chosen) {
    say();
    for (const blob of chosen) {
      if (files.length >= limits.files) {
        say(fill(W.too_many, { n: L.number(limits.files) }));
        break;
      }
      if (blob.size > limits.file_bytes) {
        say(fill(W.too_big, { name: blob.name, size: S.size(limits.file_bytes) }));
        continue;
      }
      const file = { name: blob.name, size: blob.size, type: blob.type, blob };
      files.push(file);
      raise(file);
    }
    show();
  }

  function send() {
    const text = field.value.trim();
    if (!text && !files.length) return field.focus();
    if (text.length > limits.text) return say(fill(W.too_long, { n: L.number(limits.text) }));
    say();
    L.store.set(place(), null);
    const going = files;
    files = [];
    field.value = "";
    show();
    fit();
    M.out.put(text, going, M.thread?.id ?? null, location.origin + location.pathname);
    field.focus();
  }

  form.addEventListener("submit", (event) => (event.preventDefault(), send()));
  chooser.addEventListener("change", () => (take(chooser.files), (chooser.value = "")));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  field.addEventListener("input", () => {
    keep();
    fit();
    if (!M.thread || !field.value || Date.now() - typedAt < TYPING_MS) return;
    typedAt = Date.now();
    L.post("typing", { conversation: M.thread.id }).catch(() => {});
  });
  field.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });

  field.value = kept.text ?? "";
  show();
  requestAnimationFrame(fit);

  return {
    node,
    take,
    focus: () => field.focus(),
    /** Put what did not go out back into the composer. */
    edit(item) {
      field.value = [item.text, field.value].filter(Boolean).join("\n");
      files = [...item.files.map((file, index) => ({ ...file, blob: M.out.blob(item, index) })).filter((file) => file.id || file.blob), ...files];
      M.out.drop(item);
      show();
      fit();
      keep();
      field.focus();
    },
  };
}
