// Sends the calls of PLAN with @rudderstack/rudder-sdk-node, as it is published.

const { endpoint, writeKey, calls, clockAheadMs } = JSON.parse(process.env.PLAN);
if (clockAheadMs) {
  // A machine whose clock is wrong: set before the client is loaded, so that it knows no other time.
  const { wrongClock } = await import('../harness/wrong-clock.mjs');
  wrongClock(clockAheadMs);
}
const { default: RudderAnalytics } = await import('@rudderstack/rudder-sdk-node');

const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: endpoint, logLevel: 'error' });
for (const { type, timestamp, ...call } of calls) {
  // This client names the moment of a call `originalTimestamp`.
  if (timestamp) call.originalTimestamp = new Date(timestamp);
  analytics[type](call);
}
await analytics.flush();
