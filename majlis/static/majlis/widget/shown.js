// What people sent, shown. Text comes as a tree: only these tags, only these links; anything else is text. Pictures have no
// address of ours in the page, whose policy may forbid all images: they are fetched, decoded and drawn.

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

const fetched = new Map();

async function blob(url) {
  const answer = await fetch(url, { credentials: "omit" });
  if (!answer.ok) throw answer.status;
  return answer.blob();
}

/** Whether a file can be shown where it stands. */
export const isPicture = ({ type, size }) => /^image\/(png|jpeg|gif|webp|avif)$/.test(type) && size < 15e6;

/**
 * A canvas with the picture at `path`, a path of the desk's or a File; rejects where there is none.
 * size: a square of so many px, cut from the middle; else it keeps its shape within 240 by 320 px.
 */
export async function picture(path, { base, size, label }) {
  if (typeof path === "string" && !fetched.has(path)) {
    fetched.set(path, blob(new URL(path, base)));
    fetched.get(path).catch(() => fetched.delete(path));
  }
  const drawn = await createImageBitmap(typeof path === "string" ? await fetched.get(path) : path);
  const canvas = document.createElement("canvas");
  const scale = size ? size / Math.min(drawn.width, drawn.height) : Math.min(1, 240 / drawn.width, 320 / drawn.height);
  const [inline, block] = size ? [size, size] : [drawn.width * scale, drawn.height * scale];
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(inline * dots));
  canvas.height = Math.max(1, Math.round(block * dots));
  canvas.style.inlineSize = `${inline}px`;
  if (label) {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  }
  const [over, under] = [drawn.width * scale * dots, drawn.height * scale * dots];
  canvas.getContext("2d").drawImage(drawn, (canvas.width - over) / 2, (canvas.height - under) / 2, over, under);
  drawn.close();
  return canvas;
}
