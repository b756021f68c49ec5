// The same word however it was typed, for lists searched in the page; as lib/arabic.py folds it on the server.

const LETTERS = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ة: "ه", ى: "ي", ی: "ي", ئ: "ي", ؤ: "و", ء: "", ک: "ك" };
const MARKS = /[\u0640\u064b-\u065f\u0670\u200b-\u200f\u2066-\u2069]/g;

/** `text` in small letters, without marks, hamzas folded, digits Latin. */
export const folded = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(MARKS, "")
    .replace(/[أإآٱةىیئؤءک]/g, (letter) => LETTERS[letter])
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/\s+/g, " ")
    .trim();
