// The preview beside a widget's form: tells the page in the frame what the form says, as it is written.

const figure = document.querySelector("[data-preview]");
const frame = figure.querySelector("iframe");
const form = document.getElementById("settings-form");
const brands = JSON.parse(document.getElementById("preview-brands").textContent);
const choices = [...figure.querySelectorAll("[data-choice]")];
const pinned = document.documentElement.dataset.theme;
const isDark = pinned ? pinned === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const PAUSE_MS = 150;
let pause;

const chosen = (name) => figure.querySelector(`[data-choice=${name}] [aria-pressed=true]`).value;

function told() {
  const said = new FormData(form);
  const typed = said.get("offset_px").replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit));
  const offset = /^\d+$/.test(typed) ? Math.min(200, Number(typed)) : 20;
  return {
    brand: brands[said.get("brand")],
    position: said.get("position"),
    offset,
    theme: said.get("theme"),
    language: said.get("language"),
    greeting: { ar: said.get("greeting_ar"), en: said.get("greeting_en") },
    page: { screen: chosen("screen"), language: chosen("language"), theme: chosen("theme") },
  };
}

const tell = () => frame.contentWindow.postMessage({ majlis: told() }, location.origin);

function press(button) {
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
  figure.dataset.width = chosen("width");
  tell();
}

form.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(tell, PAUSE_MS);
});
for (const choice of choices) choice.addEventListener("click", ({ target }) => target.value && press(target));
addEventListener("message", ({ source, origin, data }) => {
  if (origin === location.origin && source === frame.contentWindow && data?.majlis === "ready") tell();
});
figure.querySelector(`[data-choice=theme] [value=${isDark ? "dark" : "light"}]`).setAttribute("aria-pressed", "true");
figure.querySelector(`[data-choice=theme] [value=${isDark ? "light" : "dark"}]`).setAttribute("aria-pressed", "false");
figure.dataset.width = "wide";
figure.hidden = false;
frame.src = frame.dataset.src;
