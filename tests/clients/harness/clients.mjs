// The clients: every folder with a `client.json`, and how to make each of them send calls.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Browser } from './browser.mjs';

const SECONDS_MAX = 60;

/** All clients below `folder`, by name. */
export async function clients(folder) {
  const found = [];
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name, 'client.json'), 'utf8').catch(() => null);
    if (text !== null) found.push({ name, folder: join(folder, name), ...JSON.parse(text) });
  }
  return found;
}

/** A client set up for the program: `{send(calls), close()}`. */
export async function connect(client, endpoint, writeKey) {
  if (client.runtime === 'browser') return Browser.open(client.folder, endpoint, writeKey);
  return {
    send: (calls, clockAheadMs = 0) => runOnce(client, { endpoint, writeKey, calls, clockAheadMs }),
    close: async () => {},
  };
}

/** Runs the client's program for one list of calls; it ends when it has flushed. */
async function runOnce(client, plan) {
  const [program, ...words] = command(client);
  const child = spawn(program, words, {
    cwd: client.folder,
    env: { ...process.env, PLAN: JSON.stringify(plan) },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: SECONDS_MAX * 1_000,
  });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the client ended with ${signal ?? code}`);
}

function command(client) {
  const tools = process.env.REGULARS_TOOLS ?? join(client.folder, '../../.tools');
  switch (client.runtime) {
    case 'node':
      return [process.execPath, join(client.folder, 'client.mjs')];
    case 'python':
      return [join(tools, 'venv/bin/python'), join(client.folder, 'client.py')];
    case 'rust':
      return [join(tools, 'target/debug', client.binary)];
    default:
      throw new Error(`client.json of "${client.name}" has an unknown runtime "${client.runtime}"`);
  }
}
