// The program's HTTP API as the checks use it: the one place that knows its paths and shapes.

export class Api {
  #base;
  #key;

  constructor(base, key) {
    this.#base = base;
    this.#key = key;
  }

  async #call(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Error(`${method} ${path} answered ${answer.status} with no JSON: ${text.slice(0, 200)}`);
    }
    return { status: answer.status, value };
  }

  async #expect(method, path, body) {
    const { status, value } = await this.#call(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(value)}`);
    return value;
  }

  /** The person who has this identifier, or null. */
  async find(kind, value) {
    const path = '/api/v1/people/find';
    const { status, value: found } = await this.#call('POST', path, { identifier: { kind, value } });
    if (status === 404) return null;
    if (status !== 200) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(found)}`);
    return found.person;
  }

  /** A person's events in any order, each with the type and name of the call that made it. */
  async timeline(person) {
    const { events } = await this.#expect('POST', '/api/v1/people/timeline', { person, limit: 200 });
    return events.map((event) => ({ ...event, ...asCall(event) }));
  }

  /** The counters of one source. */
  async source(name) {
    const { sources } = await this.#expect('GET', '/api/v1/sources');
    const source = sources.find((candidate) => candidate.name === name);
    if (!source) throw new Error(`no source "${name}" among ${sources.map((each) => each.name).join(', ')}`);
    return source;
  }
}

/** The call behind an event: pages and screens bear their own name among their properties. */
function asCall({ type, name, properties }) {
  if (type === 'track') return { type, name };
  return { type, name: type === 'page' || type === 'screen' ? properties?.name : '' };
}

/** The properties as they were sent: the program keeps products and orders as what they are. */
export function asSent({ properties, products, order, cart }) {
  const lines = products.map((line) => ({
    ...Object.assign({}, ...line.codes),
    name: line.label,
    category: line.category,
    price: line.total_minor / 100 / (line.quantity_milli / 1000),
    quantity: line.quantity_milli / 1000,
  }));
  if (!order) return { ...properties, ...lines[0], cart_id: cart };
  const total = order.total_minor / 100;
  return { ...properties, order_id: order.key, total, revenue: total, currency: order.currency, products: lines };
}
