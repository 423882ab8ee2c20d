// What every client is asked to send, in the words of the Segment protocol.
//
// The names are unique within a client, so that a call is found again by type and name. Times and
// message ids are fixed only where a client lets its caller fix them (`client.json` says so).

const HOUR_MS = 3_600_000;

const SHIRT = {
  product_id: 'p-77', sku: 'TS-RED-M', name: 'T-shirt', category: 'Tops', price: 20, quantity: 1, currency: 'EUR',
};

/** The calls of one client, in two phases: before anyone is known, and from the login on. */
export function plan(client, startedAt) {
  const user = `${client.name}-maria`;
  const device = `${client.name}-device`;
  const at = (hours, call) => fixed(client, call, new Date(startedAt.getTime() - hours * HOUR_MS));
  const anonymous = [
    at(3, { type: 'page', anonymousId: device, name: 'T-shirt', category: 'Shop', properties: { url: 'https://shop.example/p/77' } }),
    at(2, { type: 'track', anonymousId: device, event: 'Product Added', properties: { cart_id: `${client.name}-cart`, ...SHIRT } }),
  ];
  const known = [
    at(1, { type: 'identify', userId: user, anonymousId: device, traits: { email: `${user}@example.com`, firstName: 'Maria' } }),
    at(0.9, { type: 'group', userId: user, anonymousId: device, groupId: `${client.name}-household`, traits: { name: 'Casa' } }),
    at(0.8, { type: 'alias', userId: user, previousId: device }),
    at(0.7, { type: 'screen', userId: user, anonymousId: device, name: 'Cart', properties: { items: 1 } }),
    at(0.6, { type: 'track', userId: user, anonymousId: device, event: 'Order Completed', properties: order(client) }),
  ];
  const nobody = client.nobody.map((userId, index) =>
    at(0.5, { type: 'track', userId, anonymousId: `${client.name}-nobody-${index}`, event: 'Products Searched', properties: { query: 'boots' } }),
  );
  const able = (call) => !client.without?.includes(call.type);
  return { user, device, anonymous, known: known.filter(able), nobody };
}

function order(client) {
  return { order_id: `${client.name}-1`, total: 40, revenue: 40, currency: 'EUR', products: [{ ...SHIRT, quantity: 2 }] };
}

function fixed(client, call, time) {
  const with_time = client.fixes_time ? { ...call, timestamp: time.toISOString() } : call;
  const id = `${client.name}-${call.type}-${call.event ?? call.name ?? ''}-${call.anonymousId ?? ''}`;
  return client.fixes_message_id ? { ...with_time, messageId: id.toLowerCase().replaceAll(' ', '-') } : with_time;
}
