// The acknowledgement's preview: what a customer reads while it is being written.

/** Where nobody can say when, what says so goes, and of two empty lines that would come together one stays. */
const unanswered = (text) => {
  const lines = [];
  let gone = false;
  for (const line of text.split("\n")) {
    const kept = line.replace(/[ \t\u00a0]*\{answer\}/g, "");
    if (kept !== line && !kept.trim()) gone = true;
    else if (kept.trim() || !gone || lines.at(-1)?.trim()) {
      lines.push(kept);
      gone = gone && !kept.trim();
    }
  }
  return lines.join("\n");
};

/** As the desk fills it in. */
const filled = (text, sample) =>
  (sample.answer ? text : unanswered(text))
    .replace(/\{(name|team|company|answer)\}/g, (_, name) => sample[name] ?? "")
    .trim();

for (const part of document.querySelectorAll("[data-greeting]")) {
  const written = part.querySelector("textarea");
  const shown = part.querySelector("[data-shown]");
  written.addEventListener("input", () => {
    shown.textContent = filled(written.value, written.dataset);
  });
}
