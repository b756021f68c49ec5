// What could not reach the server: kept on this device and tried again until it is through, once (its key sees to that).

const AGAIN_MS = 5000;
const place = () => `majlis-queue:${document.querySelector(".app")?.dataset.me ?? ""}`;
let here = []; // where the device keeps nothing
let timer = null;
let run = null;

export function list() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "[]");
  } catch {
    return here;
  }
}

function store(items) {
  here = items;
  try {
    if (items.length) localStorage.setItem(place(), JSON.stringify(items));
    else localStorage.removeItem(place());
  } catch {
    // Kept for this page alone.
  }
  clearTimeout(timer);
  if (items.length) timer = setTimeout(flush, AGAIN_MS);
}

/** Keep `item` ({url, fields, number, mode, how}) until it is through; a newer one of the same draft takes its place. */
export const put = (item) => store([...list().filter((other) => other.number !== item.number || other.mode !== item.mode), item]);

/** Forget what waits of a draft; says whether something did. */
export function drop(number, mode) {
  const before = list();
  const left = before.filter((item) => item.number !== Number(number) || item.mode !== mode);
  if (left.length < before.length) store(left);
  return left.length < before.length;
}

/** Try all that waits, in its order. */
export async function flush() {
  clearTimeout(timer);
  // Of two windows only one tries at a time, where the browser can say so; the key makes both one in any case.
  for (const item of list()) if (!(await run(item))) break;
  store(list());
}

/** `tried(item)` sends it and says whether the server answered. */
export function start(tried) {
  run = tried;
  addEventListener("online", flush);
  if (list().length) timer = setTimeout(flush, AGAIN_MS);
}
