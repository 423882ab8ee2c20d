// Writing a message: new, previewed as it is written, in two languages, tested, undone, published; an edit
// that comes too late is told and kept; whoever may not write is not offered it.

/** Fields, saved. */
async function keep(page, fields) {
  await page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
  for (const [selector, text] of Object.entries(fields)) {
    if (selector.includes("#new-language")) await page.selectOption(selector, text);
    else await page.fill(selector, text);
  }
  await Promise.all([page.waitForLoadState("load"), page.click("#save")]);
  await page.waitForLoadState("networkidle");
}

const subject = (page) => page.locator(".template-subject strong").textContent();

export async function writing(site, report) {
  const page = await site.open();
  await page.goto("/messages");
  await page.click("a[href='/new-message']");
  await page.fill("#name", "autumn letter");
  await page.click("main button.primary");
  await page.waitForURL(/\/messages\/autumn(%20|\+)letter\/edit/);
  await keep(page, { "#subject": "{{ words.hello }}, {{ person.first_name | default(\"you\") }}" });
  const missing = (await page.locator("#mistakes").textContent()) ?? "";
  report.check("what a template lacks is told beside it", missing.includes("no words \"hello\""), missing);
  await keep(page, { "#new-word": "hello", "#new-language": "es", "#new-text": "Hola" });
  report.check("a new text is printed", (await subject(page)) === "Hola, you", (await subject(page)) ?? "");
  await keep(page, { "[id='words/en/hello']": "Hello there" });
  await page.fill("#preheader", "Typed before somebody is looked for");
  await page.fill("#who", site.query);
  await Promise.all([page.waitForURL(/person=/), page.click(".template-whom button[type=submit]")]);
  report.check("the draft is shown as a person would get it", /^(Hola|Hello there), (?!you)./.test((await subject(page)) ?? ""), (await subject(page)) ?? "");
  report.check("what was being typed is kept with the question", (await page.inputValue("#preheader")) === "Typed before somebody is looked for", await page.inputValue("#preheader"));
  const body = await page.locator(".template-frame iframe").first().getAttribute("src");
  const framed = await page.context().request.get(body);
  report.check("its frame holds the draft", framed.ok() && (await framed.text()).includes("To the shop"));
  const address = page.url();
  await keep(page, { "#preheader": "Leaves are falling" });
  report.check("whoever was looked at stays", page.url().includes("person="), page.url());
  await Promise.all([page.waitForLoadState("load"), page.click("#undo")]);
  report.check("an edit is undone", (await page.inputValue("#preheader")) === "Typed before somebody is looked for");
  await Promise.all([page.waitForLoadState("load"), page.click("#redo")]);
  report.check("and done again", (await page.inputValue("#preheader")) === "Leaves are falling");

  await page.fill("#preheader", "Typed before the test");
  await page.click("#trial button");
  await page.waitForSelector("#trial .facts");
  report.check("what was being typed is tested too, and stays", (await page.inputValue("#preheader")) === "Typed before the test");
  report.check("it is tested over real people before it is published", (await page.locator("#trial .facts").count()) === 1);
  await page.fill("#to", "own@shop.example");
  await page.click("button[value='send-test']");
  await page.waitForSelector(".editor-notices .notice");
  const sent = (await page.locator(".editor-notices").textContent()) ?? "";
  report.check("without a mail server a test says that nothing left", sent.includes("nothing left this machine"), sent);

  await late(site, report, address.split("?")[0]);
  await page.goto(address.split("?")[0]);
  await page.fill("#preheader", "Typed last");
  await Promise.all([page.waitForURL(/notice=template-published/), page.click("#publish")]);
  await page.goto(address.split("?")[0]);
  report.check("what was typed is published along", (await page.inputValue("#preheader")) === "Typed last");
  await page.goto("/messages");
  report.check("it is published", (await page.locator(".template-name", { hasText: "autumn letter" }).count()) === 1);
  await onSite(site, report);
  site.pages.writing = new URL(address).pathname;
  site.pages.newMessage = "/new-message";
  await page.context().close();
}

/** A message on the shop's own site: its parts, drawn as a frame of its place has it. */
async function onSite(site, report) {
  const page = await site.open();
  await page.goto("/new-message");
  await page.fill("#name", "welcome banner");
  await page.selectOption("#kind", "web");
  await page.click("main button.primary");
  await page.waitForURL(/\/edit/);
  await keep(page, { "#site-title": "Welcome, {{ person.first_name | default(\"you\") }}", "#site-button": "Look", "#site-link": "/new" });
  const address = new URL(page.url()).pathname;
  const framed = await (await page.context().request.get(`${address}/body?scheme=dark`)).text();
  report.check("a message on the site is drawn as it is drafted", framed.includes("Welcome, you") && framed.includes("regulars-button"), framed.slice(0, 200));
  report.check("and is sent to nobody", (await page.locator("#send-test, #trial").count()) === 0);
  await keep(page, { "#site-link": "javascript:alert(1)" });
  const wrong = (await page.locator("#mistakes").textContent()) ?? "";
  report.check("a link that leads elsewhere is told", wrong.includes("link"), wrong);
  await keep(page, { "#site-link": "/new" });
  await Promise.all([page.waitForURL(/notice=template-published/), page.click("#publish")]);
  await page.goto("/messages");
  report.check("it stands in the list", (await page.locator(".template-name", { hasText: "welcome banner" }).count()) === 1);
  site.pages.onSite = "/messages/welcome%20banner";
  site.pages.writingOnSite = address;
  await page.context().close();
}

/** The same draft in two windows. */
async function late(site, report, address) {
  const [one, two] = [await site.open(), await site.open()];
  await one.goto(address);
  await two.goto(address);
  await keep(one, { "#subject": "From the first window" });
  await keep(two, { "#subject": "From the second window" });
  const told = (await two.locator(".editor-notices").textContent()) ?? "";
  report.check("an edit that comes too late is told and kept", told.includes("From the second window"), told);
  report.check("and the draft stays as it was", (await two.inputValue("#subject")) === "From the first window");
  await Promise.all([two.waitForLoadState("load"), two.click("button[value='take-aside']")]);
  report.check("it can be taken over", (await two.inputValue("#subject")) === "From the second window");
  await one.context().close();
  await two.context().close();
}
