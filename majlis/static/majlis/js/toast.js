// Short messages at the foot of the page, with at most one thing to do.

/**
 * Show `text`. `action` is the label of a button that calls `run` and closes the toast; `said(secondsLeft)`, if given,
 * rewrites the text every second. Returns a function that closes it.
 */
export function toast(text, { action = "", run = null, seconds = 5, said = null, isBad = false } = {}) {
  const box = document.createElement("div");
  box.className = isBad ? "toast toast--bad" : "toast";
  if (isBad) box.setAttribute("role", "alert");
  const label = box.appendChild(document.createElement("span"));
  label.textContent = text;
  const endsAt = performance.now() + seconds * 1000;
  const clock = setInterval(() => {
    const left = Math.ceil((endsAt - performance.now()) / 1000);
    if (left <= 0) close();
    else if (said) label.textContent = said(left);
  }, 250);
  function close() {
    clearInterval(clock);
    box.remove();
  }
  if (said) label.setAttribute("aria-live", "off");
  if (action) {
    const button = box.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => {
      close();
      run();
    });
  }
  document.getElementById("toasts")?.append(box);
  return close;
}
