// Headless Chromium with a page of another origin than the program's, that loads a client as it ships.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { chromium } from 'playwright-core';

const PAGE = `<!doctype html><meta charset="utf-8"><title>T-shirt</title><link rel="icon" href="data:,">
<script type="module">import * as client from '/client.mjs'; window.client = client; window.ready = true;</script>`;
const KINDS = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json' };

/** A browser with one page; `send(calls)` makes the calls in it. */
export class Browser {
  #chromium;
  #shop;
  #page;

  /** Opens the shop's page with the client in `folder`, set up for the program at `endpoint`. */
  static async open(folder, endpoint, writeKey) {
    const browser = new Browser();
    browser.#shop = await serve(folder);
    browser.#chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    browser.#page = await browser.#chromium.newPage();
    browser.#page.on('pageerror', (error) => console.log(`page: ${error.message}`));
    // "localhost" against "127.0.0.1": another site, so that every rule of CORS holds.
    const { port } = browser.#shop.address();
    await browser.#page.goto(`http://localhost:${port}/?utm_source=search&utm_medium=cpc&utm_campaign=summer`);
    await browser.#page.waitForFunction(() => window.ready);
    await browser.#page.evaluate(([at, key]) => window.client.start(at, key), [endpoint, writeKey]);
    return browser;
  }

  async send(calls) {
    await this.#page.evaluate((list) => window.client.send(list), calls);
  }

  async close() {
    await this.#chromium?.close();
    this.#shop.closeAllConnections();
    this.#shop.close();
    await once(this.#shop, 'close');
  }
}

/** The shop's web server: its page, and the files of the client's folder as they are. */
async function serve(folder) {
  const server = createServer(async (incoming, outgoing) => {
    const path = normalize(new URL(incoming.url, 'http://localhost').pathname);
    if (path === '/') {
      outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
      return;
    }
    const bytes = await readFile(join(folder, path)).catch(() => null);
    if (bytes === null) outgoing.writeHead(404).end();
    else outgoing.writeHead(200, { 'content-type': KINDS[extname(path)] ?? 'application/octet-stream' }).end(bytes);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}
