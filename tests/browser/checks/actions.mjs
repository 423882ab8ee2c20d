// What a person can do on the pages, and undo; and that an open page follows.

export async function actions(site, report) {
  await sending(site, report);
  await twins(site, report);
  await review(site, report);
  await writing(site, report);
  if (site.pages.row) await aside(site, report);
  else report.skip("putting a row aside", "the quarantine is empty");
}

/** Pausing and resuming, seen by a second window that nobody touches. */
async function sending(site, report) {
  const [page, other] = [await site.open(), await site.open()];
  await Promise.all([page.goto("/today"), other.goto("/today")]);
  await page.click("form[action='/sending/pause'] button");
  const told = (await page.locator(".notice-action").textContent()) ?? "";
  report.check("a pause says who paused", told.includes(site.user), told);
  const followed = await other.waitForSelector(".notice-action", { timeout: 20000 }).then(() => true, () => false);
  report.check("an open page follows by itself", followed);
  const once = await other.locator("main > .notice[role=status]").count();
  report.check("and tells of nobody else's action", once === 0, `${once} notices`);
  // Whoever reads an answer is not disturbed: the page offers what is new instead.
  const why = other.locator("main details.why > summary").first();
  if ((await why.count()) > 0) await why.click();
  await page.click("form[action='/sending/resume'] button");
  report.check("resuming takes the word away", (await page.locator(".notice-action").count()) === 0);
  if ((await why.count()) > 0) {
    const offered = await other.waitForSelector("#news:not([hidden])", { timeout: 20000 }).then(() => true, () => false);
    report.check("a reader is offered what is new", offered && (await other.locator("main details.why[open]").count()) > 0);
    await other.click("#news button");
    await other.waitForSelector("form[action='/sending/pause']", { timeout: 20000 }).catch(() => undefined);
    report.check("and sees it on asking", (await other.locator("form[action='/sending/pause']").count()) === 1);
  }
  await page.context().close();
  await other.context().close();
}

/** Writes a condition with what is suggested at the cursor. */
async function writing(site, report) {
  const page = await site.open();
  await page.goto("/segments/new");
  await page.locator("#when").pressSequentially("cart is op");
  const chip = page.locator("#suggestions button", { hasText: /^open$/ });
  const offered = await chip.waitFor({ timeout: 20000 }).then(() => true, () => false);
  report.check("the word at the cursor is suggested", offered);
  if (offered) {
    await chip.click();
    const written = await page.inputValue("#when");
    report.check("and a click writes it", written === "cart is open ", written);
    const counted = await page.waitForSelector("#preview .preview-count", { timeout: 20000 }).then(() => true, () => false);
    report.check("what was written is counted", counted);
  }
  await page.setViewportSize({ width: 390, height: 860 });
  await page.fill("#when", "has bought cat");
  const told = await page.waitForSelector("#preview .mistakes", { timeout: 20000 }).then(() => true, () => false);
  report.check("a mistake is told while it is written", told);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  report.check("and its sentence fits a phone", wide <= 0, `${wide} pixels too wide`);
  await page.context().close();
}

/** Keeps a possible twin apart, and takes it back. */
async function twins(site, report) {
  const page = await site.open();
  const found = await someTwin(site, page);
  if (!found) {
    report.skip("saying who is whom", "nobody found has a possible twin");
    return page.context().close();
  }
  const before = await page.locator("#identity .twin").count();
  const figure = (await page.locator("#identity .twin strong").first().textContent()) ?? "";
  report.check("a possible twin has a figure and its reason", /\d+/.test(figure) && (await page.locator("#identity .twin p").count()) > 0, figure);
  await page.click("#identity .twin form[action$='/not-the-same'] button");
  report.check("not the same: the twin is gone", (await page.locator("#identity .twin").count()) === before - 1, page.url());
  report.check("what was said stands there", (await page.locator("#identity form[action$='/take-back']").count()) > 0);
  while ((await page.locator("#identity form[action$='/take-back']").count()) > 0) {
    await page.locator("#identity form[action$='/take-back'] button").first().click();
    await page.waitForLoadState();
  }
  report.check("taken back: the twin is there again", (await page.locator("#identity .twin").count()) === before, page.url());
  await page.context().close();
}

/** Answers a pair by keyboard, undoes it, and finds it in the audit. */
async function review(site, report) {
  const page = await site.open();
  await page.goto("/identity");
  const pairs = page.locator(".pair");
  if ((await pairs.count()) === 0) {
    report.skip("reviewing a pair", "nobody is possibly somebody else");
    return page.context().close();
  }
  const id = (await pairs.first().getAttribute("id")) ?? "";
  const card = page.locator(`#${id}`);
  report.check("a pair stands side by side", (await card.locator(".compared thead th").count()) === 3);
  const open = () => page.locator(".pair-fold[open]").count();
  report.check("the first pair is open, and the others show who they are", (await open()) === 1);
  if ((await pairs.count()) > 1) {
    const next = page.locator(".pair-fold > summary").nth(1);
    await next.click();
    report.check("another opens when it is asked for", (await open()) === 2);
    await next.click();
  }
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.keyboard.press("n");
  await card.locator(".pair-answered").waitFor();
  report.check("n says: not the same", (await card.locator("[data-answer='z']").count()) === 1);
  const back = () => document.activeElement?.getAttribute("data-answer") === "z";
  await page.waitForFunction(back, undefined, { timeout: 5000 }).catch(() => undefined);
  report.check("and the way back has the focus", await page.evaluate(back));
  const audit = await site.open();
  await audit.goto("/identity/said");
  const first = (await audit.locator(".change").first().textContent()) ?? "";
  report.check("the audit says who", first.includes(site.user), first);
  await audit.context().close();
  await page.keyboard.press("z");
  await card.locator(".pair-answers").waitFor();
  report.check("z undoes it: the pair waits again", (await card.locator("[data-answer='s']").count()) === 1);
  const why = card.locator("details.why > summary");
  if ((await why.count()) > 0) {
    await why.click();
    report.check("a waterfall adds up", (await page.locator(".waterfall-sum").first().isVisible()) && (await page.locator(".pair details.why[open] .waterfall li").count()) > 1);
  } else report.skip("a waterfall", "no pair has anything to compare");
  await page.context().close();
}

/** Opens somebody with a possible twin, among those whom a few common names find. */
async function someTwin(site, page) {
  for (const query of ["Householda", site.query, "ana", "garcia", "lopez"]) {
    await page.goto("/people");
    await page.fill("#q", query);
    const some = await page.waitForSelector("#results .hit", { timeout: 4000 }).then(() => true, () => false);
    if (!some) continue;
    const links = await page.locator(".hit a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    for (const link of links.slice(0, 15)) {
      const answer = await page.request.get(link);
      if (!(await answer.text()).includes("/not-the-same")) continue;
      await page.goto(link);
      return true;
    }
  }
  return false;
}

/** Puts a row of the quarantine aside, and brings it back. */
async function aside(site, report) {
  const page = await site.open();
  await page.goto("/quarantine");
  const before = await page.locator(".quarantined").count();
  await page.locator(".quarantined form[action$='/dismiss'] button").first().click();
  await page.waitForSelector("form[action$='/bring-back']");
  report.check("a row that is put aside can be brought back", true);
  await page.click("form[action$='/bring-back'] button");
  await page.waitForSelector("main > .notice[role=status]");
  report.check("and is back", (await page.locator(".quarantined").count()) === before, page.url());
  await page.context().close();
}
