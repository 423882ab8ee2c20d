// Runs in the page: makes calls with @segment/analytics-next, as it ships.

import '/node_modules/@segment/analytics-next/dist/umd/index.js';

let analytics;

/** Loads the client; its settings come from the program, not from the vendor's CDN. */
export async function start(endpoint, writeKey) {
  const apiHost = `${endpoint.replace('http://', '')}/v1`;
  const integrations = { 'Segment.io': { apiHost, protocol: 'http' } };
  [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL: endpoint }, { integrations });
}

/** Makes the calls in turn; the client sends them when it sees fit. */
export async function send(calls) {
  for (const call of calls) {
    const options = call.timestamp ? { timestamp: new Date(call.timestamp) } : {};
    if (call.anonymousId) analytics.setAnonymousId(call.anonymousId);
    await make(call, options);
  }
}

function make(call, options) {
  switch (call.type) {
    case 'page':
      return analytics.page(call.category, call.name, call.properties, options);
    case 'screen':
      return analytics.screen(undefined, call.name, call.properties, options);
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
