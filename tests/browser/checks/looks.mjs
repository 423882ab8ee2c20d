// Every page in every pair of width, scheme and language: accessible, and nothing hangs over the edge.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";

import { beside } from "../beside.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Six views in which every two of width, scheme and language meet at least once, by language: a page is loaded
 * in the first of two, and resized and coloured into the second.
 */
const VIEWS = [
  ["en", [390, "light"], [768, "dark"]],
  ["ru", [390, "dark"], [1360, "light"]],
  ["es", [768, "light"], [1360, "dark"]],
];
const HEIGHT = 860;
/** Below this width, in pixels, a page is read by finger. */
const FINGER = 500;

export async function looks(site, report) {
  const shots = process.env.REGULARS_SHOTS;
  if (shots) mkdirSync(shots, { recursive: true });
  const parts = VIEWS.map((views) => [views, report.part()]);
  try {
    // Each language has a context of its own, in which it is kept.
    await beside(parts, VIEWS.length, ([views, part]) => everyPage(site, part, views, shots));
  } finally {
    for (const [, part] of parts) report.join(part);
  }
  await signedOut(site, report);
}

/** Every page in two views, as it comes and with all that folds opened. */
async function everyPage(site, report, [language, ...views], shots) {
  const page = await site.open();
  const session = await page.context().newCDPSession(page);
  await site.speak(page, language);
  const pages = { ...site.pages, results: "/people" };
  for (const [name, address] of Object.entries(pages)) {
    await show(page, session, views[0]);
    if (name === "results") await site.search(page);
    else await page.goto(address);
    // The driver may run what the page's own policy forbids to the page.
    await page.evaluate(AXE);
    for (const view of views) {
      await show(page, session, view);
      const said = `${name} ${view.join(" ")} ${language}`;
      const closed = await look(page);
      tell(report, said, closed);
      if (shots) await page.screenshot({ path: `${shots}/${said.replaceAll(" ", "-")}.png`, fullPage: true });
      // Where nothing was closed, what was seen is what would be seen again.
      const opened = await page.evaluate(openAll);
      tell(report, `${said}, all opened`, opened > 0 ? await look(page) : closed);
      await page.evaluate(closeAgain);
    }
  }
  await page.context().close();
}

/** Gives the page the width and the colours of a view, and a finger where it is narrow. */
async function show(page, session, [width, scheme]) {
  await page.setViewportSize({ width, height: HEIGHT });
  await page.emulateMedia({ colorScheme: scheme });
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: width < FINGER });
  await page.waitForFunction(shown, { width, scheme, coarse: width < FINGER });
}

/** Whether the page has what it was given, with no colour on its way to another; runs in the page. */
function shown({ width, scheme, coarse }) {
  // One that ends lets those begin that inherit from it: so it is asked again.
  const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
  for (const one of moving) one.finish();
  const finger = matchMedia("(pointer: coarse)").matches;
  return moving.length === 0 && innerWidth === width && matchMedia(`(prefers-color-scheme: ${scheme})`).matches && finger === coarse;
}

async function signedOut(site, report) {
  const page = await site.open({ stranger: true, viewport: { width: 390, height: 844 } });
  await page.goto("/sign-in");
  await page.evaluate(AXE);
  tell(report, "sign-in 390", await look(page));
  await page.context().close();
}

/** What reaches over the edge, and what is not accessible and where. */
async function look(page) {
  return { over: await page.evaluate(overTheEdge), wrong: await page.evaluate(inaccessible) };
}

function tell(report, view, { over, wrong }) {
  report.check(`${view}: nothing hangs over the edge`, over.px <= 0, `${over.px} px: ${over.which}`);
  report.check(`${view}: accessible`, wrong.length === 0, wrong.join("; "));
}

/** Asks axe; runs in the page. What stands in frames are messages: none runs anything, so none would answer. */
async function inaccessible() {
  const { violations } = await window.axe.run(document, { resultTypes: ["violations"], iframes: false });
  return violations.map((one) => `${one.id} at ${one.nodes[0]?.target.join(" ")}`);
}

/** Opens what folds, and says how much of it was closed; runs in the page. */
function openAll() {
  const closed = [...document.querySelectorAll("main details:not([open])")];
  for (const part of closed) part.open = true;
  window.openedForLooks = closed;
  return closed.length;
}

/** Closes what was opened, for the next view; runs in the page. */
function closeAgain() {
  for (const part of window.openedForLooks) part.open = false;
}

/** By how many pixels the page is too wide, and which elements reach out of it; runs in the page. */
function overTheEdge() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth);
  const named = out.map((one) => `${one.tagName.toLowerCase()}.${[...one.classList].join(".")}`);
  return { px: scrollWidth - clientWidth, which: named.slice(-4).join(", ") };
}
