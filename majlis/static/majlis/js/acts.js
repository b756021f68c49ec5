// Small changes of the open conversation: sent by htmx, then the page catches up and says what happened.

import { textOf } from "./http.js";
import { refreshSoon } from "./inbox.js";
import { subscribe } from "./live.js";
import { close } from "./menus.js";
import { tell } from "./telling.js";
import { catchUp } from "./thread.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

function done(xhr) {
  close();
  catchUp();
  refreshSoon();
  tell(xhr.getResponseHeader("X-Majlis-Told"));
}

function notice(key, link = null) {
  const place = document.getElementById("thread-notices");
  document.getElementById("live-notice")?.remove();
  if (!key || !place) return;
  const bar = document.createElement("div");
  bar.className = "banner";
  bar.id = "live-notice";
  bar.setAttribute("role", "status");
  bar.append(word(key));
  if (link) {
    const anchor = bar.appendChild(document.createElement("a"));
    anchor.className = "end";
    anchor.href = location.href;
    anchor.textContent = word(link);
  }
  place.prepend(bar);
}

export function start() {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.dataset.act && detail.successful) done(detail.xhr);
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.elt.closest("#sheet")) return; // it says so itself
    const isFragment = Boolean(detail.xhr.getResponseHeader("X-Majlis-Refused"));
    toast((isFragment && textOf(detail.xhr.responseText)) || word("act_failed"), { isBad: true });
  });
  document.addEventListener("htmx:sendError", ({ detail }) => detail.elt.id === "begin-kept" || toast(word("act_failed"), { isBad: true }));
  document.addEventListener("click", (event) => {
    // On a phone the list is still there behind the thread: no need to fetch it anew.
    if (!event.target.closest("#thread-back") || !document.querySelector("#rows > li")) return;
    event.preventDefault();
    delete document.querySelector(".app").dataset.pane;
  });
  subscribe(({ type }) => {
    if (type === "offline") notice("offline");
    else if (type === "online") notice("");
    else if (type === "signed-out") notice("signed_out", "sign_in");
  });
}
