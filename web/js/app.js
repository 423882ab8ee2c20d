// @ts-check
/** Starts what the pages need beyond plain HTML. Everything here only adds to pages that work without it. */
import { listenForDialogs } from "./dialogs.js";
import { listenForEdits } from "./editor.js";
import { listenForKeys } from "./keys.js";
import { listenForNews } from "./live.js";
import { listenForMenus } from "./menus.js";
import { listenForAnswers } from "./review.js";
import { listenForRows } from "./rows.js";
import { listenForSuggestions } from "./suggest.js";
import { listenForSwaps } from "./swaps.js";

listenForDialogs();
listenForKeys();
listenForMenus();
listenForNews();
listenForRows();
listenForAnswers();
listenForSuggestions();
listenForSwaps();
listenForEdits();
