// Puts a form where its tag stands in somebody's page. It runs there, so it leaves nothing behind but a frame.
(() => {
  const { url, titles } = __FORM__;
  const tag = document.currentScript;
  if (!tag) return;
  const desk = new URL(url).origin;
  const address = new URL(url);
  const given = { ...tag.dataset };
  const wish = (given.language || document.documentElement.lang || "").slice(0, 2);
  if (wish === "ar" || wish === "en") address.searchParams.set("language", wish);
  // A frame is light or dark with the page around it, unless the tag says otherwise.
  const styled = getComputedStyle(document.documentElement).colorScheme;
  const scheme = styled && styled !== "normal" ? styled : document.querySelector("meta[name=color-scheme]")?.content || "";
  if (given.theme !== "auto") address.searchParams.set("theme", given.theme || (scheme.includes("dark") ? (scheme.includes("light") ? "" : "dark") : "light"));
  delete given.language;
  delete given.theme;
  // What the page knows already, as data-email="…"; the page itself without what identifies a visit.
  for (const name in given) address.searchParams.set(name, given[name]);
  address.searchParams.set("page", location.origin + location.pathname);
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = titles[wish] || titles.ar;
  frame.loading = "lazy";
  frame.height = 640;
  Object.assign(frame.style, { display: "block", inlineSize: "100%", border: "0", colorScheme: "light dark" });
  addEventListener("message", (event) => {
    if (event.origin !== desk || event.source !== frame.contentWindow || !event.data || event.data.majlis !== "form") return;
    const height = Number(event.data.height);
    if (height > 0 && height < 20000) frame.style.blockSize = `${Math.ceil(height)}px`;
    if (event.data.top) frame.scrollIntoView({ block: "nearest" });
  });
  tag.after(frame);
})();
