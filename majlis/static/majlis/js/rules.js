// The conditions of a rule: each shows only what it needs, and one more comes without leaving the page.

const MOST = 10;

/** Show the parts a row's choice needs. */
function fit(row) {
  const needs = row.querySelector("[data-what]").selectedOptions[0]?.dataset.needs ?? "";
  for (const part of row.querySelectorAll("[data-part]")) part.hidden = !needs.split(" ").includes(part.dataset.part);
}

for (const rule of document.querySelectorAll("[data-rule]")) {
  const more = rule.querySelector("[data-more]");
  const spare = rule.querySelector("[data-spare]")?.cloneNode(true);
  for (const row of rule.querySelectorAll("[data-row]")) fit(row);
  rule.addEventListener("change", ({ target }) => target.matches("[data-what]") && fit(target.closest("[data-row]")));
  more?.addEventListener("click", (event) => {
    if (!spare) return;
    event.preventDefault();
    const row = spare.cloneNode(true);
    more.before(row);
    fit(row);
    more.hidden = rule.querySelectorAll("[data-row]").length >= MOST;
    row.querySelector("select").focus();
  });
}
