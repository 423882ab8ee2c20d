// Writing a journey: by keyboard alone, wide and on a phone, in three languages; without scripts; and an
// edit that comes too late is told and kept.
import { COLLEAGUE } from "../shop.mjs";

/** The page is drawn anew after every edit: waits until it was. */
async function redrawn(page, act) {
  await page.evaluate(() => document.getElementById("editor")?.setAttribute("data-old", ""));
  await act();
  await page.waitForFunction(() => document.querySelector("#editor:not([data-old])") !== null, undefined, { timeout: 20000 });
  await page.waitForTimeout(80);
}

const focused = (page) => page.evaluate(() => document.activeElement?.id ?? "");
const steps = (page) => page.locator(".tree-step .tree-open").evaluateAll((all) => all.map((one) => one.textContent.trim()));

/** Goes to an element by the tabulator alone, as somebody without a mouse does. */
async function tabTo(page, selector, limit = 400) {
  for (let presses = 0; presses < limit; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return true;
    await page.keyboard.press("Tab");
  }
  return false;
}

const enter = (page) => redrawn(page, () => page.keyboard.press("Enter"));

/** A new journey, begun with an example, changed and published. */
export async function editor(site, report) {
  let number = 0;
  for (const [width, language] of [[1360, "en"], [390, "es"], [1360, "ru"]]) {
    number += 1;
    await byKeyboard(site, report, { width, language, name: `tidy cart ${number}` });
  }
  await late(site, report);
  await overtaken(site, report);
  if (site.pages.journey) await home(site, report);
  await plain(site, report);
}

async function begin(page, name, example) {
  await page.goto("/new-journey");
  await tabTo(page, "#name");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  const value = () => page.evaluate(() => document.activeElement?.getAttribute("value"));
  for (let presses = 0; presses < 40 && (await value()) !== example; presses += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/edit$/);
}

