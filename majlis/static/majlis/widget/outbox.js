// What is on its way: kept first, then sent, in order, and tried again until it is through. The key that each carries makes
// a second try harmless. Files wait with their message for the life of the page.

import { names } from "./dom.js";

const LONGEST_MS = 30_000;
const ALIVE = "tab:";

/** A name for one message. (crypto.randomUUID does not exist on plain http away from localhost.) */
const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** tab: this page's own name. sent(answer, item): one is through. changed(): something to be shown is different. */
export function outbox(L, { tab, sent, changed }) {
  const { store, P } = L;
  const blobs = new Map(); // "key index" → File
  const raised = new WeakMap(); // File → its id, promised
  let isRunning = false;
  let tries = 0;
  let timer;
  const O = { isWaiting: false };

  // While this page lives, others leave it its messages with files: only it has them.
  navigator.locks?.request(P + ALIVE + tab, () => new Promise(() => {})).catch(() => {});
  const living = async (name) => (await navigator.locks?.query())?.held.some((lock) => lock.name === P + ALIVE + name);

  const save = (item) => store.set(`out:${item.key}`, JSON.stringify(item));
  const isKept = (item) => store.get(`out:${item.key}`) !== null;

  /** All that waits, oldest first: {key, at, text, files: [{name, size, type, id}], conversation, state, say}. */
  O.list = () =>
    names(L)
      .filter((name) => name.startsWith("out:"))
      .map((name) => JSON.parse(store.get(name)))
      .sort((one, other) => one.at - other.at);

  O.put = (text, files, conversation, page) => {
    const last = O.list().at(-1)?.at ?? 0;
    const item = { key: newKey(), at: Math.max(Date.now(), last + 1), text, conversation, page, tab, files: [] };
    files.forEach((file, index) => {
      item.files.push({ name: file.name, size: file.size, type: file.type, id: file.id ?? null });
      if (!file.id) blobs.set(`${item.key} ${index}`, file.blob);
    });
    save(item);
    store.set("talk", "1"); // the next page goes on with it
    changed();
    O.flush();
  };

  O.blob = (item, index) => blobs.get(`${item.key} ${index}`);

  O.drop = (item) => {
    store.set(`out:${item.key}`, null);
    changed();
  };

  O.again = (item) => {
    save({ ...item, state: undefined, say: undefined });
    changed();
    O.flush();
  };

  /** The visitor is somebody new: what waits begins a conversation of its own. */
  O.anew = () => O.list().forEach((item) => save({ ...item, conversation: null }));

  /** The id of a file, which goes up once, however often it is asked for. */
  O.upload = (file) => {
    if (!raised.has(file)) {
      const form = new FormData();
      form.append("file", file, file.name);
      raised.set(file, L.post("upload", form).then((told) => told.id));
      raised.get(file).catch(() => raised.delete(file));
    }
    return raised.get(file);
  };

  async function carry(item) {
    for (const [index, file] of item.files.entries()) {
      if (file.id) continue;
      const blob = O.blob(item, index);
      if (!blob) throw { status: 400, say: null, isLost: true, name: file.name };
      file.id = await O.upload(blob);
      if (!isKept(item)) return;
      save(item);
    }
    const { key, text, page, conversation } = item;
    const body = { ...L.about(), key, text, page, conversation: conversation ?? undefined, files: item.files.map((file) => file.id) };
    const told = await L.post("say", body);
    store.set(`out:${key}`, null);
    for (const other of O.list()) if (other.conversation == null) save({ ...other, conversation: told.conversation.id });
    sent(told, item);
  }

  async function next() {
    for (const item of O.list()) {
      if (item.state === "failed") continue;
      const waits = item.files.some((file, index) => !file.id && !O.blob(item, index));
      if (waits && item.tab !== tab && (await living(item.tab))) continue;
      return item;
    }
  }

  async function run() {
    for (let item; (item = await next()); ) {
      try {
        await carry(item);
        tries = 0;
        O.isWaiting = false;
      } catch (error) {
        if (!isKept(item)) continue;
        const { status = 0 } = error;
        if (!status || status === 401 || status === 429 || status >= 500) {
          O.isWaiting = status ? "busy" : "offline";
          const pause = Math.min(LONGEST_MS, 1000 * 2 ** tries++) * (0.5 + Math.random() / 2);
          timer = setTimeout(O.flush, Math.max(error.after * 1000 || 0, pause));
          changed();
          return;
        }
        save({ ...item, state: "failed", say: error.say ?? null, lost: error.isLost ? error.name : undefined });
      }
      changed();
    }
  }

  /** Try all that waits, now. */
  O.flush = async () => {
    clearTimeout(timer);
    if (isRunning || !O.list().some((item) => item.state !== "failed")) return;
    isRunning = true;
    try {
      await (navigator.locks ? navigator.locks.request(`${P}out`, run) : run());
    } finally {
      isRunning = false;
    }
  };

  addEventListener("online", O.flush);
  addEventListener("storage", (event) => event.key?.startsWith(`${P}out:`) && changed());
  return O;
}
