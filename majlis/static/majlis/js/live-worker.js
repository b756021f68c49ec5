// Holds the one event stream of this browser and tells every tab. Runs as a SharedWorker; where there is none,
// live.js imports it into the page and calls `accept` with one end of a MessageChannel.

const SILENCE_MS = 50_000; // the server says something at least every 20 s
const PING_MS = 25_000;
const LOST_MS = 80_000; // a tab that answers no ping for so long was closed without a word, or is frozen
const REPLAY_MS = 30_000;
const REPLAY_COUNT = 500;
const AGE_MARGIN_MS = 1_000;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

const ports = new Map(); // port → {tag, heardAt}
let source = null;
let url = "";
let tag = null; // whose stream it is; a new sign-in must not go on with an old stream
let isOpen = false;
let isSignedOut = false;
let openedAt = 0;
let heardAt = 0;
let failures = 0;
let retry = null;
let clock = null;
let recent = []; // nudges of the last 30 s, for a tab that was loading meanwhile

function tell(message) {
  for (const [port, tab] of ports) if (tab.tag === tag) port.postMessage(message);
}

function shut() {
  source?.close();
  source = null;
  isOpen = false;
  clearTimeout(retry);
  retry = null;
}

function signedOut() {
  shut();
  isSignedOut = true;
  tell({ type: "signed-out" });
}

function open() {
  shut();
  isSignedOut = false;
  heardAt = Date.now();
  const mine = (source = new EventSource(url));
  const on = (name, act) =>
    mine.addEventListener(name, (event) => {
      if (mine !== source) return;
      heardAt = Date.now();
      act(event.data ? JSON.parse(event.data) : {});
    });
  on("hello", () => {
    isOpen = true;
    openedAt = heardAt;
    recent = [];
    if (failures) tell({ type: "online" });
    failures = 0;
    tell({ type: "gap" }); // whatever was said before the greeting was not heard
  });
  on("beat", () => {});
  on("nudge", (data) => {
    const message = { ...data, type: ["presence", "notice", "typing", "visited", "seen"].includes(data.k) ? data.k : "nudge" };
    recent = recent.filter((one) => one.at > heardAt - REPLAY_MS);
    recent.push({ at: heardAt, message });
    if (recent.length > REPLAY_COUNT) openedAt = recent.shift().at + 1;
    tell(message);
  });
  on("reload", () => {
    openedAt = heardAt; // nudges were lost: a tab that loads now must catch up, not have the rest replayed
    tell({ type: "reload" });
  });
  on("bye", (data) => (data.why === "signed-out" ? signedOut() : again()));
  mine.onerror = () => mine === source && (mine.readyState === EventSource.CLOSED ? ask() : again());
}

// An EventSource never learns why it was refused; asking plainly does.
async function ask() {
  const mine = source;
  let status = 0;
  try {
    status = (await fetch(url, { method: "HEAD", cache: "no-store", credentials: "same-origin" })).status;
  } catch {
    // no network: try again later
  }
  if (mine === source) status === 401 ? signedOut() : again();
}

function again() {
  shut();
  if (!failures) tell({ type: "offline" });
  const pause = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)];
  failures += 1;
  retry = setTimeout(open, pause * (0.5 + Math.random())); // jitter: not all browsers at once
}

function tick() {
  const now = Date.now();
  for (const [port, tab] of ports) {
    if (now - tab.heardAt > LOST_MS) ports.delete(port);
    else if (now - tab.heardAt > PING_MS) port.postMessage({ type: "ping" });
  }
  if (!ports.size) shut();
  else if (isOpen && now - heardAt > SILENCE_MS) again();
}

function join(port, message) {
  const { age, first } = message;
  const isKnown = ports.has(port);
  if (!first && tag !== null && message.tag !== tag) return port.postMessage({ type: "signed-out" });
  ports.set(port, { tag: message.tag, heardAt: Date.now() });
  url = message.url;
  if (message.tag !== tag) {
    tell({ type: "signed-out" }); // to the tabs of whoever was signed in before
    tag = message.tag;
    open();
  } else if (isSignedOut || (!source && !retry)) open();
  else if (isOpen && !isKnown) {
    const renderedAt = Date.now() - age - AGE_MARGIN_MS;
    if (renderedAt < openedAt || age > REPLAY_MS - AGE_MARGIN_MS) port.postMessage({ type: "gap" });
    else for (const one of recent) if (one.at >= renderedAt) port.postMessage(one.message);
  } else if (!isOpen && failures) port.postMessage({ type: "offline" });
}

export function accept(port) {
  clock ??= setInterval(tick, 10_000);
  port.onmessage = ({ data }) => {
    if (data.do === "join") join(port, data);
    else if (data.do === "here" && ports.has(port)) ports.get(port).heardAt = Date.now();
    else if (data.do === "bye") {
      ports.delete(port);
      if (!ports.size) shut();
    }
  };
}

self.addEventListener("online", () => retry && open());
if ("SharedWorkerGlobalScope" in self) self.onconnect = (event) => accept(event.ports[0]);