async function byKeyboard(site, report, { width, language, name }) {
  const view = `writing a journey, ${width} px, ${language}`;
  const page = await site.open({ viewport: { width, height: 860 } });
  await site.speak(page, language);
  await begin(page, name, "cart");
  const before = await steps(page);
  report.check(`${view}: begins as the example`, before.length >= 6, JSON.stringify(before));
  // Walks to the first step and opens it.
  await page.evaluate(() => document.getElementById("main")?.focus());
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  report.check(`${view}: j walks through the steps`, (await focused(page)) === "step-0", await focused(page));
  await enter(page);
  report.check(`${view}: Enter opens it`, (await focused(page)) === "panel-title", await focused(page));
  // Adds a message behind it.
  await redrawn(page, () => page.keyboard.press("a"));
  report.check(`${view}: a asks what to add`, (await page.locator(".editor-kinds button").count()) >= 10);
  await tabTo(page, ".editor-kinds button[value='send']");
  await enter(page);
  const added = await steps(page);
  report.check(`${view}: the step is there`, added.length === before.length + 1, JSON.stringify(added));
  const wrong = page.locator("#panel [aria-invalid]");
  report.check(`${view}: it says what it misses`, (await wrong.getAttribute("name")) === "f:template" && (await page.locator(".tree-card.faulty").count()) === 1);
  // Writes the template and a condition, with what is suggested at the cursor.
  await tabTo(page, "[name='f:template']");
  await page.keyboard.type("cart-reminder");
  await tabTo(page, "[name='f:only if']");
  await page.keyboard.type("cart is op");
  const chip = page.locator("#panel .suggestions button", { hasText: /^open$/ });
  const offered = await chip.waitFor({ timeout: 20000 }).then(() => true, () => false);
  report.check(`${view}: the word at the cursor is suggested`, offered);
  if (offered) {
    await tabTo(page, "#panel .suggestions [data-suggestion='open']");
    await page.keyboard.press("Enter");
    report.check(`${view}: and written into its own field`, (await page.inputValue("[name='f:only if']")).trim() === "cart is open");
  }
  await tabTo(page, "#writing button[type=submit]");
  await enter(page);
  report.check(`${view}: what was written is kept, and nothing is wrong`, (await page.locator(".tree-card.faulty").count()) === 0 && (await page.inputValue("[name='f:template']")) === "cart-reminder");
  report.check(`${view}: the focus is back in the tree`, (await focused(page)) === "step-1", await focused(page));
  // Moves it, copies it, removes the copy, undoes that, does it again.
  const written = await steps(page);
  await tabTo(page, "#down");
  await enter(page);
  const moved = await steps(page);
  report.check(`${view}: it moves`, moved[2] === written[1] && moved[1] === written[2], JSON.stringify(moved));
  await redrawn(page, () => page.keyboard.press("c"));
  await tabTo(page, "#add-0");
  await enter(page);
  const copied = await steps(page);
  report.check(`${view}: it is copied to where one says, under a name of its own`, copied.length === added.length + 1 && copied[0].includes("message 2"), JSON.stringify(copied));
  await redrawn(page, () => page.keyboard.press("Delete"));
  report.check(`${view}: Delete removes`, (await steps(page)).length === added.length);
  await redrawn(page, () => page.keyboard.press("z"));
  report.check(`${view}: z undoes`, JSON.stringify(await steps(page)) === JSON.stringify(copied));
  await redrawn(page, () => page.keyboard.press("y"));
  report.check(`${view}: y does it again`, (await steps(page)).length === added.length);
  // What was typed and not kept goes along with whatever is pressed next.
  await tabTo(page, "#rules");
  await enter(page);
  await tabTo(page, "[name='f:priority']");
  await page.keyboard.type("5");
  await tabTo(page, "#step-0");
  await enter(page);
  const rules = (await page.locator(".editor-rules").textContent()) ?? "";
  report.check(`${view}: what was typed is not left behind`, rules.includes("5"), rules);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  report.check(`${view}: nothing hangs over the edge`, wide <= 0, `${wide} px`);
  await page.goto(page.url());
  await tabTo(page, "#publish");
  await page.keyboard.press("Enter");
  await page.waitForURL(/notice=draft-published/);
  report.check(`${view}: it is published and runs`, (await page.locator("#versions [aria-current]").count()) === 1 && (await page.locator(".tree-accounts").count()) >= 5);
  await page.context().close();
}

/** Two windows: the second edit is told that it is late, is kept aside, and can be taken over. */
async function late(site, report) {
  const name = "tidy cart 1";
  const address = `/journeys/${encodeURIComponent(name)}/edit`;
  const [one, two] = [await site.open(), await site.open()];
  await Promise.all([one.goto(`${address}?at=rules`), two.goto(`${address}?at=rules`)]);
  const write = async (page, text) => {
    await page.fill("[name='f:re-entry']", text);
    await redrawn(page, () => page.click("#writing button[type=submit]"));
  };
  await write(one, "3 days");
  await write(two, "9 days");
  const told = await two.locator(".notice[role=alert]").count();
  report.check("an edit that comes too late is told", told === 1, await two.locator(".editor-notices").textContent());
  report.check("what the other wrote stands", (await two.locator(".editor-rules").textContent()).includes("3 days"));
  const lost = two.locator(".notice.decide");
  await lost.locator("summary").click();
  report.check("and the late edit is not lost", ((await lost.textContent()) ?? "").includes("9 days"));
  await redrawn(two, () => two.click("button[value='take-aside']"));
  report.check("it can be taken over", (await two.locator(".editor-rules").textContent()).includes("9 days") && (await two.locator(".notice.decide").count()) === 0);
  await redrawn(two, () => two.click("#undo"));
  report.check("and that can be undone", (await two.locator(".editor-rules").textContent()).includes("3 days"));
  await one.context().close();
  await two.context().close();
}

