// Every page in every pair of width, scheme and language: accessible, and nothing hangs over the edge.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Six views in which every two of width, scheme and language meet at least once. */
const VIEWS = [
  [390, "light", "en"],
  [390, "dark", "ru"],
  [768, "light", "es"],
  [768, "dark", "en"],
  [1360, "light", "ru"],
  [1360, "dark", "es"],
];

export async function looks(site, report) {
  const shots = process.env.REGULARS_SHOTS;
  if (shots) mkdirSync(shots, { recursive: true });
  for (const [width, scheme, language] of VIEWS) {
    const page = await site.open({ viewport: { width, height: 860 }, colorScheme: scheme, hasTouch: width < 500 });
    await site.speak(page, language);
    const pages = { ...site.pages, results: "/people" };
    for (const [name, address] of Object.entries(pages)) {
      if (name === "results") await site.search(page);
      else await page.goto(address);
      const view = `${name} ${width} ${scheme} ${language}`;
      await look(page, report, view);
      if (shots) await page.screenshot({ path: `${shots}/${view.replaceAll(" ", "-")}.png`, fullPage: true });
      await page.evaluate(() => document.querySelectorAll("main details").forEach((part) => (part.open = true)));
      await look(page, report, `${view}, all opened`);
    }
    await page.context().close();
  }
  await signedOut(site, report);
}

async function signedOut(site, report) {
  const page = await site.open({ stranger: true, viewport: { width: 390, height: 844 } });
  await page.goto("/sign-in");
  await look(page, report, "sign-in 390");
  await page.context().close();
}

async function look(page, report, view) {
  const over = await page.evaluate(overTheEdge);
  report.check(`${view}: nothing hangs over the edge`, over.px <= 0, `${over.px} px: ${over.which}`);
  // The driver may run what the page's own policy forbids to the page.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const words = found.violations.map((one) => `${one.id} at ${one.nodes[0]?.target.join(" ")}`).join("; ");
  report.check(`${view}: accessible`, found.violations.length === 0, words);
}

/** By how many pixels the page is too wide, and which elements reach out of it; runs in the page. */
function overTheEdge() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth);
  const named = out.map((one) => `${one.tagName.toLowerCase()}.${[...one.classList].join(".")}`);
  return { px: scrollWidth - clientWidth, which: named.slice(-4).join(", ") };
}
