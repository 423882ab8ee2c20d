// Parts that are swapped in place: the focus, the words said, the address, and what the browser keeps.

export async function swaps(site, report) {
  const page = await site.open();
  await site.search(page);
  const url = page.url();
  report.check("a search leaves no trace in the address", !url.includes("?") && !url.toLowerCase().includes(site.query.toLowerCase()), url);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
  report.check("nor in the browser's storage", !kept.toLowerCase().includes(site.query.toLowerCase()), "something is kept");
  report.check("the number of hits is said aloud", (await page.locator("#say").textContent())?.trim() !== "");
  await page.fill("#q", "zzzzqqqqxxxx");
  await page.waitForSelector("#results .empty");
  report.check("nobody found says what to try", (await page.locator("#results .empty p").textContent())?.includes("zzzzqqqqxxxx") ?? false);

  await page.goto(site.pages.person);
  const chips = page.locator("#timeline .chip");
  if ((await chips.count()) > 1) {
    const id = await chips.nth(1).getAttribute("id");
    await page.focus(`#${id}`);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`#${id}[aria-current]`);
    await page.waitForFunction((id) => document.activeElement?.id === id, id, { timeout: 5000 }).catch(() => undefined);
    report.check("a filter keeps the focus", (await page.evaluate(() => document.activeElement?.id)) === id);
    report.check("and has an address of its own", page.url().includes("channel="), page.url());
    report.check("and one choice is marked", (await page.locator("#timeline .chip[aria-current]").count()) === 1);
  } else {
    report.skip("the filter of the timeline", "the person has one channel only");
  }
  if (site.pages.message) await message(site, report, page);
  await template(site, report);
  if (site.pages.row) await row(site, report, page);
  await page.context().close();
}

async function message(site, report, page) {
  await page.goto(site.pages.message);
  const frame = page.locator("iframe");
  if ((await frame.count()) === 0) return;
  report.check("the message stands in a closed frame", (await frame.getAttribute("sandbox")) === "");
  const answer = await page.request.get(await frame.getAttribute("src"));
  const policy = answer.headers()["content-security-policy"] ?? "";
  report.check("which may run nothing and load nothing", policy.includes("sandbox") && policy.includes("default-src 'none'"), policy);
}

/** Whatever the looker's own screen is set to, one frame is dark and the others are light. */
async function template(site, report) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await site.open({ colorScheme });
    await page.goto("/messages/cart-reminder");
    const shown = [];
    for (const frame of await page.locator(".template-frame iframe").elementHandles()) {
      await frame.scrollIntoViewIfNeeded();
      const inside = await frame.contentFrame();
      await inside.waitForLoadState();
      shown.push(await inside.evaluate(brightness));
    }
    const right = shown.length === 3 && shown[0] > 200 && shown[1] > 200 && shown[2] < 60;
    report.check(`the preview in the dark is dark, and the others are not, on a ${colorScheme} screen`, right, shown.join(", "));
    await page.context().close();
  }
}

/** How bright a message is behind its text, from 0 to 255; runs in its frame. */
function brightness() {
  const parts = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
  return Math.max(...parts.slice(0, 3));
}

async function row(site, report, page) {
  await page.goto(site.pages.row);
  const show = page.locator("form[action$='/show'] button");
  if ((await show.count()) === 0) return;
  const masked = await page.locator("pre.raw").textContent();
  await show.click();
  await page.waitForSelector("textarea.raw");
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA", undefined, { timeout: 5000 }).catch(() => undefined);
  report.check("“show” puts the cursor into the row", await page.evaluate(() => document.activeElement?.tagName === "TEXTAREA"));
  report.check("and takes the mask off", masked !== (await page.inputValue("textarea.raw")));
  await page.click(".repair a.plain");
  await page.waitForSelector("pre.raw");
  report.check("“hide” puts it on again", (await page.locator("pre.raw").textContent()) === masked);
}
