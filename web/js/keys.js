// @ts-check
/** Keys that work on every page: `/` to search, `?` for help, `g` and a letter to go somewhere. */

/** How long `g` waits for its letter, in milliseconds. */
const LETTER_WAIT = 1500;

/** When `g` was pressed, or 0. */
let goSince = 0;

/**
 * True while someone types, so that letters are letters.
 * @param {EventTarget | null} target
 */
export function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null);
}

/**
 * The Latin letter of a key, also on a Cyrillic keyboard, where `key` is another letter.
 * @param {KeyboardEvent} event
 */
export function letter(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const physical = /^Key([A-Z])$/.exec(event.code);
  return physical?.[1]?.toLowerCase() ?? "";
}

/** @param {KeyboardEvent} event */
function isSlash(event) {
  return event.key === "/" || (event.code === "Slash" && !event.shiftKey && !/^[!-~]$/.test(event.key));
}

/** Goes to the box that finds a person, on this page or on its own. */
function search() {
  const box = document.querySelector("[data-search]");
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  } else {
    location.assign("/people");
  }
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (isSlash(event)) {
    event.preventDefault();
    search();
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("regulars:open", { detail: "help" }));
    return;
  }
  const pressed = letter(event);
  if (goSince > 0 && performance.now() - goSince < LETTER_WAIT && pressed !== "") {
    goSince = 0;
    const link = document.querySelector(`[data-go="${pressed}"]`);
    if (link instanceof HTMLAnchorElement) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  goSince = pressed === "g" ? performance.now() : 0;
}

export function listenForKeys() {
  document.addEventListener("keydown", press);
}
