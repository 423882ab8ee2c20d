// What clients put on the wire: decoding a captured request into the events that it carries.

import { gunzipSync } from 'node:zlib';

const TYPES = {
  p: 'page', page: 'page', t: 'track', track: 'track', i: 'identify', identify: 'identify',
  g: 'group', group: 'group', a: 'alias', alias: 'alias', s: 'screen', screen: 'screen',
};

/** Whether a request brings events (and not settings, a preflight or something of ours). */
export function isIntake(method, path) {
  return method === 'POST' && /^(\/beacon)?\/v1\/\w+$/.test(path.split('?')[0]);
}

/** The events in a body, each with its type, whatever its content type or encoding says. */
export function decode(path, bytes) {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const body = JSON.parse(plain.toString('utf8'));
  const type = TYPES[path.split('?')[0].split('/').pop()];
  const events = Array.isArray(body.batch) ? body.batch : [body];
  return events.map((event) => ({ ...event, type: event.type ?? type }));
}

/** What the calls of clients are told apart by: the type and the name. */
export function label(event) {
  return `${event.type} ${event.event ?? event.name ?? ''}`.trim();
}
