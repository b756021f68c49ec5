// The page in the preview's frame: puts the real widget on itself as the settings say, and answers in the desk's place.
// Nothing is asked of the desk but pictures, and nothing is kept: no visitor, no conversation, no draft.

const sample = JSON.parse(document.getElementById("sample").textContent);
const page = document.documentElement;
const CONVERSATION = 1;
const FADE_MS = 200;
let shown = null; // what the settings told last
let entries = [];
let building = 0;

const said = () => sample.by_language[page.lang];
const named = (brand) => `${said().team} · ${brand.name[page.lang]}`;
const isBegun = () => entries.length > 0;
const thread = () => ({ id: CONVERSATION, seq: entries.length, is_closed: false, read: { seq: 1, at: entries[0]?.at }, entries });

const answers = {
  here: () => ({ shown: true, unread: 0 }),
  open: () => ({
    words: said().words,
    digits: said().digits,
    language: page.lang,
    name: named(shown.brand),
    logo: shown.brand.logo,
    people: said().people,
    is_open: shown.page.screen !== "away",
    answer: shown.page.screen === "away" ? said().away : "",
    visitor: { name: "", has_address: false },
    conversations: isBegun() ? [{ id: CONVERSATION, snippet: "", at: entries.at(-1).at, unread: 1, is_closed: false }] : [],
    conversation: isBegun() ? thread() : null,
    limits: { text: 5000, file_bytes: 10 * 1024 * 1024, files: 5 },
  }),
  since: () => ({ ...thread(), entries: [] }),
  say({ key, text }) {
    const body = [["p", { dir: "auto" }, text || "…"]];
    const entry = { seq: entries.length + 1, key, at: new Date().toISOString(), who: "me", name: "", picture: null, body, files: [], via: "chat" };
    entries.push(entry);
    return { conversation: { id: CONVERSATION, seq: entry.seq }, entry };
  },
  read: () => ({}),
  typing: () => ({}),
  address: () => ({ ok: true }),
  end: () => ({ ok: true }),
};

const ask = window.fetch;
window.fetch = async (address, options) => {
  const what = /^\/chat\/preview\/(\w+)$/.exec(new URL(address, location.href).pathname)?.[1];
  if (!what) return ask(address, options);
  if (what === "upload") return Response.json({ error: "not_here", say: said().file }, { status: 400 });
  if (!answers[what]) return Response.json({ error: "not_found" }, { status: 404 });
  return Response.json(answers[what](JSON.parse(options.body)));
};
// What the widget keeps, it keeps for the life of this page; and it takes no focus from the form beside it.
Object.defineProperty(window, "localStorage", { get: () => null });
Object.defineProperty(navigator, "locks", { get: () => undefined });
delete window.BroadcastChannel;
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  if (document.hasFocus()) focus.call(this, options);
};

function settings({ brand, position, offset, theme, language, greeting, page: on }) {
  const words = { ar: sample.by_language.ar.first_words, en: sample.by_language.en.first_words };
  return {
    ...{ key: "preview", base: location.origin, panel: sample.panel, ask: false, words },
    ...{ name: named(brand), brand_colour: brand.colour, on_colour: brand.on, otherwise: brand.language },
    ...{ position, offset, language, greeting, theme: theme === "auto" ? on.theme : theme },
  };
}

/** The widget anew; the one before goes when this one has come. */
async function build(told) {
  const turn = ++building;
  shown = told;
  page.lang = told.language === "auto" ? told.page.language : told.language;
  page.dir = page.lang === "ar" ? "rtl" : "ltr";
  page.dataset.theme = told.page.theme;
  entries = { chat: 2, away: 1 }[told.page.screen] ? said().entries.slice(0, told.page.screen === "away" ? 1 : 3) : [];
  const before = [...document.querySelectorAll("majlis-chat")];
  delete window.Majlis;
  window.__MAJLIS__ = settings(told);
  const script = document.createElement("script");
  script.src = sample.loader;
  await new Promise((done) => {
    script.onload = done;
    document.head.append(script);
  });
  script.remove();
  if (told.page.screen !== "button") await window.Majlis("open");
  setTimeout(() => before.forEach((one) => one.remove()), turn === 1 ? 0 : FADE_MS);
}

let line = Promise.resolve();
addEventListener("message", ({ source, origin, data }) => {
  if (origin !== location.origin || source !== parent || !data?.majlis?.brand) return;
  const told = data.majlis;
  line = line.then(() => build(told));
});
parent.postMessage({ majlis: "ready" }, location.origin);
