// @ts-check
/**
 * Draws a page anew when there is something new. The page bears the version it was drawn from, and
 * asks every few seconds for the version it would have; whoever is reading or typing is not disturbed.
 */

/** How often the page asks, in milliseconds. */
const EVERY = 4000;

/** @returns {HTMLElement | null} */
function main() {
  return document.getElementById("main");
}

/** The button that says that there is something new. */
function news() {
  return document.getElementById("news");
}

/** True while a drawing would take something away: an open answer, a text, a selection, a dialog. */
function busy() {
  const part = main();
  if (part === null || document.querySelector("dialog[open]")) return true;
  if (part.querySelector("details[open]")) return true;
  const active = document.activeElement;
  if (active instanceof HTMLElement && part.contains(active) && active.matches("input, textarea, select")) return true;
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed;
}

async function draw() {
  const answer = await fetch(location.href.replace(/#.*$/, ""), { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return location.reload();
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = drawn.getElementById("main");
  const old = main();
  if (fresh === null || old === null) return location.reload();
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : "";
  const inside = old.contains(document.activeElement);
  const scrolled = [...old.querySelectorAll("[data-scroll-end]")].map((part) => part.scrollLeft);
  // What the last action did was told once.
  for (const told of fresh.querySelectorAll(":scope > .notice[role=status]")) told.remove();
  old.replaceWith(document.adoptNode(fresh));
  [...fresh.querySelectorAll("[data-scroll-end]")].forEach((part, at) => (part.scrollLeft = scrolled[at] ?? 0));
  if (inside) (document.getElementById(focused) ?? fresh).focus({ preventScroll: true });
  const counts = drawn.querySelector(".nav");
  document.querySelector(".nav")?.replaceWith(...(counts ? [document.adoptNode(counts)] : []));
  const button = news();
  if (button) button.hidden = true;
  // Scripts of vendors look at what is new only when they are told.
  const htmx = /** @type {{ process?: (part: Element) => void } | undefined} */ (Reflect.get(window, "htmx"));
  htmx?.process?.(fresh);
}

async function ask() {
  const version = main()?.dataset["version"];
  if (version === undefined || document.hidden) return;
  const answer = await fetch(`${location.pathname}/version`).catch(() => null);
  if (answer === null || !answer.ok || answer.redirected) return;
  if ((await answer.text()) === version) return;
  const button = news();
  if (!busy()) await draw();
  else if (button) button.hidden = false;
}

export function listenForNews() {
  if (main()?.dataset["version"] === undefined) return;
  news()?.addEventListener("click", () => void draw());
  setInterval(() => void ask(), EVERY);
  document.addEventListener("visibilitychange", () => void ask());
}
