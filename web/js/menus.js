// @ts-check
/** Menus and pop-overs made of `details`: Escape and a click elsewhere close them. */

const CLOSING = "details[data-menu][open], details[data-popover][open]";

/** @param {Element | null} except */
function closeAll(except) {
  for (const menu of document.querySelectorAll(CLOSING)) {
    if (menu instanceof HTMLDetailsElement && menu !== except) menu.open = false;
  }
}

/** Strips that run on to the right begin at their end, where the latest is. */
function scrollToEnds() {
  for (const strip of document.querySelectorAll("[data-scroll-end]")) strip.scrollLeft = strip.scrollWidth;
}

export function listenForMenus() {
  scrollToEnds();
  document.addEventListener("click", (event) => {
    closeAll(event.target instanceof Element ? event.target.closest("details") : null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(CLOSING);
    if (!(open instanceof HTMLDetailsElement)) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
}
