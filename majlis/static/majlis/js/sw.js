// The service worker: shows what is pushed, and a page of its own while there is no network. Nothing of conversations is
// ever kept here. The server puts DESK (version, page, files, icon, badge) in front.

const CACHE = `majlis-offline-${DESK.version}`;
const FILES = new Set(DESK.files.map((file) => new URL(file, location.href).href));
// Safari takes the permission back from a site that shows nothing for a push.
const MUST_SHOW = !/Chrom|Firefox/.test(navigator.userAgent);

const windows = () => clients.matchAll({ type: "window", includeUncontrolled: true });

async function prepare() {
  const cache = await caches.open(CACHE);
  await cache.addAll([DESK.page, ...DESK.files].map((file) => new Request(file, { cache: "reload", credentials: "omit" })));
}

async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith("majlis-offline-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

// Requests of the page itself go straight to the network where the browser can be told so: starting a worker takes time.
function keepAside(event) {
  if (!event.addRoutes) return;
  const direct = { or: ["cors", "no-cors", "same-origin"].map((requestMode) => ({ requestMode })) };
  return event
    .addRoutes([
      { condition: { urlPattern: new URLPattern({ search: "offline" }) }, source: "fetch-event" },
      { condition: direct, source: "network" },
    ])
    .catch(() => {});
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(Promise.all([prepare(), keepAside(event)]));
});

addEventListener("activate", (event) => event.waitUntil(tidy()));

async function navigated(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (problem) {
    const page = await caches.match(DESK.page);
    if (page) return page;
    throw problem;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && request.destination === "document") event.respondWith(navigated(event));
  else if (FILES.has(request.url)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

function read(event) {
  try {
    return event.data.json();
  } catch {
    return { title: "Majlis", text: "", path: "/", tag: "unknown" };
  }
}

async function show(told) {
  const focused = told.test || MUST_SHOW ? null : (await windows()).find((one) => one.focused);
  // Whoever looks at the desk is told by the page itself.
  if (focused) return focused.postMessage({ type: "pushed", path: told.path });
  await registration.showNotification(told.title, {
    body: told.text,
    dir: told.dir ?? "auto",
    lang: told.lang ?? "",
    tag: told.tag,
    renotify: true,
    icon: DESK.icon,
    badge: DESK.badge,
    data: { path: told.path },
  });
}

addEventListener("push", (event) => event.waitUntil(show(read(event))));

// A page that is open goes there; else a new one opens. Only addresses of the desk are gone to.
async function go(path) {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) return;
  const [open] = (await windows()).sort((a, b) => b.focused - a.focused || (b.visibilityState === "visible") - (a.visibilityState === "visible"));
  if (!open) return clients.openWindow(url.href);
  await open.focus().catch(() => {});
  await open.navigate(url.href).catch(() => clients.openWindow(url.href));
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go(event.notification.data?.path ?? "/"));
});
