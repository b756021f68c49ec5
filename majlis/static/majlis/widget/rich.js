// What somebody wrote, from its tree: only these tags, only these links; anything else is text.

import { h } from "./dom.js";

const TAGS = new Set(["p", "br", "b", "i", "u", "s", "a", "ul", "ol", "li", "blockquote", "h3", "code", "pre"]);
const BLOCKS = new Set(["p", "li", "h3", "pre", "blockquote"]);
const LINK = /^(https?|mailto|tel):/i;

function built(node, image) {
  if (typeof node === "string") return node;
  if (!Array.isArray(node)) return "";
  const [tag, attrs, ...children] = node;
  if (tag === "img") return image(attrs?.file) ?? "";
  const inside = children.map((child) => built(child, image));
  if (!TAGS.has(tag)) return inside;
  if (tag === "a") {
    if (!LINK.test(attrs?.href ?? "")) return inside;
    return h("a", { href: attrs.href, target: "_blank", rel: "noopener noreferrer nofollow" }, inside.flat(9));
  }
  return h(tag, BLOCKS.has(tag) && { dir: "auto" }, inside.flat(9));
}

/** The nodes of `body`; `image(index)` answers for a picture among the text. */
export function written(body, image) {
  return (body ?? []).flatMap((block) => (typeof block === "string" ? h("p", { dir: "auto" }, block) : built(block, image)));
}

/** What is being sent, as it was typed: a paragraph a line. */
export const plain = (text) => text.split(/\n{2,}/).map((part) => h("p", { dir: "auto", class: "lines" }, part));
