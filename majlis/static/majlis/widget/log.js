// The messages of a conversation on the screen. Each stands in a place of its own, so that one under way becomes the one
// that arrived, none stands there twice, and a screen reader is told only of what is new.

import { face, fill, h, PATHS } from "./dom.js";
import { isPicture, picture, plain, written } from "./shown.js";

const TOGETHER_MS = 300_000;

/** {node, sync()}: the log of M's thread; W: its words; S: the ways to say times and sizes. */
export function log(L, M, S) {
  const W = M.told.words;
  const places = new Map(); // name → {node, said}
  const node = h("div", { class: "log", role: "log", "aria-live": "polite" });
  const draw = (path, options) => picture(path, { base: L.C.base, ...options });

  function chip(file) {
    const parts = [L.icon(...PATHS.clip), h("span", { class: "text", dir: "auto" }, file.name), h("small", null, S.size(file.size))];
    if (!file.url) return h("span", { class: "chip" }, parts);
    const label = fill(W.download, { name: file.name, size: S.size(file.size) });
    return h("a", { class: "chip", href: new URL(file.url, L.C.base).href, target: "_blank", rel: "noopener", "aria-label": label }, parts);
  }

  function shown(file) {
    const isHere = file.blob instanceof Blob;
    if (!isPicture(file) || !(isHere || file.url)) return chip(file);
    const place = isHere ? h("span", { class: "pic" }) : h("a", { class: "pic", href: new URL(file.url, L.C.base).href, target: "_blank", rel: "noopener" });
    const label = isHere ? file.name : fill(W.picture, { name: file.name });
    draw(file.blob ?? file.url, { label }).then((canvas) => {
      const isLow = isAtEnd();
      place.replaceChildren(canvas);
      if (isLow) down();
    }, () => place.replaceWith(chip(file)));
    return place;
  }

  /** Everything there is to see, in order: {id, at, isMine, name, …}. */
  function listed() {
    const thread = M.thread;
    const entries = [...(thread?.entries.values() ?? [])].sort((one, other) => one.seq - other.seq);
    const keys = new Set(entries.map((entry) => entry.key).filter(Boolean));
    const waiting = M.out.list().filter((item) => !keys.has(item.key) && (item.conversation ?? null) === (thread?.id ?? null));
    return [
      ...entries.map((entry) => ({ ...entry, id: entry.key ?? `s${entry.seq}`, at: new Date(entry.at), isMine: entry.who === "me" })),
      ...waiting.map((item) => ({ ...item, id: item.key, at: new Date(item.at), isMine: true, isWaiting: true })),
    ];
  }

  function under(item, isLastMine) {
    if (item.state === "failed") {
      const said = item.lost ? fill(W.lost_file, { name: item.lost }) : (item.say ?? W.not_sent);
      return h("div", { class: "meta", role: "alert" }, said, !item.lost && h("button", { type: "button", class: "link", onclick: () => M.out.again(item) }, W.again), h("button", { type: "button", class: "link", onclick: () => node.dispatchEvent(new CustomEvent("edit", { detail: item })) }, W.edit));
    }
    if (item.isWaiting) return h("div", { class: "meta" }, M.out.isWaiting ? W.waiting : W.sending);
    const read = M.thread.read;
    const time = item.via === "mail" ? fill(W.by_mail, { time: S.time(item.at) }) : S.time(item.at);
    const isRead = isLastMine && read && read.seq >= item.seq;
    return h("div", { class: "meta" }, h("time", { datetime: item.at.toISOString() }, time), isRead && ` · ${read.at ? fill(W.read, { time: S.time(new Date(read.at)) }) : W.was_read}`);
  }

  function turn(item, isFirst, isLast, isLastMine) {
    const name = item.name || M.told.name;
    const inline = new Set();
    const image = (index) => item.files[index] && (inline.add(index), shown(item.files[index]));
    const text = item.isWaiting ? (item.text ? plain(item.text) : []) : written(item.body, image);
    const files = (item.files ?? []).map((file, index) => (inline.has(index) ? null : shown(item.isWaiting ? { ...file, blob: M.out.blob(item, index) } : file)));
    const made = h("div", { class: `turn${item.isMine ? " me" : ""}${item.state === "failed" ? " fails" : ""}` });
    if (isFirst && !item.isMine) made.append(h("div", { class: "who" }, face(name, item.picture, draw), h("bdi", null, name)));
    if (text.length) made.append(h("div", { class: "bub" }, h("span", { class: "vh" }, item.isMine ? W.you : fill(W.wrote, { name })), text));
    made.append(...files.filter(Boolean));
    if (isLast || isLastMine || item.isWaiting) made.append(under(item, isLastMine));
    return made;
  }

  function day(at) {
    const age = S.age(at);
    return age === 0 ? W.today : age === 1 ? W.yesterday : S.long(at);
  }

  const scroller = () => node.closest(".body");
  const isAtEnd = () => !scroller() || scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < 80;
  const down = () => scroller()?.scrollTo(0, 1e9);

  /** Bring the screen up to what is known; says whether something of others is new. */
  function sync() {
    const items = listed();
    const lastMine = items.filter((item) => item.isMine && !item.isWaiting).at(-1)?.id;
    const wanted = [];
    let isNew = false;
    const place = (id, said, build) => {
      const old = places.get(id);
      if (old?.said === said) return wanted.push(old.node);
      const made = build();
      if (old) old.node.replaceWith(made);
      places.set(id, { node: made, said });
      wanted.push(made);
      return !old;
    };
    items.forEach((item, index) => {
      const joins = (one, other) => one && other && one.isMine === other.isMine && one.name === other.name && one.who !== "auto" === (other.who !== "auto") && Math.abs(one.at - other.at) < TOGETHER_MS && one.at.toDateString() === other.at.toDateString();
      const [before, after] = [items[index - 1], items[index + 1]];
      if (before?.at.toDateString() !== item.at.toDateString()) place(`d${item.at.toDateString()}`, day(item.at), () => h("div", { class: "day" }, day(item.at)));
      const isFirst = !joins(before, item);
      const isLast = !joins(item, after);
      const isLastMine = item.id === lastMine;
      const said = JSON.stringify([item, isFirst, isLast, isLastMine && M.thread?.read, item.isWaiting && M.out.isWaiting]);
      if (place(item.id, said, () => turn(item, isFirst, isLast, isLastMine)) === true) isNew ||= !item.isMine;
    });
    const isLow = isAtEnd();
    const kept = new Set(wanted);
    for (const [id, { node: old }] of places) if (!kept.has(old)) old.remove(), places.delete(id);
    wanted.forEach((one, index) => node.children[index] !== one && node.insertBefore(one, node.children[index] ?? null));
    if (isLow || items.at(-1)?.isWaiting) down();
    return isNew && !isLow;
  }

  return { node, sync, down, isAtEnd, items: listed };
}
