// An address that ends in #entry-7 leads to that entry: the thread shows it and marks it for a moment.

import { goTo, openNumber } from "./thread.js";

const MARK_MS = 2400;

/** Show the entry that the address names, if it is in the open thread. */
export function land() {
  const found = document.querySelector(`#entries > [id="${CSS.escape(location.hash.slice(1))}"]`);
  if (!found) return;
  found.tabIndex = -1;
  found.classList.add("is-found");
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
  setTimeout(() => found.classList.remove("is-found"), MARK_MS);
}

/** Go to a path of the desk: within this page where it shows conversations, else by loading it. */
export function go(path) {
  const url = new URL(path, location.origin);
  const number = Number(url.pathname.match(/\/conversations\/(\d+)$/)?.[1] ?? 0);
  if (url.origin !== location.origin) return;
  if (!number || !document.getElementById("list")) return location.assign(url.href);
  if (number !== openNumber()) return goTo(url.pathname + url.search + url.hash);
  history.replaceState(history.state, "", url.href);
  document.querySelector(".app").dataset.pane = "thread";
  land();
}
