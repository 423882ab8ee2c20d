// What whoever talks to people does on the pages, and whoever sets up channels: a code for one person, keys
// that sign mail, addresses at which providers tell. What is secret is shown once.

export async function desk(site, report) {
  const page = await site.open();
  await gift(page, site, report);
  await key(page, report);
  await hook(page, report);
  await pushKey(page, report);
  await page.context().close();
}

const words = async (page) => (await page.locator("main").textContent()) ?? "";

/** A code for one person, among all offers with whether they may be given. */
async function gift(page, site, report) {
  if (!site.pages.offer) return report.skip("giving an offer by hand", "the shop has none");
  const give = await somebodyForOffer(page, site);
  report.check("an offer may be given to somebody who is found", give !== null);
  if (give === null) return;
  await give.click();
  const code = ((await page.locator(".notice.good pre").textContent()) ?? "").trim();
  report.check("a code that is given is shown", /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/.test(code), code);
  await page.goto(new URL(page.url()).pathname);
  report.check("and is not shown again", !(await words(page)).includes(code));
  report.check("what was given is told", (await page.locator("#given tbody tr").count()) >= 1);
  const refused = (await page.locator("#may .reasons").first().textContent()) ?? "";
  report.check("a second one is refused with its reason", refused.includes("was given the offer"), refused);
  await page.locator("#given form button").first().click();
  const back = (await page.locator(".notice.good[role=status]").textContent()) ?? "";
  report.check("a code is taken back", back.includes("is taken back"), back);
  report.check("and the list says so", ((await page.locator("#given tbody").textContent()) ?? "").includes("Taken back"));
  await page.goto(site.pages.offer);
  await page.fill("#gift", "no-such-gift");
  await page.click("#back button[type=submit]");
  report.check("an id of no gift is told", (await page.locator("#back [role=alert]").count()) === 1);
  await page.fill("#who", "nobody-at-all@nowhere.example");
  await page.click("#give button[type=submit]");
  report.check("somebody unknown is told", (await page.locator("#give [role=alert]").count()) === 1);
  await page.fill("#who", site.query);
  await Promise.all([page.waitForURL(/\/people\/[^/]+\/offers/), page.click("#give button[type=submit]")]);
}

/** The button that gives an offer to the first person found to whom one may be given; the page is theirs then. */
async function somebodyForOffer(page, site) {
  await site.search(page);
  const people = await page.locator(".hit a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const person of new Set(people)) {
    await page.goto(person);
    await page.click("main a[href^='/people/'][href$='/offers']");
    await page.waitForSelector("#may");
    const give = page.locator("#may form button.primary").first();
    if ((await give.count()) > 0) return give;
  }
  return null;
}

/** A key is made, does not sign before its record is seen, and is removed. */
async function key(page, report) {
  await page.goto("/channels");
  await page.locator("#dkim > details > summary").click();
  await page.fill("#key-domain", "shop.example");
  await page.fill("#key-selector", "browser1");
  await page.selectOption("#key-algorithm", "ed25519");
  await page.click("form[action='/channels/key'] button[type=submit]");
  const record = (await page.locator("#dkim .record").last().textContent()) ?? "";
  report.check("a new key shows the record for the DNS", record.includes("browser1._domainkey.shop.example") && record.includes("k=ed25519"), record);
  await page.locator("#dkim .dkim-key", { hasText: "browser1" }).locator("form[action='/channels/key-use'] button").click();
  report.check("it does not sign before the record is seen", (await page.locator(".notice.warn form[action='/channels/key-use']").count()) === 1);
  await page.locator(".notice.warn form[action='/channels/key-use'] button").click();
  await page.waitForURL(/#dkim$/);
  const own = () => page.locator("#dkim .dkim-key", { hasText: "browser1" });
  report.check("unless somebody says that it shall", ((await own().textContent()) ?? "").includes("signs"));
  await own().locator("summary").click();
  await own().locator("input[type=checkbox]").check();
  await own().locator("form[action='/channels/key-remove'] button").click();
  await page.waitForURL(/#dkim$/);
  report.check("a key is removed", (await own().count()) === 0);
  await page.locator("#dkim > details > summary").click();
  await page.fill("#key-domain", "shop.example");
  await page.fill("#key-pem", "no key");
  await page.click("form[action='/channels/key'] button[type=submit]");
  report.check("what is no key is told", ((await page.locator("[role=alert]").textContent()) ?? "").includes("no private key"));
}

/** An address for a provider is made, replaced and removed; a key that is none is told. */
async function hook(page, report) {
  await page.setViewportSize({ width: 390, height: 860 });
  await page.goto("/channels");
  const open = (name) => page.locator("#hooks summary", { hasText: new RegExp(`^${name}$`) }).click();
  await open("Mailgun");
  await page.fill("#key-mailgun", "short");
  await page.locator("form[action='/channels/hook']", { has: page.locator("#key-mailgun") }).locator("button").click();
  report.check("a key that is none is told", ((await page.locator("[role=alert]").textContent()) ?? "").includes("Mailgun"));
  await open("Postmark");
  await page.locator("form[action='/channels/hook']", { has: page.locator("input[value=postmark][type=hidden]") }).locator("button").click();
  const shown = async () => ((await page.locator(".notice.good pre").textContent()) ?? "").trim();
  const first = await shown();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  report.check("and fits a phone", wide <= 0, `${wide} pixels too wide`);
  report.check("an address for a provider is shown", /\/hooks\/email\/hk_/.test(first), first.slice(0, 40));
  const one = () => page.locator("#hooks .dkim-key", { has: page.locator("form[action='/channels/hook-rotate']") }).first();
  await one().locator("form[action='/channels/hook-rotate'] button").click();
  const second = await shown();
  report.check("another takes its place", second !== first && /\/hooks\/email\/hk_/.test(second));
  await page.goto("/channels");
  const all = await words(page);
  report.check("and neither is shown again", !all.includes(first) && !all.includes(second));
  report.check("the one of before says until when it answers", all.includes("This one answers until"));
  await one().locator("form[action='/channels/hook-remove'] button").click();
  await page.waitForURL(/#hooks$/);
  report.check("an address is removed", (await page.locator("form[action='/channels/hook-rotate']").count()) === 0);
}

/** The key for push messages is made beside the running program, and another one only by whoever is sure. */
async function pushKey(page, report) {
  await page.goto("/channels");
  const make = page.locator("#push form:not(.builder) button[type=submit]");
  if ((await make.count()) > 0) await make.click();
  const shown = async () => ((await page.locator("#push .record code").first().textContent()) ?? "").trim();
  const first = await shown();
  report.check("the key for push messages is there", /^B[A-Za-z0-9_-]{86}$/.test(first), first);
  await page.locator("#push details > summary").click();
  const ends = (await page.locator("#push details").textContent()) ?? "";
  report.check("what another key would end is said", ends.includes("under this key"), ends);
  await page.check("#push-sure");
  await page.click("#push details button[type=submit]");
  report.check("another key takes its place", (await shown()) !== first && (await page.locator(".notice.good").count()) === 1);
  report.check("and is in force", ((await page.locator("#push").textContent()) ?? "").includes("push services"));
}
