// One client's visit: what it sends, and what the program must know of it afterwards.

import { asSent } from './api.mjs';
import { strict as assert } from 'node:assert';

import { connect } from './clients.mjs';
import { plan } from './plan.mjs';
import { Proxy } from './proxy.mjs';
import { label } from './wire.mjs';

const CLOCK_AHEAD_MS = 2 * 3_600_000;
const CLOCK_TOLERANCE_MS = 60_000; // Skew below this is not corrected.

/** Lets the client make its calls in two phases, losing an answer in each, and checks what arrived. */
export async function visit(client, base, api, checks) {
  const startedAt = new Date();
  const calls = plan(client, startedAt);
  const proxy = await Proxy.before(base);
  const that = (name, claim) => checks.that(`${client.name}: ${name}`, claim);
  const session = await connect(client, proxy.address, client.writeKey);
  const visit = { client, calls, proxy, api, session, startedAt, that };
  try {
    await anonymousPhase(visit);
    await knownPhase(visit);
    await arrivals(visit);
    await history(visit);
    await strangers(visit);
    await repeats(visit);
    if (client.clock_may_be_wrong) await wrongClock(visit);
  } finally {
    await session.close();
    await proxy.close();
  }
}

/** Makes calls and waits until the client knows that all of them were accepted. */
async function make({ session, proxy, client }, calls, fault) {
  const before = proxy.delivered().length;
  if (fault) proxy.loseNextAnswer(fault);
  await session.send(calls);
  const enough = () => proxy.faultsLeft === 0 && proxy.delivered().length >= before + calls.length;
  await proxy.until(`${calls.length} calls of ${client.name}`, enough);
}

async function anonymousPhase(visit) {
  const { calls, api, that } = visit;
  await that('a visitor without a name is a person, after a lost answer', async () => {
    await make(visit, calls.anonymous, 'error');
    const person = await api.find('anonymous_id', calls.device);
    assert.ok(person, 'nobody has the anonymous id');
    assert.equal(person.events_count, calls.anonymous.length);
    assert.deepEqual(values(person, 'user_id'), []);
    assert.equal(await api.find('user_id', calls.user), null);
  });
}

async function knownPhase(visit) {
  const { calls, that } = visit;
  await that('the calls from the login on are accepted, after a connection that broke', async () => {
    await make(visit, calls.known, 'cut');
    if (calls.nobody.length > 0) await make(visit, calls.nobody);
  });
}

/** Each call is in the person's timeline with its type, name, time and identifiers. */
async function arrivals({ client, calls, proxy, api, that, startedAt }) {
  const person = await api.find('user_id', calls.user);
  const events = person ? await api.timeline(person.id) : [];
  const sent = proxy.delivered();
  for (const call of [...calls.anonymous, ...calls.known]) {
    await that(`${label(call)} arrives with its time and identifiers`, () => {
      const found = events.filter((event) => label(event) === label(call));
      assert.equal(found.length, 1, `the timeline has ${events.map(label).join(', ')}`);
      const wire = sent.find((event) => label(event) === label(call));
      assert.equal(found[0].source, client.name);
      assert.deepEqual(found[0].anchor, anchor(call));
      checkTime(call, wire, found[0], startedAt);
      if (wire.messageId) assert.equal(found[0].message_id, wire.messageId);
      if (call.messageId) assert.equal(found[0].message_id, call.messageId);
      if (call.properties) assertHolds(asSent(found[0]), kept(call));
    });
  }
}

/** The strongest identifier that a call carries. */
function anchor(call) {
  if (call.userId) return { kind: 'user_id', value: call.userId };
  return { kind: 'anonymous_id', value: call.anonymousId };
}

function checkTime(call, wire, event, startedAt) {
  const occurred = Date.parse(event.occurred_at);
  const received = Date.parse(event.received_at);
  assert.ok(received >= startedAt.getTime() && received <= Date.now(), `received at ${event.received_at}`);
  const said = call.timestamp ?? wire.timestamp ?? wire.originalTimestamp;
  if (said) assert.equal(occurred, Date.parse(said), `${event.occurred_at} is not ${said}`);
  else assert.equal(occurred, received, 'a call without a time occurred when it was received');
}

