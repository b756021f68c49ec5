// One stream of events from the desk for all tabs of a site: POSTed, so that no token stands in an address, and read as it
// comes. Tabs tell each other what happened, and one of them holds the stream; where the browser has no locks (plain http),
// each visible tab holds its own.

const SILENCE_MS = 45_000; // the desk says something every 20 s
const LONGEST_MS = 30_000;

/** Hear {type, …} of every event until the returned function is called; "hello" comes after each connection. */
export function listen(L, hear) {
  let isOver = false;
  let tries = 0;
  let cut = null;
  let silence, pause;

  const waits = () => {
    clearTimeout(silence);
    silence = setTimeout(() => cut?.abort(), SILENCE_MS);
  };

  function told(block) {
    let type = "";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) type = line.slice(6).trim();
      else if (line.startsWith("data:")) data += line.slice(5);
    }
    if (!type && !data) return;
    if (type === "hello") tries = 0;
    if (type === "bye") cut.abort();
    hear({ ...(data && JSON.parse(data)), type });
  }

  async function read(stream) {
    const letters = new TextDecoder();
    let text = "";
    for (;;) {
      const { value, done } = await stream.read();
      if (done) return;
      waits();
      text = (text + letters.decode(value, { stream: true })).replace(/\r\n/g, "\n");
      const blocks = text.split("\n\n");
      text = blocks.pop();
      blocks.forEach(told);
    }
  }

  async function connect() {
    clearTimeout(pause);
    const mine = (cut = new AbortController());
    let after = 0;
    waits();
    try {
      const token = L.store.get("token");
      const body = JSON.stringify({ token });
      const answer = await fetch(L.url("live"), { method: "POST", credentials: "omit", cache: "no-store", body, signal: mine.signal });
      if (answer.ok) await read(answer.body.getReader());
      else if (answer.status === 401 && token === L.store.get("token")) return stop(), L.lost();
      else if ([403, 404].includes(answer.status)) return stop();
      else after = Number(answer.headers.get("Retry-After")) * 1000;
    } catch {
      // Cut, or no network: both are tried again.
    }
    clearTimeout(silence);
    if (isOver || mine !== cut) return;
    hear({ type: "away" });
    const longest = Math.min(LONGEST_MS, 2000 * 2 ** tries++);
    pause = setTimeout(connect, Math.max(after, 1000, longest * (0.5 + Math.random() / 2)));
  }

  /** At once, and with the token of now. */
  function anew() {
    if (isOver) return;
    const old = cut;
    connect();
    old?.abort();
  }

  function stop() {
    isOver = true;
    clearTimeout(silence);
    clearTimeout(pause);
    removeEventListener("online", anew);
    cut?.abort();
  }

  addEventListener("online", anew);
  connect();
  return { stop, anew };
}

/**
 * name: the tabs' common name. hear(message): what another tab told. lead(): called when this tab is to hold the stream;
 * answers with a function that lets it go.
 */
export function tabs(name, hear, lead) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  const locks = navigator.locks;
  let isIn = false;
  let leave = null;
  let release = null;
  if (channel) channel.onmessage = ({ data }) => hear(data);

  function look() {
    if (document.hidden) {
      leave?.();
      leave = null;
    } else leave ??= lead();
  }

  async function queue() {
    const held = () =>
      new Promise((done) => {
        if (!isIn) return done();
        leave = lead();
        release = () => {
          leave?.();
          release = leave = null;
          done();
        };
      });
    await locks.request(`${name}:live`, held).catch(() => {});
  }

  return {
    id: `${Date.now()}-${Math.random()}`,
    tell: (message) => channel?.postMessage(message),
    leads: () => leave !== null,
    /** Take part in the stream. */
    join() {
      if (isIn) return;
      isIn = true;
      if (locks) queue();
      else {
        document.addEventListener("visibilitychange", look);
        look();
      }
    },
    /** Be out of it, and let another tab have it. */
    part() {
      isIn = false;
      document.removeEventListener("visibilitychange", look);
      if (release) release();
      else {
        leave?.();
        leave = null;
      }
    },
  };
}
