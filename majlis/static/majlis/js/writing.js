// What stands in the composer: plain words in its textarea, or an editor over it once something was formatted.

let over = null; // the editor that stands over a form's textarea, while there is one

/** Have `made` ({form, close, focus, before, insert}) stand over its form's textarea; null takes it away. */
export const standOver = (made) => (over = made);

/** The editor's side, loaded when somebody first writes. (It is named by the page: it imports this module itself.) */
export const load = (form) => import(form.dataset.rich);

export const isRich = (form) => over?.form === form;
export const content = (form) => ({ text: form.elements.text.value, html: form.elements.html.value });
export const isEmpty = (form) => !form.elements.text.value.trim() && !form.elements.html.value.includes("<img");

/** Put `text`, or what is formatted in `html`, in place of all that stands there. */
export function put(form, { text = "", html = "" } = {}) {
  if (isRich(form)) over.close();
  form.elements.text.value = text;
  form.elements.html.value = html;
  if (html) load(form).then((editor) => editor.open(form, html)).catch(() => {});
}

export const focus = (form) => (isRich(form) ? over.focus() : form.elements.text.focus());

/** Let nothing be typed for a moment. */
export function lock(form, isLocked) {
  form.elements.text.readOnly = isLocked;
  if (isRich(form)) over.lock(isLocked);
}

/** The words of the line before the caret. */
export function before(form) {
  if (isRich(form)) return over.before();
  const { value, selectionStart } = form.elements.text;
  return value.slice(0, selectionStart).split("\n").at(-1);
}

/** Put `words` at the caret, in place of the last `taken` letters before it. */
export function insert(form, words, taken = 0) {
  if (isRich(form)) return over.insert(words, taken);
  const box = form.elements.text;
  box.focus();
  box.setRangeText(words, box.selectionStart - taken, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
