// Push messages in a real browser: the script asks behind a click alone, the worker on the shop's own site shows what
// comes, and tells what was closed. No push service can be reached here, so `pushManager.subscribe` is stood in for, and
// the browser's own debugger hands the worker a message in the service's place. The rest is the browser's.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { writeFileSync } from "node:fs";

import { serveShop } from "../shop.mjs";

const SHOP = (origin) => `shop: Tienda
zone: Europe/Madrid
currency: EUR
site: ${origin}
---
source: browser
channel: web
`;

/** The pages of a shop, under a strict policy, with the worker at their root as a shop hosts it. */
async function openPages() {
  const pages = { regulars: "", key: "", pushKey: "" };
  const server = createServer(async (request, answer) => {
    if (request.url === "/push-worker.js") {
      const worker = await (await fetch(`${pages.regulars}/push-worker.js`)).text();
      answer.writeHead(200, { "content-type": "text/javascript; charset=utf-8" });
      return answer.end(worker);
    }
    const ours = pages.regulars;
    const policy = `default-src 'self'; script-src 'self' ${ours}; style-src 'self' ${ours}; connect-src 'self' ${ours}`;
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
    answer.end(`<!doctype html><html lang="en"><title>Shop</title>
      <script src="${ours}/site.js" data-write-key="${pages.key}" data-push-key="${pages.pushKey}" async></script>
      <main><h1>Shop</h1><button>Tell me</button></main>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { pages, origin: `http://127.0.0.1:${server.address().port}`, stop, server };
}

/** Stands in for the browser's way to its push service, and notes with what it was asked. */
function standIn() {
  window.asked = [];
  const ask = Notification.requestPermission.bind(Notification);
  Notification.requestPermission = () => {
    window.asked.push("permission");
    return ask();
  };
  PushManager.prototype.subscribe = async (options) => {
    window.asked.push(options.applicationServerKey);
    const keys = { p256dh: `B${"a".repeat(86)}`, auth: "b".repeat(22) };
    return { endpoint: "https://push.example/b1", toJSON: () => ({ endpoint: "https://push.example/b1", keys }) };
  };
}

export async function push(site, report) {
  const program = process.env.REGULARS_BIN;
  if (!program) return report.skip("push messages", "they need REGULARS_BIN");
  const { pages, origin, stop, server } = await openPages();
  let pushKey = "";
  const shop = await serveShop(program, (dir) => {
    const files = join(dir, "..", "push.yaml");
    writeFileSync(files, SHOP(origin));
    execFileSync(program, ["apply", files, "--data-dir", dir], { stdio: ["ignore", "ignore", "inherit"] });
    const made = execFileSync(program, ["--json", "channel", "push", "--make-key", "--data-dir", dir]);
    pushKey = JSON.parse(String(made)).public_key;
  });
  try {
    Object.assign(pages, { regulars: shop.address, key: shop.key, pushKey });
    await subscribes(site, report, { shop, origin, pushKey });
  } finally {
    server.closeAllConnections();
    await stop();
    await shop.stop();
  }
}

/** A click subscribes; a message is shown; a close and a sign-out are told. */
async function subscribes(site, report, { shop, origin, pushKey }) {
  const page = await site.open({ stranger: true, permissions: ["notifications"] });
  await page.addInitScript(standIn);
  await page.goto(origin, { waitUntil: "networkidle" });
  const unasked = await page.evaluate(() => window.asked.length);
  report.check("nobody is asked before they click", unasked === 0, String(unasked));
  const told = page.waitForResponse((answer) => answer.url().endsWith("/v1/batch"));
  const click = () => regulars.push({ worker: "/push-worker.js", purpose: "promotion", wording: "Tell me" });
  const answer = await page.evaluate(click);
  await told;
  const asked = await page.evaluate(() => window.asked);
  report.check("behind a click the browser subscribes to the shop's key", answer === "granted" && asked.join() === `permission,${pushKey}`, `${answer} ${asked}`);
  const value = await page.evaluate(() => regulars.anonymousId());
  const path = async () => {
    const found = await shop.ask("/api/v1/people/timeline", { identifier: { kind: "anonymous_id", value } });
    return (found?.events ?? []).map((event) => event.name);
  };
  report.check("the subscription stands on the path", (await path()).includes("Push Subscribed"), (await path()).join());
  const consents = await shop.ask("/api/v1/people/consents", { identifier: { kind: "anonymous_id", value } });
  const yes = JSON.stringify(consents);
  report.check("it is a yes with its words", yes.includes('"Tell me"') && yes.includes('"push"'), yes.slice(0, 300));
  await shows(page, report, { shop, origin });
  const ended = page.waitForResponse((reply) => reply.url().endsWith("/v1/batch"));
  await page.evaluate(() => regulars.reset());
  await ended;
  report.check("who signs out takes the subscription along", (await path()).includes("Push Subscription Ended"), (await path()).join());
  await page.context().close();
}

/** The worker shows what the browser hands it, one notification for each tag, and tells of a close. */
async function shows(page, report, { shop, origin }) {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find((one) => one.scopeURL.startsWith(origin));
      if (found) resolve(found.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const closed = `${shop.address}/n/1-00000000000000000000000000000000`;
  const message = { title: "Your cart", body: "waits", url: `${origin}/cart`, tag: "t1", closed };
  const data = JSON.stringify(message);
  for (let times = 0; times < 2; times += 1) {
    await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  }
  const shown = async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  };
  await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0);
  const found = await page.evaluate(shown);
  const expected = [{ title: "Your cart", body: "waits", tag: "t1", data: { url: message.url, closed } }];
  report.check("what came twice is shown once", JSON.stringify(found) === JSON.stringify(expected), JSON.stringify(found));
  const [worker] = page.context().serviceWorkers();
  const noted = page.context().waitForEvent("request", (request) => request.url() === closed);
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    // A browser dispatches it when somebody closes the notification, and lets the worker live until it is told.
    const event = new NotificationEvent("notificationclose", { notification });
    event.waitUntil = () => {};
    self.dispatchEvent(event);
  });
  const reply = await (await noted).response();
  report.check("a close is told, and a made-up token changes nothing", reply?.status() === 204, String(reply?.status()));
}
