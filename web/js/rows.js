// @ts-check
/** `j` and `k` walk the rows of a list; the arrow leads from the search box into its results. */
import { letter, typing } from "./keys.js";

/** All rows of the page's lists, in order. */
function rows() {
  const all = [...document.querySelectorAll("[data-rows] [data-row]")];
  return all.filter((row) => row instanceof HTMLElement && row.getClientRects().length > 0);
}

/**
 * What of a row takes the focus: its link or its "Why?", else the row itself.
 * @param {Element} row
 */
function handle(row) {
  const inner = row.querySelector("a[href], summary, button");
  if (inner instanceof HTMLElement) return inner;
  if (row instanceof HTMLElement) row.tabIndex = -1;
  return /** @type {HTMLElement} */ (row);
}

/** The place of the row that holds the focus, or the row last walked to, or -1.
 * @param {Element[]} list */
function place(list) {
  const inside = list.findIndex((row) => row.contains(document.activeElement));
  return inside >= 0 ? inside : list.findIndex((row) => row.classList.contains("here"));
}

/**
 * @param {Element[]} list
 * @param {number} at
 */
function go(list, at) {
  const row = list[at];
  if (!row) return;
  for (const other of document.querySelectorAll(".here")) other.classList.remove("here");
  row.classList.add("here");
  const fold = row.querySelector(":scope > details[data-fold]");
  if (fold instanceof HTMLDetailsElement) fold.open = true;
  handle(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** The first row below the top edge of the window, where walking begins.
 * @param {Element[]} list */
function firstInView(list) {
  const found = list.findIndex((row) => row.getBoundingClientRect().top >= 0);
  return found >= 0 ? found : 0;
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const list = rows();
  if (event.key === "ArrowDown" && event.target instanceof HTMLElement && event.target.matches("[data-search]")) {
    if (list.length > 0) {
      event.preventDefault();
      go(list, 0);
    }
    return;
  }
  if (typing(event.target)) return;
  const pressed = letter(event);
  if ((pressed !== "j" && pressed !== "k") || list.length === 0) return;
  event.preventDefault();
  const at = place(list);
  if (pressed === "k" && at === 0) {
    const box = document.querySelector("[data-search]");
    if (box instanceof HTMLElement) box.focus();
    return;
  }
  if (at < 0) go(list, firstInView(list));
  else go(list, pressed === "j" ? Math.min(at + 1, list.length - 1) : at - 1);
}

export function listenForRows() {
  // The letter after `g` belongs to keys.js, which listens first and claims it.
  document.addEventListener("keydown", press);
}
