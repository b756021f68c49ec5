// What was typed and not sent, kept on this device per person, conversation and mode.

const me = () => document.querySelector(".app")?.dataset.me ?? "";

/** The name a draft is kept under. */
export const place = (number, mode) => `majlis-draft:${me()}:${number}:${mode}`;

/** The draft kept at a place: {text, html, version, isDirty}, null when there is none. */
export function read(at) {
  try {
    const found = localStorage.getItem(at);
    if (!found) return null;
    return found.startsWith("{") ? JSON.parse(found) : { text: found, html: "", version: 0, isDirty: true };
  } catch {
    return null;
  }
}

/** Keep `value`; null is forgotten. Says whether the device took it. */
export function store(at, value) {
  try {
    if (value) localStorage.setItem(at, JSON.stringify(value));
    else localStorage.removeItem(at);
    return true;
  } catch {
    return false;
  }
}
