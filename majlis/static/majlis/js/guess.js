// The mailbox form: guessed servers come into the fields that nobody wrote in, whenever the answer arrives.

const servers = document.getElementById("servers");

/** The field of names that a guess leaves alone; it goes to the server with every guess. */
const typedIn = (part) => part.querySelector("[name=typed]");
const names = (field) => field.value.split(" ").filter(Boolean);

function merge(fresh) {
  const typed = new Set([...names(typedIn(servers)), ...names(typedIn(fresh))]);
  for (const field of servers.querySelectorAll("input:not([type=radio]), select")) {
    const offered = fresh.querySelector(`[name="${field.name}"]`);
    if (offered && !typed.has(field.name)) field.value = offered.value;
  }
  typedIn(servers).value = [...typed].join(" ");
  document.getElementById("servers-hint").replaceWith(fresh.querySelector("#servers-hint"));
}

servers.addEventListener("input", ({ target }) => {
  typedIn(servers).value = [...new Set([...names(typedIn(servers)), target.name])].join(" ");
});

// The fields themselves stay: replaced ones would take focus, caret and a half-composed word away.
servers.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target !== servers || !event.detail.shouldSwap) return;
  event.detail.shouldSwap = false;
  const fresh = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").getElementById("servers");
  if (fresh) merge(fresh);
});
