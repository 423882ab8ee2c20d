// The program under test, by its command line: the one place that knows its commands and options.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START_SECONDS_MAX = 20;

export class Program {
  #binary;
  #child;
  #talk = '';

  constructor(binary, folder) {
    this.#binary = binary;
    this.folder = folder;
  }

  /** A program with an empty data directory, not started yet. */
  static async create() {
    const binary = process.env.REGULARS_BIN;
    if (!binary) throw new Error('set REGULARS_BIN to the program under test (cargo xtask test does)');
    return new Program(binary, await mkdtemp(join(tmpdir(), 'regulars-clients-')));
  }

  async #command(...words) {
    const { stdout } = await run(this.#binary, [...words, '--data-dir', this.folder, '--json']);
    return JSON.parse(stdout);
  }

  /** Adds a source; its write key. */
  async addSource(name) {
    return (await this.#command('source', 'add', name, '--kind', 'web')).write_key;
  }

  /** Makes an API key that may read. */
  async createReadKey() {
    return (await this.#command('key', 'create', '--scope', 'read')).key;
  }

  /** Starts the server on a free port of the loopback; its address once it answers. */
  async serve() {
    const port = await freePort();
    this.#child = spawn(this.#binary, ['serve', '--data-dir', this.folder, '--listen', `127.0.0.1:${port}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (bytes) => (this.#talk = (this.#talk + bytes).slice(-20_000));
    this.#child.stdout.on('data', keep);
    this.#child.stderr.on('data', keep);
    await answers(`http://127.0.0.1:${port}/healthz`, () => this.#child.exitCode === null);
    return `http://127.0.0.1:${port}`;
  }

  /** What the server has written last, for the report of a failure. */
  get talk() {
    return this.#talk;
  }

  /** Asks the server to stop; the exit code of a graceful stop is 0. */
  async stop() {
    if (!this.#child || this.#child.exitCode !== null) return this.#child?.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    return code;
  }

  /** Ends the server at once if it still runs, and takes its data away. */
  async remove() {
    if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(url, alive) {
  const deadline = Date.now() + START_SECONDS_MAX * 1_000;
  while (Date.now() < deadline && alive()) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resume) => setTimeout(resume, 25)); // Nothing to await: a port that is not open yet.
  }
  throw new Error(`the server does not answer at ${url}`);
}
