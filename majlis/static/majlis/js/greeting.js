// The acknowledgement's preview: what a customer reads while it is being written.

/** As the desk fills it in. */
const filled = (text, sample) =>
  text.replace(/\{(name|team|company)\}/g, (_, name) => sample[name] ?? "").trim();

for (const part of document.querySelectorAll("[data-greeting]")) {
  const written = part.querySelector("textarea");
  const shown = part.querySelector("[data-shown]");
  written.addEventListener("input", () => {
    shown.textContent = filled(written.value, written.dataset);
  });
}
