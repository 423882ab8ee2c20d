// The page of one journey: its tree adds up and lays itself out, and a dry run goes through from the page.

export async function journey(site, report) {
  if (!site.pages.journey) return report.skip("the page of a journey", "there is none");
  const page = await site.open();
  await page.goto("/journeys");
  await page.locator(".journey-name").first().click();
  await page.waitForURL(/\/journeys\/.+/);
  await tree(page, report);
  await narrow(site, report);
  await plain(site, report);
  await dryRun(page, report);
  await page.context().close();
}

/** Every step adds up, and the ways of a step stand side by side. */
async function tree(page, report) {
  const rows = await page.locator(".tree-accounts").evaluateAll((all) =>
    all.map((one) => [...one.querySelectorAll("dd")].slice(0, 4).map((cell) => Number(cell.textContent.replace(/\D/g, "")))),
  );
  const off = rows.filter(([came, left, waiting, done]) => came !== left + waiting + done);
  report.check("every step of the tree adds up", rows.length > 2 && off.length === 0, JSON.stringify(off));
  const [first, second] = await page.locator(".tree-ways").first().locator("> .tree-way").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  report.check("ways stand side by side", first.right <= second.left + 1 && Math.abs(first.top - second.top) < 1, JSON.stringify([first, second]));
  const report_ = await page.locator("a[href^='/reports/journeys/']").getAttribute("href");
  report.check("the page leads to its report", report_ === page.url().replace(/.*\/journeys\//, "/reports/journeys/"), report_ ?? "");
  report.check("the version in force is named", (await page.locator("#versions [aria-current]").count()) === 1);
}

async function narrow(site, report) {
  const page = await site.open({ viewport: { width: 390, height: 844 } });
  await page.goto(site.pages.journey);
  const [first, second] = await page.locator(".tree-ways").first().locator("> .tree-way").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  report.check("on a phone one way stands below the other", first.bottom <= second.top + 1, JSON.stringify([first, second]));
  const wide = await page.locator(".tree").evaluate((one) => one.scrollWidth - one.parentElement.clientWidth);
  report.check("on a phone the tree needs no scrolling to the side", wide <= 0, `${wide} px`);
  await page.context().close();
}

/** Without scripts the page reads, and a dry run begins. */
async function plain(site, report) {
  const page = await site.open({ javaScriptEnabled: false });
  await page.goto(site.pages.journey);
  await page.click("#dry-run form button");
  await page.waitForURL(/#dry-run$/);
  const begun = await page.locator("#dry-run form[action$='/stop'], #dry-run [role=status]").count();
  report.check("a dry run begins without scripts", begun > 0, page.url());
  await page.context().close();
}

/** The open page follows a dry run to its end, by keyboard alone where it has to be begun again. */
async function dryRun(page, report) {
  await page.reload();
  const table = page.locator("#dry-run table");
  const through = await table.waitFor({ timeout: 180000 }).then(() => true, () => false);
  report.check("an open page follows a dry run to its end", through, (await page.locator("#dry-run").textContent()) ?? "");
  if (!through) return;
  const rows = await table.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.replace(/\D/g, "")))));
  const [entered, , left, reached, ended] = rows.map(([would]) => would);
  report.check("people enter in the dry run", entered > 0, JSON.stringify(rows));
  report.check("nobody ends who has not entered", left + reached + ended <= entered, JSON.stringify(rows));
  const told = page.locator("#dry-run .dry-run-told");
  if ((await told.count()) > 0) {
    await told.locator("> summary").focus();
    await page.keyboard.press("Enter");
    const named = await told.locator(".decision a[href^='/people/']").first().getAttribute("href");
    const answer = await page.request.get(named);
    report.check("it says whom, and leads to them", answer.ok(), `${named}: ${answer.status()}`);
  }
  await page.locator("#dry-run form[action$='/dry-run'] button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/#dry-run$/);
  const stop = page.locator("#dry-run form[action$='/stop'] button");
  if ((await stop.count()) > 0) {
    await stop.click();
    const again = await page.locator("#dry-run form[action$='/dry-run'] button").waitFor({ timeout: 60000 }).then(() => true, () => false);
    report.check("a dry run can be stopped", again);
  } else report.skip("stopping a dry run", "it was through at once");
}
