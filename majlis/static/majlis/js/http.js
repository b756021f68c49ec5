// Requests the page makes by itself: same origin, with the token against forged requests.

/** The page's token against forged requests. */
export const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

/**
 * Ask `url`; a fragment answers. Rejects only when the server could not be reached.
 * A form in `body` that holds no files may go as JSON (`isPlain`): the server reads that with a tenth of the work.
 */
export function ask(url, { method = "GET", body, isPlain = false } = {}) {
  const headers = { "HX-Request": "true", Accept: "text/html, application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = token();
  if (isPlain) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(Object.fromEntries(body));
  }
  return fetch(url, { method, body, headers, credentials: "same-origin", cache: "no-store" });
}

/** The text of a fragment, without its markup. */
export function textOf(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

/** A name for one attempt, 32 hex digits. (crypto.randomUUID does not exist on plain http away from localhost.) */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
