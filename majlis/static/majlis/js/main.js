// Starts what the page has.

import * as acts from "./acts.js";
import * as composer from "./composer.js";
import * as inbox from "./inbox.js";
import * as keys from "./keys.js";
import * as menus from "./menus.js";
import * as thread from "./thread.js";

menus.start();
keys.start();
if (document.getElementById("list")) for (const part of [thread, inbox, composer, acts]) part.start();
