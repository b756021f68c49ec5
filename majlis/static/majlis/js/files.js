// Files to send with a reply: chosen, pasted or dropped, each removable before it goes.

import { word } from "./words.js";

const input = (form) => form.elements.files;

function set(form, chosen) {
  const carrier = new DataTransfer();
  for (const file of chosen) carrier.items.add(file);
  input(form).files = carrier.files;
  show(form);
}

function show(form) {
  const list = document.getElementById("composer-files");
  list.replaceChildren(
    ...[...input(form).files].map((file, index) => {
      const item = document.createElement("li");
      item.className = "attach";
      const label = item.appendChild(document.createElement("bdi"));
      label.className = "trunc";
      label.textContent = file.name;
      const button = item.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = "×";
      button.setAttribute("aria-label", `${word("remove_file")}: ${file.name}`);
      button.addEventListener("click", () => {
        set(form, [...input(form).files].filter((_, other) => other !== index));
        form.elements.text.focus();
      });
      return item;
    }),
  );
  list.hidden = input(form).files.length === 0;
}

export const clear = (form) => set(form, []);

export function start() {
  let chosen = [];
  // The browser replaces the choice each time; what was chosen before stays.
  document.addEventListener("click", (event) => {
    if (event.target.matches("#composer [type=file]")) chosen = [...event.target.files];
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#composer [type=file]")) set(event.target.form, [...chosen, ...event.target.files]);
  });
  document.addEventListener("paste", (event) => {
    const form = event.target.closest?.("#composer");
    if (!form || form.dataset.mode === "note" || !event.clipboardData.files.length) return;
    event.preventDefault();
    set(form, [...input(form).files, ...event.clipboardData.files]);
  });
  for (const kind of ["dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("#composer");
      if (!form || form.dataset.mode === "note" || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") set(form, [...input(form).files, ...event.dataTransfer.files]);
    });
}
