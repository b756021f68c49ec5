// Pictures without an address of ours in the page: fetched, decoded and drawn, since a page's policy may forbid all images.

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
