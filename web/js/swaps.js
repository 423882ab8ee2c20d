// @ts-check
/** After a part of the page was swapped: puts the focus back, and says what changed. */

/** @type {{ id: string, start: number | null, end: number | null } | null} */
let kept = null;

function keep() {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) {
    kept = null;
    return;
  }
  const text = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
  kept = { id: active.id, start: text ? active.selectionStart : null, end: text ? active.selectionEnd : null };
}

/** @param {Element} part */
function restore(part) {
  const wanted = part.querySelector("[data-focus]");
  if (wanted instanceof HTMLElement) {
    wanted.focus();
    return;
  }
  const active = document.activeElement;
  if (kept === null || (active !== null && active !== document.body)) return;
  const same = kept.id === "" ? null : document.getElementById(kept.id);
  const home = same ?? part.querySelector("h2 a, h2[tabindex], a[href], button");
  if (!(home instanceof HTMLElement)) return;
  home.focus({ preventScroll: same !== null });
  if (same instanceof HTMLTextAreaElement && kept.start !== null) same.setSelectionRange(kept.start, kept.end);
}

/** @param {Element} part */
function say(part) {
  const words = part.querySelector("[data-say]");
  const place = document.getElementById("say");
  if (words && place) place.textContent = words.textContent;
}

/** The part as it stands in the page: the swapped element itself may be gone.
 * @param {Event} event */
function part(event) {
  const target = event.target;
  if (!(target instanceof Element)) return document.body;
  if (target.isConnected) return target;
  return document.getElementById(target.id) ?? document.body;
}

export function listenForSwaps() {
  document.addEventListener("htmx:beforeSwap", keep);
  document.addEventListener("htmx:afterSettle", (event) => {
    restore(part(event));
    say(part(event));
  });
}
