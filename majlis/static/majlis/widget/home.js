// The first screen: a greeting, the way into a conversation, and the earlier ones.

import { face, fill, h, PATHS } from "./dom.js";
import { picture } from "./shown.js";

/** The people of the team, in a row. */
export const faces = (L, people) => h("span", { class: "avs" }, people.slice(0, 3).map(({ name, picture: path }) => face(name, path, (url, options) => picture(url, { base: L.C.base, ...options }))));

/** Nodes of the screen. go(id): to a conversation; null: to a new one. */
export function home(L, M, S, { go, close }) {
  const { words: W, visitor, people, answer, logo, conversations } = M.told;
  const current = M.current();
  const brand = h("span", { class: "grow" });
  const mark = h("span", { class: "logo" });
  brand.append(mark, faces(L, people));
  if (logo) picture(logo, { base: L.C.base, size: 28, label: M.told.name }).then((canvas) => mark.replaceWith(canvas), () => {});

  const row = (one) => {
    const at = new Date(one.at);
    return h(
      "button",
      { type: "button", class: "row mirror", onclick: () => go(one.id) },
      one.unread > 0 && h("span", { class: "dot" }, h("span", { class: "vh" }, W.is_unread)),
      h("span", { class: `text${one.unread ? " new" : ""}`, dir: "auto" }, one.snippet || W.no_text),
      h("small", null, S.age(at) ? S.date(at) : S.time(at)),
      L.icon(...PATHS.next),
    );
  };
  const earlier = conversations.filter((one) => one !== current);

  return [
    h("div", { class: "head" }, brand, close()),
    h("div", { class: "head greet" }, h("h2", null, visitor.name ? fill(W.hello_name, { name: visitor.name }) : W.hello, h("br"), L.C.greeting?.[L.lang] || W.help)),
    h(
      "div",
      { class: "body home" },
      (current || M.told.may_begin !== false) && h(
        "button",
        { type: "button", class: "card mirror", onclick: () => go(current?.id ?? null) },
        h("span", null, h("b", null, current ? W.go_on : W.start), current?.snippet && h("span", { class: "t2", dir: "auto" }, current.snippet), answer && h("span", { class: "t2" }, answer)),
        current?.unread > 0 && h("span", { class: "dot" }, h("span", { class: "vh" }, W.is_unread)),
        L.icon(...PATHS.send),
      ),
      earlier.length > 0 && h("div", { class: "card rows" }, h("h3", null, W.earlier), earlier.map(row)),
    ),
    h("div", { class: "by" }, W.by),
  ];
}
