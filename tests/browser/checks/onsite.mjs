// The shop's own site, in a real browser and under a strict policy: its script tells of a visit, shows what
// the journey says, moves nothing on the page, and says nothing to whoever is not who they say they are.
import { createHmac } from "node:crypto";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { serveShop } from "../shop.mjs";

const SHOP = (origin) => `shop: Tienda
zone: Europe/Madrid
currency: EUR
site: ${origin}
slots: [{ slot: banner, height: 96 }, note]
---
source: browser
channel: web
---
template: hello
site:
  title: "Hello {{ person.first_name | default('you') }}"
  text: It is good to see you.
  image: /shoe.svg
  image text: A shoe
  button: Look
  link: /new
---
template: tip
site: { title: A tip, link: /tips }
---
journey: greeted
purpose: care
enter: [Page Viewed, Identify]
steps:
  - { show: greet, slot: banner, template: hello, for: 2 days }
---
journey: advised
purpose: care
enter: [Page Viewed]
steps:
  - { show: tip, slot: note, template: tip, for: 2 days }
`;

/** The pages of a shop, under a policy that lets nothing run that stands inside of them. */
async function openPages() {
  const pages = { regulars: "", key: "", more: "" };
  const server = createServer((request, answer) => {
    if (request.url === "/shoe.svg") {
      answer.writeHead(200, { "content-type": "image/svg+xml" });
      return answer.end("<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'/>");
    }
    const ours = pages.regulars;
    const policy = `default-src 'self'; script-src 'self' ${ours}; style-src 'self' ${ours}; connect-src 'self' ${ours}`;
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
    answer.end(`<!doctype html><html lang="en"><title>Shop</title>
      <link rel="stylesheet" href="${ours}/site.css">
      <script src="${ours}/site.js" data-write-key="${pages.key}" ${pages.more} async></script>
      <main><h1>Shop</h1><div data-regulars-slot="banner"></div><p>Shoes</p></main><div data-regulars-slot="note"></div>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { pages, origin: `http://127.0.0.1:${server.address().port}`, stop, server };
}

/** What the page itself notes, before anything of it runs. */
function watch() {
  window.noted = { shift: 0, refused: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.noted.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("securitypolicyviolation", (event) => window.noted.refused.push(event.violatedDirective));
}

export async function onsite(site, report) {
  const program = process.env.REGULARS_BIN;
  if (!program) return report.skip?.("the site's script", "it needs REGULARS_BIN");
  const { pages, origin, stop, server } = await openPages();
  let secret = "";
  const shop = await serveShop(program, (dir) => {
    const files = join(dir, "..", "site.yaml");
    writeFileSync(files, SHOP(origin));
    execFileSync(program, ["apply", files, "--data-dir", dir], { stdio: ["ignore", "ignore", "inherit"] });
    secret = JSON.parse(String(execFileSync(program, ["--json", "source", "secret", "browser", "--data-dir", dir]))).secret;
  });
  try {
    Object.assign(pages, { regulars: shop.address, key: shop.key });
    await visits(site, report, { shop, origin });
    await proofs(site, report, { shop, origin, pages, secret });
    await refusals(site, report, { origin, pages, shop });
    await strange(site, report, { origin });
    await adrift(site, report, { origin, shop });
    await boxed(site, report, { origin, shop, key: shop.key });
  } finally {
    server.closeAllConnections();
    await stop();
    await shop.stop();
  }
}

/** Somebody new: the visit is told, the next page greets, and nothing moves. */
async function visits(site, report, { shop, origin }) {
  const page = await site.open({ stranger: true, viewport: { width: 390, height: 800 } });
  await page.addInitScript(watch);
  const told = () => page.waitForResponse((answer) => answer.url().endsWith("/v1/batch"));
  await Promise.all([told(), page.goto(origin)]);
  report.check("a visitor of whom nothing is known sees nothing", (await page.locator(".regulars-message").count()) === 0);
  const shown = page.waitForResponse((answer) => answer.url().endsWith("/v1/decide/told"));
  await page.goto(origin);
  await page.waitForSelector('[data-regulars-slot="banner"] .regulars-title');
  const words = await page.locator('[data-regulars-slot="banner"]').innerText();
  report.check("the next page greets", words.includes("Hello you") && words.includes("Look"), words);
  await shown;
  const noted = await page.evaluate(() => window.noted);
  report.check("nothing moves when a place is filled", noted.shift === 0, `shift ${noted.shift}`);
  report.check("nothing of it is refused by a strict policy", noted.refused.length === 0, noted.refused.join(", "));
  if (process.env.REGULARS_SHOTS) await page.screenshot({ path: join(process.env.REGULARS_SHOTS, "onsite-390.png") });
  const closed = page.waitForResponse((answer) => answer.url().endsWith("/v1/decide/told"));
  await page.click('[data-regulars-slot="banner"] .regulars-close');
  await closed;
  const asked = page.waitForResponse((answer) => answer.url().endsWith("/v1/decide"));
  await page.goto(origin);
  const { slots } = await (await asked).json();
  report.check("what was closed stays closed, and the rest stays", !slots.banner && Boolean(slots.note), JSON.stringify(slots));
  const value = await page.evaluate(() => window.regulars.anonymousId());
  const path = JSON.stringify(await shop.ask("/api/v1/people/timeline", { identifier: { kind: "anonymous_id", value } }));
  const kinds = ["Page Viewed", "Site Message Shown", "Site Message Dismissed"];
  report.check("all of it stands on the path", kinds.every((kind) => path.includes(kind)), path.slice(0, 400));
  await page.context().close();
}

/** Somebody known: greeted by name on the word of the shop's server, and by nobody else's. */
async function proofs(site, report, { shop, origin, pages, secret }) {
  await shop.tell([{ type: "identify", messageId: "ana", userId: "ana", traits: { email: "ana@shop.example", firstName: "Ana" } }]);
  const until = Math.floor(Date.now() / 1000) + 600;
  const signed = (key) => `${until}.${createHmac("sha256", key).update(`ana\n${until}`).digest("hex")}`;
  const look = async (more, act) => {
    pages.more = more;
    const page = await site.open({ stranger: true });
    const answered = () => page.waitForResponse((answer) => answer.url().endsWith("/v1/decide"));
    const [answer] = await Promise.all([answered(), page.goto(origin)]);
    // The script leaves the words of a refusal unread, and so would whoever waits for them here.
    let said = answer.ok() ? await answer.json() : { refused: answer.status() };
    if (act) said = await act(page, answered);
    await page.context().close();
    pages.more = "";
    return JSON.stringify(said);
  };
  const own = await look(`data-user-id="ana" data-proof="${signed(secret)}"`);
  report.check("whoever the shop vouches for is greeted by name", own.includes("Hello Ana"), own);
  const guessed = await look(`data-user-id="ana" data-proof="${signed("guessed")}"`);
  report.check("a guessed proof gets nothing", guessed === '{"refused":403}', guessed);
  const claimed = await look("", async (page, answered) => {
    const told = page.waitForResponse((answer) => answer.url().endsWith("/v1/batch"));
    await page.evaluate(() => window.regulars.identify("", { email: "ana@shop.example" }));
    await told;
    const [answer] = await Promise.all([answered(), page.goto(origin)]);
    return answer.json();
  });
  report.check("saying that one is Ana shows nothing of hers", claimed.includes("proof_needed") && !claimed.includes("Hello"), claimed);
}

/** Whoever has not said yes, or wants not to be followed, is left alone. */
async function refusals(site, report, { origin, pages, shop }) {
  const asked = [];
  const open = async (more, before) => {
    pages.more = more;
    const page = await site.open({ stranger: true });
    if (before) await page.addInitScript(before);
    page.on("request", (request) => {
      if (request.url().startsWith(shop.address) && request.method() === "POST") asked.push(request.url());
    });
    await page.goto(origin, { waitUntil: "networkidle" });
    return page;
  };
  const quiet = await open("", () => Object.defineProperty(navigator, "doNotTrack", { value: "1" }));
  report.check("a browser that asks not to be tracked is left alone", asked.length === 0, asked.join(", "));
  await quiet.context().close();
  const waits = await open('data-consent="ask"');
  const kept = await waits.evaluate(() => window.regulars.anonymousId().length + localStorage.length);
  report.check("before a yes nothing is told, asked or kept", asked.length === 0 && kept === 0, asked.join(", "));
  await Promise.all([
    waits.waitForResponse((answer) => answer.url().endsWith("/v1/decide")),
    waits.evaluate(() => window.regulars.consent(true)),
  ]);
  await waits.evaluate(() => window.regulars.consent(false));
  report.check("a no takes everything away again", (await waits.evaluate(() => localStorage.length)) === 0);
  await waits.context().close();
  pages.more = "";
}

/** An address that is none takes its own picture and link away, and nothing of the other places. */
async function strange(site, report, { origin }) {
  const page = await site.open({ stranger: true });
  const none = "https://[";
  const slots = { banner: { title: "Odd", link: none, image: none, token: "1" }, note: { title: "A tip", token: "2" } };
  const headers = { "access-control-allow-origin": origin };
  await page.route("**/v1/decide", (route) => route.fulfill({ json: { slots, nothing: {} }, headers }));
  await page.goto(origin);
  // All places are filled at once.
  await page.waitForSelector(".regulars-message", { state: "attached" });
  const filled = await page.locator(".regulars-title").allInnerTexts();
  const leads = await page.locator(".regulars-message :is(a, img)").count();
  report.check("an address that is none leaves the other places alone", filled.join() === "Odd,A tip" && leads === 0, filled.join());
  await page.context().close();
}

/** What is told while the browser is offline arrives once it is not, from this page or the next one. */
async function adrift(site, report, { origin, shop }) {
  const page = await site.open({ stranger: true });
  const told = (on, what) => on.waitForResponse((answer) => answer.url().endsWith("/v1/batch") && answer.request().postData().includes(what));
  await Promise.all([told(page, '"page"'), page.goto(origin)]);
  const context = page.context();
  const says = (on, id) => on.evaluate((id) => window.regulars.track("Product Viewed", { product_id: id }), id);
  const kept = (on) => on.evaluate(() => localStorage.getItem("regulars_untold"));
  const waits = (on, id) => on.waitForFunction((id) => localStorage.getItem("regulars_untold")?.includes(id), id);
  await context.setOffline(true);
  await says(page, "p-adrift");
  await waits(page, "p-adrift");
  await Promise.all([told(page, "p-adrift"), context.setOffline(false)]);
  await page.waitForFunction(() => localStorage.getItem("regulars_untold") === null);
  // A server that is down for a moment, and a page that is left meanwhile.
  await page.route("**/v1/batch", (route) => route.fulfill({ status: 503, headers: { "access-control-allow-origin": origin } }));
  await says(page, "p-down");
  await waits(page, "p-down");
  await page.unroute("**/v1/batch");
  await Promise.all([told(page, "p-down"), page.goto(origin)]);
  await page.waitForFunction(() => localStorage.getItem("regulars_untold") === null);
  // More than a browser takes from a page that is left.
  const [large] = await Promise.all([told(page, "p-large"), says(page, "p-large".padEnd(30_000, "é"))]);
  report.check("what is long arrives too", large.status() === 200, String(large.status()));
  const shown = page.waitForRequest((request) => request.url().endsWith("/v1/decide"));
  const back = told(page, '"page"');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await Promise.all([shown, back]);
  const value = await page.evaluate(() => window.regulars.anonymousId());
  const { events } = await shop.ask("/api/v1/people/timeline", { identifier: { kind: "anonymous_id", value }, limit: 100 });
  const counts = ["p-adrift", "p-down"].map((id) => events.filter((event) => JSON.stringify(event).includes(id)).length);
  report.check("what was told offline arrives once", counts.join() === "1,1", counts.join());
  report.check("nothing of it stays in the browser", (await kept(page)) === null);
  await context.close();
}

/** In a frame without cookies and storage, and on a page that has it twice, the script does what it does. */
async function boxed(site, report, { origin, shop, key }) {
  const page = await site.open({ stranger: true });
  const tag = `<script src="${shop.address}/site.js" data-write-key="${key}"></script>`;
  const inside = `<!doctype html><title>Inside</title>${tag}${tag}`;
  const told = [];
  page.on("response", (answer) => {
    if (answer.url().endsWith("/v1/batch")) told.push(...JSON.parse(answer.request().postData()).batch.map((one) => one.context.page.title));
  });
  await page.goto(origin, { waitUntil: "networkidle" });
  const arrived = page.waitForResponse((answer) => answer.url().endsWith("/v1/batch") && answer.request().postData().includes("Inside"));
  await page.evaluate((inside) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = inside;
    document.body.append(frame);
  }, inside);
  const answer = await arrived;
  await page.waitForLoadState("networkidle");
  const counts = told.filter((title) => title === "Inside").length;
  report.check("a frame in a sandbox is told of, once", answer.status() === 200 && counts === 1, `${answer.status()}, ${counts} times`);
  await page.context().close();
}
