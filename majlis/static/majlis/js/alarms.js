// What an admin must know on every page: asked for once a minute, in the way of nothing. A lost connection and an ended
// session are said elsewhere; here they leave what was shown.

const EVERY_MS = 60_000;
const bar = document.getElementById("alarms");
let shown = "";

async function ask() {
  try {
    const response = await fetch(bar.dataset.alarms, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const told = (await response.text()).trim();
    if (told !== shown) bar.innerHTML = shown = told; // the same words are not announced again
  } catch {
    // asked again in a minute
  }
}

if (bar) {
  ask();
  setInterval(() => document.hidden || ask(), EVERY_MS);
}
