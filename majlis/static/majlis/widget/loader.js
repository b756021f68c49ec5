// What a shop's page loads: shows the button, and fetches the rest when it is needed. A classic script, served with its
// settings in the place of __MAJLIS__. It needs no more of a page's policy than script-src and connect-src for our address.
(function (C) {
  if (window.Majlis?.key === C.key) return;
  const doc = document;
  const P = `majlis:${C.key}:`;
  const attached = doc.currentScript?.getAttribute("data-identity");
  const secret = crypto.getRandomValues(new Uint32Array(4)).join(); // what the site signed is this page's, asked twice or once
  const memory = {}; // where the browser keeps nothing, for the life of the page

  const store = {
    get(name) {
      if (name in memory) return memory[name];
      try {
        return localStorage.getItem(P + name);
      } catch {
        return null;
      }
    },
    /** Keep a text; null forgets it. */
    set(name, text) {
      try {
        if (text === null) localStorage.removeItem(P + name);
        else localStorage.setItem(P + name, text);
        delete memory[name];
      } catch {
        memory[name] = text;
      }
    },
  };

  const known = (tag) => /^(ar|en)\b/i.exec(tag ?? "")?.[1].toLowerCase();
  const lang = known(C.language) ?? known(doc.documentElement.lang) ?? known(navigator.language) ?? known(C.otherwise) ?? "ar";
  const words = C.words?.[lang] ?? {};
  C.name = C.name?.[lang] ?? C.name;

  /** What the server is told of where somebody is: the address without its query, the language, the hours' zone. */
  const about = () => ({
    identity: L.identity ?? undefined,
    secret: L.identity && secret,
    page: location.origin + location.pathname,
    language: lang,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });

  let signing = null;

  /** Ask the desk. Throws {status, error, say, after}; status 0: it could not be reached. A form goes as it is. */
  async function post(what, body = {}) {
    // Who the site signed for is one visitor: what is asked meanwhile waits for the token, or it would be another's.
    while (signing) await signing.catch(() => {});
    if (body.identity && !store.get("token")) return (signing = ask(what, body).finally(() => (signing = null)));
    return ask(what, body);
  }

  async function ask(what, body) {
    const token = store.get("token") || undefined;
    let answer, told;
    if (token) body.append?.("token", token);
    try {
      answer = await fetch(L.url(what), { method: "POST", credentials: "omit", body: body.append ? body : JSON.stringify({ ...body, token }) });
      told = await answer.json();
    } catch {
      throw { status: !answer || answer.ok ? 0 : answer.status };
    }
    if (!answer.ok) {
      if (answer.status === 401 && token === (store.get("token") || undefined)) L.lost();
      throw { status: answer.status, after: Number(answer.headers.get("Retry-After")), ...told };
    }
    if (told.token && told.token !== store.get("token")) {
      store.set("token", told.token);
      L.changed?.();
    }
    return told;
  }

  const make = (tag) => doc.createElement(tag);
  /** A line icon from the `d` of its paths. */
  const icon = (...paths) => {
    const ns = "http://www.w3.org/2000/svg";
    const svg = doc.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const d of paths) svg.appendChild(doc.createElementNS(ns, "path")).setAttribute("d", d);
    return svg;
  };
  const TALK = icon("M22 17a2 2 0 0 1-2 2H7l-3.8 2.8a.7.7 0 0 1-1.2-.5V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z");

  const host = make("majlis-chat");
  const root = host.attachShadow({ mode: "open" });
  const box = make("div");
  const button = make("button");
  const badge = make("b");
  const alarm = make("p");
  box.append(alarm, button);
  root.append(box);

  function style(text) {
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } else root.prepend(Object.assign(make("style"), { textContent: text }));
  }

  let isShown = false;
  let isHidden = false;
  let panel, loading, ready;
  let attempts = 0;
  let unread = 0;
  const hearers = [];

  const L = {
    C, P, lang, words, store, memory, root, box, button, about, post, style, icon,
    identity: attached,
    isOpen: false,
    url: (what) => `${C.base}/chat/${C.key}/${what}`,
    number: (n) => new Intl.NumberFormat(`${lang}-u-nu-${store.get("digits") ?? (lang === "ar" ? "arab" : "latn")}`).format(n),
    /** The desk knows this visitor no more: begin anew. */
    lost() {
      store.set("token", null);
      store.set("talk", null);
      L.unread(0);
      panel?.lost();
    },
    unread(n) {
      if (n !== unread) for (const hear of hearers) hear(n);
      unread = n;
      label();
    },
    /** The panel was opened or closed. */
    turn(isOpen) {
      L.isOpen = isOpen;
      box.classList.toggle("open", isOpen);
      label();
    },
  };

  function label() {
    const name = L.isOpen ? words.close : words.open?.replace("{name}", () => C.name);
    const count = !L.isOpen && unread ? L.number(unread) : "";
    button.setAttribute("aria-label", count ? `${name} (${words.unread?.replace("{n}", count)})` : (name ?? C.name));
    button.setAttribute("aria-expanded", L.isOpen);
    badge.textContent = count;
    button.replaceChildren(L.isOpen ? L.cross : TALK, ...(count ? [badge] : []));
  }

  function display() {
    if (!host.isConnected) doc.documentElement.append(host);
    // The page's rules, however loud, lose against a style of the element itself that is marked important.
    host.style.cssText = `all:initial;position:fixed;z-index:2147483647;direction:${box.dir};display:${isShown && !isHidden ? "block" : "none"};`.replace(/;/g, "!important;");
  }

  function load() {
    return (loading ??= import(new URL(C.panel, C.base) + (attempts++ ? `?${attempts}` : "")).then(
      (part) => (panel = part.start(L)),
      (error) => {
        loading = null;
        throw error;
      },
    ));
  }

  async function open() {
    await ready;
    if (!isShown) return;
    alarm.textContent = "";
    button.setAttribute("aria-busy", "true");
    try {
      (await load()).open();
    } catch {
      alarm.textContent = words.failed;
    }
    button.removeAttribute("aria-busy");
  }

  /** Ask whether this page and visitor are shown the button at all, and what waits unread. */
  async function here() {
    try {
      const told = await post("here", about());
      isShown = told.shown;
      if (isShown) L.unread(told.unread ?? 0);
    } catch (error) {
      if (error.status === 401) return begin();
      if (error.status) console.warn("Majlis", error);
      if (L.identity && /identity/.test(error.error)) {
        L.identity = null; // a token the site made wrongly must not cost the visitor the way to us
        return begin();
      }
      isShown = !C.ask && ![403, 404].includes(error.status);
    }
    display();
    if (isShown && store.get("talk")) load().then((it) => it.watch(), () => {});
  }

  function begin() {
    isShown = !C.ask;
    display();
    if (C.ask || store.get("token") || store.get("talk") || L.identity) return here();
  }

  const commands = {
    open,
    close: () => L.isOpen && panel.close(),
    hide: () => ((isHidden = true), L.isOpen && panel.close(), display()),
    show: () => ((isHidden = false), display()),
    identify(token) {
      L.identity = token;
      return here().then(() => panel?.again?.());
    },
    forget() {
      L.identity = null;
      L.lost();
      load().then((it) => it.forget(), () => {}); // it knows all that is kept
    },
    page: () => (C.ask ? here() : display()),
    on: (event, hear) => event === "unread" && (hearers.push(hear), hear(unread)),
  };

  function start() {
    box.className = "m";
    box.lang = lang;
    box.dir = lang === "ar" ? "rtl" : "ltr";
    box.dataset.theme = C.theme ?? "auto";
    box.dataset.side = C.position === "start" ? "start" : "end";
    box.style.cssText = `--brand:${C.brand_colour ?? "#00636c"};--on-brand:${C.on_colour ?? "#fff"};--off:${C.offset ?? 24}px`;
    button.className = "launch";
    button.type = "button";
    button.setAttribute("aria-haspopup", "dialog");
    alarm.setAttribute("role", "alert");
    style(SHEET);
    label();
    button.addEventListener("click", () => (L.isOpen ? panel.close() : open()));
    // What is typed here is not for the page's own shortcuts.
    for (const kind of ["keydown", "keyup", "keypress"]) host.addEventListener(kind, (event) => event.stopPropagation());
    const waiting = window.Majlis?.q ?? [];
    const majlis = (command, ...rest) => commands[command]?.(...rest);
    majlis.key = C.key;
    window.Majlis = majlis;
    for (const [command, token] of waiting) if (command === "identify") L.identity = token;
    ready = begin();
    for (const call of waiting) if (call[0] !== "identify") majlis(...call);
  }

  const SHEET = `
.m{--text:#251f1b;--raised:#fff;--bad:#ae2e2a;font:400 14px/1.5 system-ui,"Segoe UI","Geeza Pro","Noto Sans Arabic",Tahoma,sans-serif;color:var(--text);text-align:start;text-size-adjust:none}
.m[data-theme=dark]{--text:#ebe9e5;--raised:#252220;--bad:#fd9a92}
@media(prefers-color-scheme:dark){.m[data-theme=auto]{--text:#ebe9e5;--raised:#252220;--bad:#fd9a92}}
button{font:inherit;color:inherit;margin:0;padding:0}
svg{inline-size:16px;block-size:16px;flex:none;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
.m .launch,.m>p{position:fixed;inset-block-end:calc(var(--off) + env(safe-area-inset-bottom,0px));inset-inline-end:24px;box-shadow:0 2px 6px #0002,0 16px 44px #0003}
.m[data-side=start]>*{inset-inline:24px auto}
.m .launch{display:grid;place-items:center;inline-size:56px;block-size:56px;border:1px solid transparent;border-radius:50%;background:var(--brand);color:var(--on-brand);cursor:pointer}
.launch svg{inline-size:24px;block-size:24px;stroke-width:1.5}
.launch[aria-busy]{filter:brightness(.8)}
.launch b{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;box-sizing:border-box;min-inline-size:22px;padding-inline:5px;border-radius:11px;background:#ae2e2a;color:#fff;font:600 12px/22px system-ui}
.m>p{margin:0;margin-block-end:68px;max-inline-size:240px;padding:10px 14px;border-radius:12px;background:var(--raised);color:var(--bad)}
.m>:empty{display:none}
@media print{.m{display:none}}`;

  if (doc.readyState === "loading") doc.addEventListener("DOMContentLoaded", start);
  else start();
})(__MAJLIS__);
