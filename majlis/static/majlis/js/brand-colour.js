// A brand's colour: the browser's own chooser beside the code, and whether text on it can be read, while one chooses.

const box = document.querySelector("[data-colour]");
const pick = box.querySelector("[data-pick]");
const code = box.querySelector("input[name=colour]");
const said = box.querySelector("[data-said]");
const digits = document.documentElement.dataset.numerals === "arab" ? "arab" : "latn";
const number = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${digits}`, { maximumFractionDigits: 1 });
const ENOUGH = 4.5; // WCAG 2.2, 1.4.3
const INKS = ["#ffffff", "#161412"];

/** How light #rrggbb is, 0 to 1 (WCAG 2.2, relative luminance). */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** #rrggbb of what was typed; null for what is no colour. */
function colourOf(typed) {
  const [, short, long] = /^#?(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(typed.trim()) ?? [];
  return short ? `#${[...short].map((letter) => letter + letter).join("")}`.toLowerCase() : long ? `#${long}`.toLowerCase() : null;
}

function show(colour) {
  const ink = contrast(colour, INKS[0]) >= contrast(colour, INKS[1]) ? INKS[0] : INKS[1];
  const found = contrast(colour, ink);
  box.querySelector("[data-swatch] rect").setAttribute("fill", colour);
  box.querySelector("[data-swatch] text").setAttribute("fill", ink);
  said.textContent = (found >= ENOUGH ? said.dataset.good : said.dataset.poor).replace("{n}", number.format(Math.floor(found * 10) / 10));
}

pick.addEventListener("input", () => {
  code.value = pick.value;
  show(pick.value);
});
code.addEventListener("input", () => {
  const colour = colourOf(code.value);
  if (!colour) return;
  pick.value = colour;
  show(colour);
});
pick.hidden = false;
