// The page without a network asks for the desk again: when the browser says it is back, every few seconds, and by hand.

const PACE_MS = 4_000;
const back = () => location.reload();

async function look() {
  const response = await fetch("/health", { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (response?.ok) back();
}

document.getElementById("again").addEventListener("click", back);
addEventListener("online", look);
setInterval(() => document.visibilityState === "visible" && look(), PACE_MS);
