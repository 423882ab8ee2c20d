// Sends the calls of PLAN with @segment/analytics-node, as it is published.

const { endpoint, writeKey, calls, clockAheadMs } = JSON.parse(process.env.PLAN);
if (clockAheadMs) {
  // A machine whose clock is wrong: set before the client is loaded, so that it knows no other time.
  const { wrongClock } = await import('../harness/wrong-clock.mjs');
  wrongClock(clockAheadMs);
}
const { Analytics } = await import('@segment/analytics-node');

const analytics = new Analytics({ host: endpoint, writeKey });
analytics.on('error', (error) => console.error('segment-node:', error.code, error.reason?.message ?? ''));
for (const { type, ...call } of calls) {
  if (call.timestamp) call.timestamp = new Date(call.timestamp);
  analytics[type](call);
}
await analytics.closeAndFlush({ timeout: 30_000 });
