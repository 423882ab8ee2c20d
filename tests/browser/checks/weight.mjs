// What a first visit to a page loads: at most 60 kB.

const BYTES_MAX = 60_000;

export async function weight(site, report) {
  for (const [name, address] of Object.entries(site.pages)) {
    const page = await site.open();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    session.on("Network.loadingFinished", (event) => {
      bytes += event.encodedDataLength;
    });
    await page.goto(address, { waitUntil: "networkidle" });
    report.check(`${name} weighs at most ${BYTES_MAX} bytes`, bytes > 0 && bytes <= BYTES_MAX, `${bytes} bytes`);
    await page.context().close();
  }
}
