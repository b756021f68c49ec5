// What is known of the visitor's conversations, and how it is kept true: by answers, by the stream, by other tabs.

import { listen, tabs } from "./live.js";
import { outbox } from "./outbox.js";
import { book as bookOf } from "./threads.js";

const HERE_MS = 45_000; // so often the desk hears that somebody still looks at the conversation
const REFRESH_MS = 800; // who is reading says so sooner

/** show(what): "all" (begin anew), "thread" (messages or their marks changed), "typing", "lost" (somebody signed out). */
export function talking(L, show) {
  let book = bookOf([]);
  let isReading = false;
  let askAgain = false;
  let isStale = false;
  let refreshing;
  const M = { told: null, thread: null, typing: null, isOffline: false, isSeen: () => false };

  const bus = tabs(`majlis:${L.C.key}`, hear, () => {
    const stream = listen(L, (message) => {
      hear(message);
      bus.tell(message);
    });
    M.anew = stream.anew;
    return stream.stop;
  });
  M.bus = bus;
  M.current = () => book.current();
  M.out = outbox(L, { tab: bus.id, sent, changed: () => show("thread") });

  /** Ask the desk for everything. Throws as L.post does. */
  M.begin = async () => {
    const told = await L.post("open", L.about());
    M.told = told;
    L.store.set("digits", told.digits);
    const before = M.thread?.id;
    book = bookOf(told.conversations);
    const current = told.conversation && book.adopt(told.conversation);
    M.thread = current && (!before || before === current.id) ? current : null;
    if (before && !M.thread && book.row(before)) M.pick(before);
    L.unread(book.unread());
    if (told.conversations.length) M.join();
    M.out.flush();
  };

  /** Take part in the stream, and do so on every page from now on. */
  M.join = () => {
    L.store.set("talk", "1");
    bus.join();
  };

  /** Make `id` the conversation at hand; null: a new one. */
  M.pick = (id) => {
    M.typing = null;
    M.thread = id == null ? null : (book.thread(id) ?? book.adopt({ id, is_closed: book.row(id)?.is_closed }));
    if (M.thread) M.catchUp();
  };

  M.catchUp = async () => {
    const thread = M.thread;
    if (!thread || document.hidden) return void (isStale = true);
    if (isReading) return void (askAgain = true);
    isReading = true;
    askAgain = isStale = false;
    try {
      merge(thread, await L.post("since", { conversation: thread.id, since: thread.seq }));
    } catch (error) {
      isStale = true;
      if (!M.isOffline) later(M.catchUp, error); // else when the stream is back
    }
    isReading = false;
    if (askAgain) M.catchUp();
  };

  /** Ask again what the desk could not answer, or what was lost on its way; not all at the same moment. */
  const later = (ask, { status, after }) => (!status || status >= 429) && setTimeout(ask, ((after || 2) + Math.random() * 3) * 1000);

  function merge(thread, told) {
    book.merge(thread, told);
    if (told.entries.some((entry) => entry.who === "team")) M.typing = null;
    M.noteRead();
    show("thread");
  }

  /** What is on the screen has been read. */
  M.noteRead = () => {
    const row = M.thread && book.row(M.thread.id);
    if (!row?.unread || document.hidden || !M.isSeen()) return;
    row.unread = 0;
    L.unread(book.unread());
    bus.tell({ type: "unread", n: book.unread() });
    L.post("read", { conversation: M.thread.id, seq: M.thread.seq }).catch(() => {});
  };

  function sent({ conversation, entry }, item) {
    if (!M.told) return;
    if (item.conversation == null && !M.thread) M.thread = book.thread(conversation.id) ?? book.adopt({ id: conversation.id });
    const thread = book.thread(conversation.id);
    if (thread) {
      const isNext = conversation.seq === entry.seq && entry.seq === thread.seq + 1; // nothing else came in between
      merge(thread, { seq: isNext ? conversation.seq : thread.seq, entries: [entry], is_closed: false });
      if (!isNext && thread === M.thread) M.catchUp();
    }
    M.join();
    bus.tell({ type: "begun", c: conversation.id });
  }

  function refresh() {
    clearTimeout(refreshing);
    refreshing = setTimeout(async () => {
      if (!bus.leads()) return;
      const told = await L.post("here", L.about()).catch(() => null);
      if (told?.shown) hear({ type: "unread", n: told.unread }), bus.tell({ type: "unread", n: told.unread });
    }, REFRESH_MS);
  }

  const anew = () => M.told && M.begin().then(() => show("all"), (error) => later(anew, error));

  function hear({ type, c, s, n }) {
    const isMine = M.thread?.id === c;
    if (type === "hello" || type === "away") M.isOffline = type === "away";
    if (type === "hello") M.catchUp(), M.out.flush(), show("thread");
    else if (type === "away") show("thread");
    else if (type === "reload") anew();
    else if (type === "unread") {
      L.unread(n);
      if (M.told && n > book.unread() && !document.hidden) anew(); // in a conversation that is not at hand
    }
    else if (type === "forget") show("lost");
    else if (type === "token") bus.leads() && M.anew();
    else if (type === "typing" && isMine) (M.typing = { name: n, at: Date.now() }), show("typing");
    else if (type === "seen" && isMine) (M.thread.read = { seq: s, at: new Date().toISOString() }), show("thread");
    else if (type === "nudge" || type === "begun") {
      if (isMine && !(s <= M.thread.seq)) M.catchUp();
      if (type === "nudge") isMine && !document.hidden && M.isSeen() ? null : refresh();
      else if (M.told && !book.row(c)) anew();
    }
  }

  /** Forget everybody. */
  M.reset = () => {
    bus.part();
    book = bookOf([]);
    M.told = M.thread = M.typing = null;
  };

  setInterval(() => M.thread && !document.hidden && M.isSeen() && L.post("here", L.about()).catch(() => {}), HERE_MS);
  L.changed = () => (bus.leads() ? M.anew() : bus.tell({ type: "token" }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (isStale) M.catchUp();
    M.noteRead();
  });
  addEventListener("pagehide", bus.part);
  addEventListener("pageshow", (event) => event.persisted && L.store.get("talk") && bus.join());
  return M;
}