/** What the timeline tells of a call: it states the currency of an order once. */
function kept({ type, properties: { currency, ...properties }, event }) {
  if (type !== 'track' || event !== 'Order Completed') return properties;
  const products = properties.products.map(({ currency: _same, ...product }) => product);
  return { ...properties, currency, products };
}

/** Every part that was sent has arrived; clients may add parts of their own. */
function assertHolds(actual, expected) {
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(actual[name], value, `property "${name}"`);
}

async function history({ calls, api, that }) {
  await that('the anonymous history joins at the login', async () => {
    const person = await api.find('user_id', calls.user);
    const visitor = await api.find('anonymous_id', calls.device);
    assert.ok(person && visitor, 'both identifiers name somebody');
    assert.equal(visitor.id, person.id);
    assert.deepEqual(values(person, 'user_id'), [calls.user]);
    assert.deepEqual(values(person, 'anonymous_id'), [calls.device]);
  });
  await that('the traits arrive, and the e-mail address finds the person', async () => {
    const { traits } = calls.known.find((call) => call.type === 'identify');
    const { email, ...others } = traits;
    const person = await api.find('email', email);
    assert.ok(person, 'nobody has the e-mail address');
    assert.deepEqual(values(person, 'user_id'), [calls.user]);
    assert.deepEqual(values(person, 'email'), [email]);
    assertHolds(person.traits, others);
  });
}

async function strangers({ calls, api, that }) {
  for (const call of calls.nobody) {
    await that(`user id ${JSON.stringify(call.userId)} names nobody`, async () => {
      const person = await api.find('anonymous_id', call.anonymousId);
      assert.ok(person, 'the event has a person of its own');
      assert.equal(person.events_count, 1);
      assert.deepEqual(person.identifiers.map(({ kind }) => kind), ['anonymous_id']);
      assert.equal(await api.find('user_id', String(call.userId) || 'null'), null);
    });
  }
}

async function repeats({ client, calls, proxy, api, that }) {
  await that('repeats add nothing, and are counted', async () => {
    const expected = calls.anonymous.length + calls.known.length;
    const repeated = proxy.repeated().length;
    assert.ok(repeated >= 2, `only ${repeated} events were sent twice: the faults did not bite`);
    const person = await api.find('user_id', calls.user);
    assert.equal(person.events_count, expected);
    const source = await api.source(client.name);
    assert.equal(source.events_accepted, expected + calls.nobody.length);
    assert.equal(source.duplicates, repeated);
    assert.equal(source.conflicts, 0);
    assert.equal(source.quarantined, 0);
  });
  await that('no request was refused', () => {
    assert.deepEqual(proxy.passed.filter(({ status }) => status !== 200).map(({ path, status }) => `${path} ${status}`), []);
  });
}

async function wrongClock(visit) {
  const { client, api, that } = visit;
  await that('a clock that runs two hours ahead is corrected', async () => {
    const call = { type: 'track', userId: `${client.name}-ahead`, event: 'Cart Viewed', properties: {} };
    await visit.session.send([call], CLOCK_AHEAD_MS);
    const person = await api.find('user_id', call.userId);
    const [event] = await api.timeline(person.id);
    const wire = visit.proxy.delivered().findLast((each) => each.event === call.event);
    const said = Date.parse(wire.timestamp ?? wire.originalTimestamp);
    assert.ok(said > Date.now() + CLOCK_AHEAD_MS / 2, 'the client said a time to come');
    const off = Math.abs(Date.parse(event.occurred_at) - Date.parse(event.received_at));
    assert.ok(off < CLOCK_TOLERANCE_MS, `it occurred at ${event.occurred_at}, received at ${event.received_at}`);
  });
}

function values(person, kind) {
  return person.identifiers.filter((each) => each.kind === kind).map(({ value }) => value);
}
