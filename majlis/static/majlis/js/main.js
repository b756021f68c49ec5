// Starts what the page has.

import * as acts from "./acts.js";
import * as attention from "./attention.js";
import * as composer from "./composer.js";
import * as customers from "./customers.js";
import * as heartbeat from "./heartbeat.js";
import * as inbox from "./inbox.js";
import * as keys from "./keys.js";
import * as loading from "./loading.js";
import * as menus from "./menus.js";
import * as palette from "./palette.js";
import * as presence from "./presence.js";
import * as search from "./search.js";
import * as selection from "./selection.js";
import * as sheet from "./sheet.js";
import * as thread from "./thread.js";
import * as typing from "./typing.js";

menus.start();
keys.start();
palette.start();
sheet.start();
customers.start();
if (document.getElementById("list")) for (const part of [thread, inbox, search, selection, composer, acts, loading, attention, typing, presence, heartbeat]) part.start();
// What only a chat needs comes with the first one that is opened.
const chat = () => document.getElementById("chat-standing") && import("./chat.js");
chat();
document.addEventListener("htmx:load", chat);
// On a narrow screen these are one line each that slides.
for (const here of document.querySelectorAll(".settings__nav>[aria-current],.setrow__tabs>[aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
if (document.getElementById("push")) import("./push-settings.js").then((part) => part.start());
// Nothing on a page waits for these.
addEventListener("load", () => import("./bell.js").then((bell) => bell.start(), () => {}));
addEventListener("load", () => setTimeout(() => import("./pushing.js").then((pushing) => pushing.start(), () => {}), 200));
