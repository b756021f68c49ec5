// The week on the page of the hours: periods come and go, and one day's are copied to the others.

const form = document.getElementById("settings-form");
const spares = new Map();

const pairs = (day) => [...day.querySelectorAll(".hours__pair")];
const isOpen = (day) => pairs(day).length > 0;

/** What a day says of itself: closed, or that a period goes on into the next day. */
function tell(day) {
  day.querySelector("[data-closed]").hidden = isOpen(day);
  day.querySelector("[data-copy]").hidden = !isOpen(day);
  for (const pair of pairs(day)) {
    const [opens, closes] = [...pair.querySelectorAll("input")].map((field) => field.value);
    pair.querySelector("[data-over]").hidden = !(opens && closes && closes < opens && closes !== "00:00");
  }
}

function add(day, values = ["", ""]) {
  const pair = spares.get(day).cloneNode(true);
  for (const [place, field] of pair.querySelectorAll("input").entries()) field.value = values[place];
  day.querySelector("[data-closed]").before(pair);
  return pair;
}

/** The trial below tells what has become of it. */
const changed = () => form.dispatchEvent(new CustomEvent("majlis:hours"));

for (const day of form?.querySelectorAll(".hours__day") ?? []) {
  const spare = day.querySelector("[data-spare]");
  spare.remove();
  spare.removeAttribute("data-spare");
  for (const button of [spare.querySelector("[data-remove]"), ...day.querySelectorAll("[data-remove], [data-add]")]) {
    button.hidden = false;
  }
  spares.set(day, spare);
  tell(day);
}

form?.addEventListener("input", ({ target }) => {
  const day = target.closest(".hours__day");
  if (day) tell(day);
});

form?.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-add], [data-remove], [data-copy]");
  if (!button) return;
  const day = button.closest(".hours__day");
  if (button.matches("[data-add]")) {
    add(day).querySelector("input").focus();
  } else if (button.matches("[data-remove]")) {
    button.closest(".hours__pair").remove();
    (day.querySelector("[data-remove]") ?? day.querySelector("[data-add]")).focus();
  } else {
    const values = pairs(day).map((pair) => [...pair.querySelectorAll("input")].map((field) => field.value));
    for (const other of spares.keys()) {
      if (other === day || !isOpen(other)) continue;
      for (const pair of pairs(other)) pair.remove();
      for (const value of values) add(other, value);
      tell(other);
    }
  }
  tell(day);
  changed();
});