/** A colleague publishes while a draft is written: it is told what they changed, and one decides. */
async function overtaken(site, report) {
  const name = "tidy cart 2";
  const address = `/journeys/${encodeURIComponent(name)}/edit`;
  const other = await site.open({ stranger: true });
  await other.goto("/sign-in");
  await other.fill("#name", COLLEAGUE.name);
  await other.fill("#password", COLLEAGUE.password);
  await other.click("button.primary");
  await other.goto(`${address}?at=rules`);
  if ((await other.locator("#editor").count()) === 0) {
    report.skip("a colleague who publishes", "there is no second user");
    return other.context().close();
  }
  const page = await site.open();
  const write = async (who, field, text) => {
    await who.fill(`[name='f:${field}']`, text);
    await redrawn(who, () => who.click("#writing button[type=submit]"));
  };
  await page.goto(`${address}?at=rules`);
  await write(page, "re-entry", "4 days");
  const shown = await page.locator("#changes .changes").textContent();
  report.check("what changes is shown before it is published", (shown ?? "").includes("4 days"), shown ?? "");
  await other.reload();
  const drafted = (await other.locator(".editor-notices").textContent()) ?? "";
  report.check("a colleague is told of the draft", drafted.includes(site.user) && drafted.includes("4 days"), drafted);
  await write(other, "priority", "7");
  await other.click("#publish");
  await other.waitForURL(/notice=draft-published/);
  await page.click("#publish");
  await page.waitForSelector(".notice[role=alert]");
  const told = (await page.locator(".editor-notices").textContent()) ?? "";
  report.check("publishing over a colleague is refused, and says what they did", told.includes("+ priority: 7"), told);
  report.check("and the draft is kept", (await page.locator(".editor-rules").textContent()).includes("4 days") && (await page.locator("#publish").count()) === 0);
  await page.goto(address);
  await redrawn(page, () => page.click("button[value='go-over']"));
  await page.click("#publish");
  await page.waitForURL(/notice=draft-published/);
  await page.goto(`${address}?at=rules`);
  report.check("one may go on over it", (await page.inputValue("[name='f:re-entry']")) === "4 days" && (await page.inputValue("[name='f:priority']")) !== "7");
  await page.context().close();
  await other.context().close();
}

/** What files manage is written as a draft, and taken home as a file. */
async function home(site, report) {
  const page = await site.open();
  await page.goto(`${site.pages.journey}/edit?at=rules`);
  await page.fill("[name='f:re-entry']", "5 days");
  await redrawn(page, () => page.click("#writing button[type=submit]"));
  const file = (await page.locator("#changes details pre").textContent()) ?? "";
  report.check("what files manage is taken home as a file", (await page.locator("#publish").count()) === 0 && file.includes("re-entry: 5 days"), file);
  await page.locator("#dry-run form[action$='/edit'] button").click();
  const through = await page.locator("#dry-run table").waitFor({ timeout: 180000 }).then(() => true, () => false);
  report.check("a draft is run dry before it is published", through, (await page.locator("#dry-run").textContent()) ?? "");
  await page.locator(".editor-discard summary").click();
  await page.click("button[value='discard']");
  await page.waitForURL(/notice=draft-discarded/);
  await page.context().close();
}

/** Without scripts every edit is a form. */
async function plain(site, report) {
  const page = await site.open({ javaScriptEnabled: false });
  await page.goto("/new-journey");
  await page.fill("#name", "by hand");
  await page.click(".editor-form button[type=submit]");
  await page.waitForURL(/\/edit$/);
  await page.click("#add-0");
  await page.click(".editor-kinds button[value='wait']");
  report.check("without scripts a step is added", (await page.locator("#step-0").count()) === 1, page.url());
  await page.fill("[name='f:wait']", "3 days");
  await page.click("#writing button[type=submit]");
  report.check("and written into", ((await page.locator("#step-0").textContent()) ?? "").includes("3 days"));
  await page.click("#undo");
  report.check("and undone", ((await page.locator("#step-0").textContent()) ?? "").includes("1 day"));
  await page.locator(".editor-discard summary").click();
  await page.click("button[value='discard']");
  report.check("a draft can be taken away", page.url().includes("notice=draft-discarded"), page.url());
  await page.context().close();
}
