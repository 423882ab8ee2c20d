// Replays requests that stock clients were recorded to make, one source for each recording.
//
// The recordings are check data, not part of the repository: a folder `clients` below
// REGULARS_CHECK_DATA with files `*.ndjson`, one request a line.

import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { decode, isIntake } from './wire.mjs';

const RECORDED_KEY = 'wk_test_123';
// What a connection sets for itself.
const OWN_HEADERS = ['host', 'connection', 'content-length', 'transfer-encoding', 'content-encoding', 'accept-encoding', 'authorization'];

/** The recordings there are: `{name, requests}`. */
export async function captures() {
  const root = process.env.REGULARS_CHECK_DATA;
  if (!root) return [];
  const folder = join(root, 'clients');
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.ndjson')).sort();
  return Promise.all(files.map(async (file) => {
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '');
    return { name: `recorded-${basename(file, '.ndjson')}`, requests: lines.map((line) => JSON.parse(line)) };
  }));
}

/** Sends a recording as it was made, and checks that every event is accounted for. */
export async function replay(capture, base, api, checks) {
  const requests = capture.requests.filter(({ method, path, body }) => isIntake(method, path) && body !== null);
  const events = requests.flatMap((each) => decode(each.path, Buffer.from(JSON.stringify(each.body))));
  await checks.that(`${capture.name}: ${requests.length} requests are accepted`, async () => {
    const refused = [];
    for (const each of requests) {
      const answer = await send(each, base, capture.writeKey);
      if (answer.status !== 200) refused.push(`${each.label}: ${each.path} answered ${answer.status}`);
    }
    assert.deepEqual(refused, []);
  });
  await checks.that(`${capture.name}: ${events.length} events are accounted for`, async () => {
    const different = new Set(events.map(identity)).size;
    const source = await api.source(capture.name);
    const { events_accepted: accepted, duplicates, conflicts, quarantined } = source;
    // Some SDKs add the login to an event that they send again: the first stays, the other is counted.
    assert.deepEqual(
      { accepted, repeated: duplicates + conflicts, quarantined },
      { accepted: different, repeated: events.length - different, quarantined: 0 },
    );
  });
}

/** What makes an event the same event: its id, or all that it says. */
function identity(event) {
  return event.messageId ?? JSON.stringify(event);
}

function send(recorded, base, writeKey) {
  const keyed = (text) => text.replaceAll(RECORDED_KEY, writeKey);
  const headers = new Headers();
  for (const [name, value] of Object.entries(recorded.headers)) {
    const plain = name.toLowerCase();
    if (!OWN_HEADERS.includes(plain) && !plain.startsWith('sec-')) headers.set(name, value);
  }
  const basic = recorded.headers.Authorization ?? recorded.headers.authorization;
  if (basic) headers.set('authorization', `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`);
  const text = keyed(JSON.stringify(recorded.body));
  const body = recorded.encoding === 'gzip' ? gzipSync(text) : text;
  if (recorded.encoding === 'gzip') headers.set('content-encoding', 'gzip');
  const query = recorded.query ? `?${keyed(recorded.query)}` : '';
  return fetch(base + recorded.path + query, { method: 'POST', headers, body });
}
