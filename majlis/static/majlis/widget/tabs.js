// The tabs of one site in one browser: they tell each other what happened, and one of them holds the stream for all.
// Where the browser has no locks (plain http), each visible tab holds its own.

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
