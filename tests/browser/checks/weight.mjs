// What a first visit to a page loads: at most 60 kB.
import { beside } from "../beside.mjs";

const BYTES_MAX = 60_000;
/** Pages at once: a page is mostly waited for, until half a second has passed in which it loads nothing. */
const AT_ONCE = 6;

export async function weight(site, report) {
  const pages = Object.entries(site.pages);
  const weights = await beside(pages, AT_ONCE, ([, address]) => weigh(site, address));
  for (const [number, [name]] of pages.entries()) {
    const bytes = weights[number];
    report.check(`${name} weighs at most ${BYTES_MAX} bytes`, bytes > 0 && bytes <= BYTES_MAX, `${bytes} bytes`);
  }
}

/** How many bytes a browser loads that has never been there. */
async function weigh(site, address) {
  const page = await site.open();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto(address, { waitUntil: "networkidle" });
  await page.context().close();
  return bytes;
}
