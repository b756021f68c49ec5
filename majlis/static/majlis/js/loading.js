// While a conversation is fetched: nothing at first, a line at the top, then its shape; and what to do when it fails.

const SHAPE_MS = 500;
const pane = () => document.getElementById("thread");
let timer = null;
let asked = null; // the row whose conversation is being fetched

const isForThread = ({ detail }) => detail.target?.id === "thread";

function put(name) {
  const fresh = document.getElementById(name).content.firstElementChild.cloneNode(true);
  pane().querySelectorAll(":scope > .loading").forEach((old) => old.remove());
  pane().append(fresh);
  return fresh;
}

function clear() {
  clearTimeout(timer);
  pane()?.querySelectorAll(":scope > .loading").forEach((shape) => shape.remove());
}

function failed(event) {
  if (!isForThread(event)) return;
  clear();
  put("thread-failed").querySelector("button").focus();
  document.querySelector(".app").dataset.pane = "thread";
}

export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isForThread(event)) return;
    clear();
    asked = event.detail.elt;
    timer = setTimeout(() => put("thread-loading"), SHAPE_MS);
  });
  document.addEventListener("htmx:afterRequest", (event) => isForThread(event) && clear());
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#thread-again")) return;
    if (asked?.isConnected) asked.click();
    else location.reload();
  });
}
