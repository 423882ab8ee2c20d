// Everything by keyboard.

const path = (page) => new URL(page.url()).pathname;

export async function keyboard(site, report) {
  const page = await site.open();
  await page.goto("/today");
  await page.keyboard.press("Tab");
  report.check("the first stop skips the navigation", await page.evaluate(() => document.activeElement?.getAttribute("href") === "#main"));

  await page.keyboard.press("?");
  report.check("? opens the help", await page.locator("#help").isVisible());
  await page.keyboard.press("Escape");
  report.check("Escape closes it", !(await page.locator("#help").isVisible()));

  for (const [letter, target] of [["s", "/sources"], ["j", "/journeys"], ["q", "/quarantine"], ["i", "/identity"], ["o", "/outbox"], ["t", "/today"]]) {
    await page.keyboard.press("g");
    await Promise.all([page.waitForURL(`**${target}`), page.keyboard.press(letter)]);
    report.check(`g ${letter} goes to ${target}`, path(page) === target, page.url());
  }
  const cyrillic = (key, code) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }));
  await page.evaluate(`(${cyrillic})("п", "KeyG")`);
  await Promise.all([page.waitForURL("**/sources"), page.evaluate(`(${cyrillic})("ы", "KeyS")`)]);
  report.check("the same keys work on a Cyrillic layout", path(page) === "/sources", page.url());

  await Promise.all([page.waitForURL("**/people"), page.keyboard.press("/")]);
  report.check("/ goes to the search", await page.evaluate(() => document.activeElement?.id === "q"));
  await page.keyboard.type(site.query);
  await page.waitForSelector("#results .hit");
  report.check("typing keeps the cursor in the box", await page.evaluate((query) => document.activeElement?.id === "q" && document.activeElement.value === query, site.query));
  report.check("letters typed there are only letters", path(page) === "/people", page.url());
  await page.keyboard.press("ArrowDown");
  const first = await page.evaluate(() => document.activeElement?.getAttribute("href"));
  report.check("the arrow leads into the results", first !== null && first.startsWith("/people/"), String(first));
  if ((await page.locator(".hit").count()) > 1) {
    await page.keyboard.press("j");
    const second = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    report.check("j goes on", second !== first && second !== null, String(second));
    await page.keyboard.press("k");
    report.check("k goes back", (await page.evaluate(() => document.activeElement?.getAttribute("href"))) === first);
  } else {
    report.skip("j and k", `one person only is found by ${site.query}`);
  }
  await Promise.all([page.waitForURL(`**${first}`), page.keyboard.press("Enter")]);
  report.check("Enter opens the person", path(page) === first, page.url());
  await page.context().close();
}
