// Opens every page of a running server in a real browser, and says `N passed, N failed`.
//
//   REGULARS_URL       where the server listens, such as http://127.0.0.1:8080; without it the demo of
//                      REGULARS_BIN is opened, and the rest need not be given
//   REGULARS_USER      who signs in
//   REGULARS_PASSWORD  and with what
//   REGULARS_QUERY     a name that the search must find; "Maria" unless given
//   REGULARS_SHOTS     a folder for screenshots; none are taken without it
//   CHROMIUM_BIN       the browser; /usr/bin/chromium unless given
import { chromium } from "playwright-core";

import { beside } from "./beside.mjs";
import { access } from "./checks/access.mjs";
import { actions } from "./checks/actions.mjs";
import { desk } from "./checks/desk.mjs";
import { editor } from "./checks/editor.mjs";
import { hostile } from "./checks/hostile.mjs";
import { journey } from "./checks/journey.mjs";
import { keyboard } from "./checks/keyboard.mjs";
import { looks } from "./checks/looks.mjs";
import { onsite } from "./checks/onsite.mjs";
import { plain } from "./checks/plain.mjs";
import { push } from "./checks/push.mjs";
import { swaps } from "./checks/swaps.mjs";
import { weight } from "./checks/weight.mjs";
import { writing } from "./checks/writing.mjs";
import { Report } from "./report.mjs";
import { openShop } from "./shop.mjs";
import { Site } from "./site.mjs";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What is done in the shop, each upon what those before left. */
const IN_TURN = [plain, keyboard, swaps, actions, desk, journey, editor, writing];
/** What opens shops of its own. */
const APART = [hostile, onsite, push];
/** What looks at the pages, of which some were made only by then. */
const AFTERWARDS = [weight, looks];

let shop = null;
if (!process.env.REGULARS_URL && process.env.REGULARS_BIN) {
  shop = await openShop(process.env.REGULARS_BIN);
  process.env.REGULARS_URL = shop.address;
  process.env.REGULARS_USER = "demo";
  process.env.REGULARS_PASSWORD = "demo";
}
const wanted = ["REGULARS_URL", "REGULARS_USER", "REGULARS_PASSWORD"].filter((name) => !process.env[name]);
if (wanted.length > 0) {
  console.error(`set ${wanted.join(", ")}, or REGULARS_BIN for a shop of its own`);
  process.exit(2);
}

const report = new Report();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium", args: FLAGS });
try {
  const site = new Site(browser, report);
  await access(site, report);
  await site.discover();
  const apart = report.part();
  try {
    await beside([[IN_TURN, report], [APART, apart]], 2, async ([checks, told]) => {
      for (const check of checks) await check(site, told);
    });
  } finally {
    report.join(apart);
  }
  for (const check of AFTERWARDS) await check(site, report);
} catch (error) {
  report.fail("the run itself", String(error?.stack ?? error));
} finally {
  await browser.close();
  await shop?.stop();
}
process.exit(report.end());
