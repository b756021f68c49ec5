// The page's words, rendered by the server in the reader's language, and numbers in the reader's digits.

const root = document.documentElement;
const table = JSON.parse(document.getElementById("majlis-words")?.textContent ?? "{}");
const rules = new Intl.PluralRules(root.lang);
const digits = new Intl.NumberFormat(root.lang, { numberingSystem: root.dataset.numerals || "latn", useGrouping: false });

/** One word or sentence by its key. */
export const word = (key) => table[key] ?? "";

/** A number in the reader's digits. */
export const shaped = (number) => digits.format(number);

/** A sentence in the form that `count` asks for, with the count written in. */
export function counted(key, count) {
  const forms = table[key] ?? {};
  return (forms[rules.select(count)] ?? forms.other ?? "").replace("{n}", digits.format(count));
}
