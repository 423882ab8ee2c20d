"""Background load: batches of events of many other people, at a steady rate, over one connection.

    python tests/live/load.py PORT WRITE_KEY EVENTS_PER_SECOND SECONDS SEED

Prints one JSON line at its end: how many events were acknowledged, in how many seconds, and how long
the acknowledgement of a batch took. What it lags behind it catches up with, so the rate is kept on
the whole.
"""

import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.client import Client  # noqa: E402, the path comes first
from harness.shop import now_text  # noqa: E402

BATCH = 100
PEOPLE = 5_000


def event(rng, number):
    person = rng.randrange(PEOPLE)
    who = {"anonymousId": f"visitor-{person}"}
    if rng.random() < 0.3:
        who["userId"] = f"passer-by-{person}"
    base = {"messageId": f"load-{number}", "timestamp": now_text(), **who}
    product = {"product_id": f"p-{rng.randrange(500)}", "name": "A product", "price": 15}
    kind = rng.random()
    if kind < 0.55:
        return {**base, "type": "page", "name": "Home", "properties": {"url": f"https://tienda.example/{number % 97}"}}
    if kind < 0.85:
        return {**base, "type": "track", "event": "Product Viewed", "properties": product}
    if kind < 0.95:
        return {**base, "type": "track", "event": "Products Searched", "properties": {"query": "shirt"}}
    return {**base, "type": "identify", "traits": {"city": "Madrid"}}


def main(port, write_key, rate, seconds, seed):
    rng = random.Random(seed)
    client = Client(port, write_key=write_key)
    batches = rate * seconds // BATCH
    started = time.monotonic()
    took = []
    for number in range(batches):
        due = started + number * BATCH / rate
        body = {"batch": [event(rng, number * BATCH + each) for each in range(BATCH)]}
        early = due - time.monotonic()
        if early > 0:
            time.sleep(early)  # The rate is the point.
        status, answer, ms = client.timed("POST", "/v1/batch", body)
        if status != 200 or answer["accepted"] != BATCH:
            raise SystemExit(f"a batch was answered {status}: {answer}")
        took.append(ms)
    elapsed = time.monotonic() - started
    took.sort()
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    told = {"events": batches * BATCH, "seconds": round(elapsed, 2), "p50_ms": round(p50, 1), "p99_ms": round(p99, 1)}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
