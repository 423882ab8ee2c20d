// Reading without scripts.

export async function plain(site, report) {
  const page = await site.open({ javaScriptEnabled: false });
  await page.goto("/people");
  await page.fill("#q", site.query);
  await page.click(".search button[type=submit]");
  const hits = await page.locator(".hit").count();
  report.check("the search works without scripts", hits > 0, `${hits} hits`);
  report.check("what was searched for is not in the address", !page.url().includes("?"), page.url());
  await page.locator(".hit a").first().click();
  report.check("the person shows a timeline", (await page.locator("#timeline .event").count()) > 0, page.url());
  const chip = page.locator("#timeline .chip").nth(1);
  if ((await chip.count()) > 0) {
    await chip.click();
    await page.waitForURL(/channel=/);
    await page.waitForLoadState();
    report.check("its filter works", page.url().includes("channel=") && (await page.locator("#timeline .chip[aria-current]").count()) === 1, page.url());
  }
  report.check("what needs scripts is hidden", !(await page.locator("[data-open=help]").isVisible()));
  const why = page.locator("main details.why").first();
  if ((await why.count()) > 0) {
    await why.locator("summary").click();
    report.check("“Why?” opens", await why.locator(".why-body").isVisible());
  }
  await page.context().close();
}
