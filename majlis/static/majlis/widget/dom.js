// Elements, icons, how a panel lies on a narrow screen, and how times, numbers and sizes are said. Nothing here knows what is talked about.

/** A screen with room for nothing beside the panel. */
export const NARROW = "@media(max-width:480px),(max-height:420px)";

export const PATHS = {
  cross: ["M18 6 6 18", "m6 6 12 12"],
  back: ["m12 19-7-7 7-7", "M19 12H5"],
  send: ["M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z", "m21.854 2.147-10.94 10.939"],
  clip: ["m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551"],
  next: ["m9 18 6-6-6-6"],
};

/** An element. `props`: attributes, and listeners as onclick; what is null or false is left out. */
export function h(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

/** A sentence with the values of its {places}; people's words in it keep their own direction. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => `\u2068${values[name] ?? ""}\u2069`);

/** Ways to say things in the widget's language and the visitor's digits. */
export function sayings(L) {
  const tag = () => `${L.lang}-u-ca-gregory-nu-${L.store.get("digits") ?? "latn"}`;
  const dated = (options) => (at) => new Intl.DateTimeFormat(tag(), options).format(at);
  const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
  return {
    time: dated({ hour: "numeric", minute: "2-digit" }),
    date: dated({ day: "numeric", month: "short" }),
    /** Whole days from `at` till today. */
    age: (at) => Math.round((midnight(Date.now()) - midnight(at)) / 864e5),
    long: dated({ weekday: "long", day: "numeric", month: "long" }),
    size(bytes) {
      const [unit, n] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
      return new Intl.NumberFormat(tag(), { style: "unit", unit, maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
    },
  };
}

/** The names of everything the widget keeps in this browser. */
export function names({ P, memory, store }) {
  let kept = [];
  try {
    kept = Object.keys(localStorage).filter((key) => key.startsWith(P)).map((key) => key.slice(P.length));
  } catch {
    // Only what the memory holds.
  }
  return [...new Set([...kept, ...Object.keys(memory)])].filter((name) => store.get(name) !== null);
}

/** Somebody's first letter on a colour of their own; the picture, where there is one, is drawn over it. */
export function face(name, picture, draw) {
  let hue = 0;
  for (const letter of name ?? "") hue = (hue * 31 + letter.codePointAt(0)) % 360;
  const made = h("span", { class: "av", "aria-hidden": "true" }, [...(name || "•")][0]);
  made.style.setProperty("--hue", hue);
  if (picture) draw(picture, { size: 28 }).then((canvas) => made.replaceChildren(canvas), () => {});
  return made;
}

/** A sheet lies on the whole screen, above the keyboard, keeps the focus, and the page below stays where it is. */
export function lying(L, changed) {
  const page = document.documentElement;
  const narrow = matchMedia(NARROW.slice(6));
  const seen = window.visualViewport;
  let scrolls = null;
  narrow.addEventListener?.("change", changed);
  for (const kind of ["resize", "scroll"]) seen?.addEventListener(kind, changed);
  return {
    lay(panel, isOpen) {
      const isSheet = isOpen && narrow.matches;
      panel.setAttribute("aria-modal", narrow.matches);
      L.box.style.setProperty("--tall", isSheet && seen ? `${seen.height}px` : "");
      L.box.style.setProperty("--top", isSheet && seen ? `${seen.offsetTop}px` : "");
      if (isSheet && scrolls === null) {
        scrolls = page.style.overflow;
        page.style.overflow = "hidden";
      } else if (!isSheet && scrolls !== null) {
        page.style.overflow = scrolls;
        scrolls = null;
      }
    },
    keep(panel, event) {
      if (event.key !== "Tab" || !narrow.matches) return;
      const all = [...panel.querySelectorAll("a[href],button,input,textarea")].filter((one) => one.offsetParent && one.tabIndex >= 0);
      const at = L.root.activeElement;
      const [edge, other] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
      if (at !== edge && !(at === panel && event.shiftKey)) return;
      event.preventDefault();
      other.focus();
    },
  };
}
