// Live events for this page: subscribe(fn) calls fn with {type: "nudge", c, s, k, m}, "presence" (c, t, d: who is where),
// "notice" (this person was told something, or has read it), "gap" (ask since your seq), "reload" (the same, and fetch your lists anew), "offline", "online" or "signed-out". One
// stream serves all tabs.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

const listeners = new Set();
let port = null;
let isShared = true;

function join(first) {
  const url = new URL(meta("majlis-live"), location.href).href;
  port.postMessage({ do: "join", url, tag: meta("majlis-session-tag"), age: performance.now(), first });
}

function use(end) {
  port = end;
  port.onmessage = ({ data }) => {
    if (data.type === "ping") port.postMessage({ do: "here" });
    else for (const listener of listeners) listener(data);
  };
  join(true);
}

// No SharedWorker (Android, some private modes): the same code runs in the page, with a stream of its own.
async function alone() {
  isShared = false;
  const { accept } = await import(meta("majlis-live-worker"));
  const { port1, port2 } = new MessageChannel();
  accept(port2);
  use(port1);
}

function connect() {
  if (!("SharedWorker" in window)) return alone();
  try {
    const worker = new SharedWorker(meta("majlis-live-worker"), { type: "module", name: "majlis-live" });
    worker.onerror = () => isShared && alone();
    use(worker.port);
  } catch {
    alone();
  }
}

addEventListener("pagehide", () => port?.postMessage({ do: "bye" }));
addEventListener("pageshow", (event) => event.persisted && port && join(false));
document.addEventListener("resume", () => port && join(false));
document.addEventListener("visibilitychange", () => {
  if (!port) return;
  // A hidden tab with a stream of its own gives it up: a browser has six connections for all of them.
  if (document.visibilityState === "visible") join(false);
  else if (!isShared) port.postMessage({ do: "bye" });
});

/**
 * Call `listener` with every live message from now on; returns a function that ends it.
 * The first subscription connects. A nudge may come twice; a missed one is announced by "gap".
 */
export function subscribe(listener) {
  listeners.add(listener);
  if (listeners.size === 1 && !port) connect();
  return () => listeners.delete(listener);
}
