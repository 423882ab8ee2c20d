// Runs in the page: makes calls with @rudderstack/analytics-js, as it ships.

import { RudderAnalytics } from '/node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/esm/index.mjs';

const analytics = new RudderAnalytics();

/** Loads the client; its configuration comes from the program, not from the vendor's cloud. */
export async function start(endpoint, writeKey) {
  await new Promise((ready) => {
    analytics.ready(ready);
    analytics.load(writeKey, endpoint, { configUrl: endpoint });
  });
}

/** Makes the calls in turn; the client sends them in parallel and in any order. */
export async function send(calls) {
  for (const call of calls) {
    const options = call.timestamp ? { originalTimestamp: call.timestamp } : {};
    if (call.anonymousId) analytics.setAnonymousId(call.anonymousId);
    make(call, options);
  }
}

function make(call, options) {
  switch (call.type) {
    case 'page':
      return analytics.page(call.category, call.name, call.properties, options);
    case 'track':
      return analytics.track(call.event, call.properties, options);
    case 'identify':
      return analytics.identify(call.userId, call.traits, options);
    case 'group':
      return analytics.group(call.groupId, call.traits, options);
    case 'alias':
      return analytics.alias(call.userId, call.previousId, options);
    default:
      throw new Error(`no call "${call.type}"`);
  }
}
