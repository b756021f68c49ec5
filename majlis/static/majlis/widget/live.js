// One stream of events from the desk: POSTed, so that no token stands in an address, and read as it comes.

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
