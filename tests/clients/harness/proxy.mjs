// Stands between a client and the program: records what passes, and loses answers when told to.
//
// A lost answer is the fault behind every repeat: the program has accepted the batch, the client does
// not know, and sends it again. The request is always forwarded first, so the repeat is a real one.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

import { decode, isIntake } from './wire.mjs';

export class Proxy {
  #target;
  #server;
  #faults = [];
  #waiting = [];
  /** Requests that brought events: `{path, events, status, lost}`, in the order of their answers. */
  passed = [];

  static async before(target) {
    const proxy = new Proxy();
    proxy.#target = new URL(target);
    proxy.#server = createServer((incoming, outgoing) => proxy.#pass(incoming, outgoing));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Loses the answer to the next request that brings events: `error` answers 500, `cut` hangs up. */
  loseNextAnswer(how) {
    this.#faults.push(how);
  }

  /** How many answers are still to be lost. */
  get faultsLeft() {
    return this.#faults.length;
  }

  /** Events whose answer reached the client. */
  delivered() {
    return this.passed.filter((each) => !each.lost && each.status < 300).flatMap((each) => each.events);
  }

  /** Events that were forwarded more than once. */
  repeated() {
    return this.passed.filter((each) => each.lost).flatMap((each) => each.events);
  }

  /** Waits until `enough(proxy)` holds; it is asked after every answer. */
  async until(what, enough, seconds = 30) {
    if (enough(this)) return;
    await new Promise((resume, fail) => {
      const timer = setTimeout(() => fail(new Error(`waited ${seconds} s for ${what}`)), seconds * 1_000);
      this.#waiting.push(() => {
        if (!enough(this)) return false;
        clearTimeout(timer);
        resume();
        return true;
      });
    });
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming, outgoing) {
    try {
      const bytes = await read(incoming);
      const answer = await this.#forward(incoming, bytes);
      const intake = isIntake(incoming.method, incoming.url);
      const fault = intake ? this.#faults.shift() : undefined;
      reply(outgoing, answer, fault);
      if (!intake) return;
      const events = decode(incoming.url, bytes);
      this.passed.push({ path: incoming.url, events, status: answer.status, lost: fault !== undefined });
      this.#waiting = this.#waiting.filter((waiter) => !waiter());
    } catch (error) {
      console.log(`proxy: ${incoming.method} ${incoming.url}: ${error.message}`);
      outgoing.destroy();
    }
  }

  #forward(incoming, bytes) {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#target;
      const options = { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false };
      const outgoing = request(options, async (answer) => {
        const body = await read(answer).catch(reject);
        resolve({ status: answer.statusCode, headers: answer.headers, body });
      });
      outgoing.on('error', reject);
      outgoing.end(bytes);
    });
  }
}

function reply(outgoing, answer, fault) {
  if (fault === 'cut') {
    outgoing.destroy();
    return;
  }
  // The program's own headers pass, so that a browser sees its CORS headers and not ours.
  const headers = { ...answer.headers };
  for (const name of ['transfer-encoding', 'connection', 'keep-alive', 'content-length']) delete headers[name];
  if (fault === 'error') {
    outgoing.writeHead(500, { ...headers, 'content-type': 'application/json' });
    outgoing.end('{"success":false,"code":"lost","message":"the answer was lost on the way"}');
    return;
  }
  outgoing.writeHead(answer.status, headers);
  outgoing.end(answer.body);
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
