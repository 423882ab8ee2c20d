// The server under test: how to sign in, and which pages it has.

export class Site {
  base = (process.env.REGULARS_URL ?? "").replace(/\/$/, "");
  user = process.env.REGULARS_USER ?? "";
  password = process.env.REGULARS_PASSWORD ?? "";
  query = process.env.REGULARS_QUERY ?? "Maria";
  /** Addresses by name, filled by `discover`. */
  pages = {};
  state = undefined;

  constructor(browser, report) {
    this.browser = browser;
    this.report = report;
  }

  /** A page of a visitor; signed in unless `options.stranger`. Whatever the browser complains of is a failure. */
  async open(options = {}) {
    const { stranger, ...rest } = options;
    const context = await this.browser.newContext({
      viewport: { width: 1360, height: 900 },
      locale: "en-GB",
      baseURL: this.base,
      storageState: stranger ? undefined : this.state,
      ...rest,
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => this.report.fail(`no script error on ${page.url()}`, error.message));
    page.on("console", (message) => {
      // A page that says 404 or 500 on purpose is reported by the browser too.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.report.fail(`no complaint of the browser on ${page.url()}`, message.text());
      }
    });
    return page;
  }

  async signIn(page, password = this.password) {
    await page.goto("/sign-in");
    await page.fill("#name", this.user);
    await page.fill("#password", password);
    await page.click("button.primary");
  }

  async search(page, query = this.query) {
    await page.goto("/people");
    await page.fill("#q", query);
    await page.waitForSelector("#results .hit");
  }

  /** Finds one page of each kind by following links, as a person would. */
  async discover() {
    this.pages = {
      today: "/today",
      people: "/people",
      sources: "/sources",
      quarantine: "/quarantine",
      identity: "/identity",
      health: "/identity/health",
      linking: "/identity/linking",
      changes: "/identity/changes",
      said: "/identity/said",
      segments: "/segments",
      newSegment: "/segments/new",
      journeys: "/journeys",
      moving: "/journeys/invited/move",
      notices: "/notices",
      newJourney: "/new-journey",
      scores: "/scores",
      reports: "/reports",
      regret: "/reports/regret",
      silo: "/reports/silo",
      offers: "/offers",
      messages: "/messages",
      outbox: "/outbox",
      channels: "/channels",
      users: "/users",
      account: "/account",
      missing: "/no-such-page",
    };
    const page = await this.open();
    await this.search(page);
    this.pages.person = await page.locator(".hit a").first().getAttribute("href");
    for (const [name, from, selector] of [
      ["segment", "/segments", ".segment-name"],
      ["offer", "/offers", ".offer-name"],
      ["journey", "/journeys", ".journey-name"],
      ["source", "/sources", ".source-name"],
      ["report", "/reports", ".report-name"],
      ["message", "/outbox", ".message-what a"],
      ["template", "/messages", ".template-name"],
      ["row", "/quarantine", ".quarantined h2 a"],
      ["pair", "/identity", ".pair-alone a"],
    ]) {
      await page.goto(from);
      const link = page.locator(selector).first();
      if ((await link.count()) > 0) this.pages[name] = await link.getAttribute("href");
      else this.report.skip(`the page of one ${name}`, `${from} lists none`);
    }
    if (this.pages.journey) {
      this.pages.editor = `${this.pages.journey}/edit`;
      this.pages.editorRules = `${this.pages.journey}/edit?at=rules`;
      this.pages.editorStep = `${this.pages.journey}/edit?at=0`;
      this.pages.editorAdd = `${this.pages.journey}/edit?add=0`;
      this.pages.editorMove = `${this.pages.journey}/edit?move=0`;
    }
    this.pages.gifts = `${this.pages.person}/offers`;
    this.pages.ledger = `${this.pages.person}/consent`;
    this.pages.disclosure = `${this.pages.person}/disclosure`;
    await this.discoverPagesOfPeople(page);
    await page.context().close();
  }

  /** The pages that a message leads its reader to. */
  async discoverPagesOfPeople(page) {
    // Push and text messages lead nowhere of ours: the newest mail does.
    await page.goto("/outbox");
    const messages = await page.locator(".message-what a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    let token;
    for (const message of messages.slice(0, 20)) {
      await page.goto(message);
      token = (await page.locator("main").textContent()).match(/\/unsubscribe\/([0-9a-f]+-[0-9a-f]+)/)?.[1];
      if (!token) continue;
      this.pages.message = message;
      break;
    }
    if (token) {
      this.pages.preferences = `/preferences/${token}`;
      this.pages.unsubscribe = `/unsubscribe/${token}`;
    } else {
      this.report.skip("the pages of people", "no message has a link to unsubscribe");
    }
  }

  /** Chooses a language by the switch, as a person would. */
  async speak(page, language) {
    await page.goto("/today");
    await page.click(".account summary");
    await page.click(`.account button[value="${language}"]`);
    await page.waitForSelector(`html[lang="${language}"]`, { state: "attached" });
  }
}
