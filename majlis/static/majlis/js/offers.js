// Offers to take a reply back: a toast that counts down, and a banner when somebody wrote meanwhile.

import { toast } from "./toast.js";
import { counted, word } from "./words.js";

const open = new Map(); // address of the reply -> {close, number, endsAt, run}

/** Offer to take back the last reply in `html`; `run(url, number)` does it. */
export function offer(html, number, run) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const sent = [...holder.content.querySelectorAll("[data-undo]")].at(-1);
  const seconds = Number(sent?.dataset.seconds ?? 0);
  if (seconds < 1) return;
  const url = sent.dataset.undo;
  const said = (left) => counted("soon", left);
  const close = toast(said(seconds), { seconds, said, action: word("undo"), run: () => run(url, number) });
  open.set(url, { close, number, run });
  setTimeout(() => forget(url), seconds * 1000);
}

function forget(url) {
  open.delete(url);
  document.getElementById("take-back")?.remove();
}

/** The reply at `url` is being taken back: no toast or banner offers it any more. */
export function withdraw(url) {
  open.get(url)?.close();
  forget(url);
}

/** Somebody wrote in a conversation whose reply has not left yet: ask what is to become of it. */
export function warn(number, entry) {
  const found = [...open].find(([, one]) => one.number === number);
  const place = document.getElementById("thread-notices");
  if (!found || !place || document.getElementById("take-back")) return;
  const [url, { run }] = found;
  const bar = document.createElement("div");
  bar.className = "banner banner--warn";
  bar.id = "take-back";
  bar.setAttribute("role", "alert");
  const said = bar.appendChild(document.createElement("span"));
  const [start, end] = word("wrote_meanwhile").split("{who}");
  const who = document.createElement("bdi");
  who.textContent = entry.querySelector(".msg__head bdi")?.textContent ?? "";
  said.append(start, who, end ?? "");
  const acts = bar.appendChild(document.createElement("span"));
  acts.className = "end";
  for (const [key, act] of [["take_back", () => run(url, number)], ["let_go", () => bar.remove()]]) {
    const button = acts.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "btn btn--ghost btn--sm";
    button.textContent = word(key);
    button.addEventListener("click", act);
  }
  place.prepend(bar);
}
