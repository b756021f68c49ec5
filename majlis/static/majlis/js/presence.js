// Who else is where: above the composer, in the bar of the thread, and in the rows of the list.

import { subscribe } from "./live.js";
import { openNumber } from "./thread.js";
import { typing } from "./typing.js";
import { counted } from "./words.js";

const MARGIN_MS = 100; // a snapshot and a nudge of the same moment: the nudge counts
const MOST = { row: 2, bar: 4, banner: 3 };
const WEIGHT = ["read", "note", "reply"];

const places = new Map(); // conversation → teammate → {id, name, doing, at}; who left stays with no doing until the next snapshot
let knownAt = 0;
const announced = new Set();

const part = (id) => document.getElementById(id);
const people = (number) =>
  [...(places.get(number)?.values() ?? [])]
    .filter((one) => one.doing)
    .sort((a, b) => WEIGHT.indexOf(b.doing) - WEIGHT.indexOf(a.doing) || a.id - b.id);

function set(number, id, value) {
  if (!places.has(number)) places.set(number, new Map());
  places.get(number).set(id, { id, ...value });
}

function hear({ c, t, n, d, v }) {
  if (v < knownAt - MARGIN_MS || v < (places.get(c)?.get(t)?.at ?? 0)) return;
  set(c, t, { name: n, doing: d, at: v });
  if (!d) for (const doing of [...WEIGHT, "reply-too"]) announced.delete(`${c}:${t}:${doing}`);
  paint();
}

/** Take a snapshot `{v, others}` of the server over what was known before it. */
export function know({ v, others }) {
  if (v < knownAt) return;
  knownAt = v;
  for (const place of places.values()) for (const [id, one] of place) if (one.at <= v) place.delete(id);
  for (const { c, t, n, d } of others) if (!places.get(c)?.has(t)) set(c, t, { name: n, doing: d, at: v });
  for (const [number, place] of places) if (!place.size) places.delete(number);
  paint();
}

// As the server does it for the avatars of everybody: the first letter, and one of six colours by the id (CRC-32).
const initial = (name) => [...name].find((char) => /[\p{L}\p{N}]/u.test(char))?.toUpperCase() ?? "؟";
function hue(id) {
  let rest = ~0;
  for (const char of String(id)) {
    rest ^= char.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ((~rest >>> 0) % 6) + 1;
}

function sentence({ name, doing }) {
  const words = part("presence-sentences").content.querySelector(`[data-doing="${doing}"]`).cloneNode(true);
  words.querySelector("bdi").textContent = name;
  return words;
}

function face(one, { isNamed = false } = {}) {
  const shape = part("presence-face").content.firstElementChild.cloneNode(true);
  shape.dataset.doing = one.doing;
  shape.querySelector(".av").dataset.h = hue(one.id);
  shape.querySelector(".av").textContent = initial(one.name);
  if (!isNamed) return shape;
  const words = sentence(one);
  shape.title = words.textContent;
  words.classList.add("vh");
  shape.append(words);
  return shape;
}

const signed = (who) => who.map((one) => `${one.id}${one.doing}${one.name}`).join();

function fill(box, who, build) {
  if (!box || (box.dataset.who ?? "") === signed(who)) return;
  box.dataset.who = signed(who);
  box.replaceChildren(...build());
}

function paintRow(row) {
  const who = people(Number(row.dataset.number)).slice(0, MOST.row);
  let box = row.querySelector(".crow__here");
  if (!box && !who.length) return;
  if (!box) {
    box = document.createElement("span");
    box.className = "crow__here";
    row.querySelector(".crow__meta")?.append(box);
  }
  fill(box, who, () => who.map((one) => face(one, { isNamed: true })));
}

function paintThread() {
  const isTyping = typing() === "reply";
  const who = people(openNumber()).map((one) => (isTyping && one.doing === "reply" ? { ...one, doing: "reply-too" } : one));
  fill(part("presence-faces"), who.slice(0, MOST.bar), () => who.slice(0, MOST.bar).map((one) => face(one, { isNamed: true })));
  const banner = part("presence-banner");
  if (!banner) return;
  banner.hidden = !who.length;
  banner.classList.toggle("banner--warn", who.some((one) => one.doing !== "read"));
  banner.querySelector(".typing").hidden = !who.some((one) => one.doing !== "read");
  fill(banner.querySelector(".here__who"), who, () => {
    const shown = who.slice(0, MOST.banner);
    const said = shown.map((one) => {
      const both = document.createElement("span");
      both.className = "here__one";
      both.append(face(one), sentence(one));
      return both;
    });
    return who.length > shown.length ? [...said, counted("more_here", who.length - shown.length)] : said;
  });
  announce(who);
}

// A screen reader hears each of these once, and again only after the person was gone.
function announce(who) {
  const name = (one) => `${openNumber()}:${one.id}:${one.doing}`;
  const fresh = who.filter((one) => !announced.has(name(one)));
  fresh.forEach((one) => announced.add(name(one)));
  const region = part("presence-said");
  if (fresh.length) region.textContent = fresh.map((one) => sentence(one).textContent).join(" · ");
  else if (!who.length) region.textContent = "";
}

function paint() {
  document.querySelectorAll("#rows > li[data-number]").forEach(paintRow);
  paintThread();
}

export function start() {
  if (!part("presence-face")) return;
  subscribe((message) => message.type === "presence" && hear(message));
  for (const name of ["majlis:rows", "majlis:typing", "htmx:load"]) document.addEventListener(name, paint);
}
