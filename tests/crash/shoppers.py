"""Shoppers who arrive, fill carts, and buy or not; and a client that resends until it is answered."""

import http.client
import random
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from harness.client import Client
from harness.shop import added, known, now_text, receipt

BATCH = 20
BATCHES_A_SECOND = 12
SHOPPERS_A_BATCH = 1.2


def shop_text(port):
    """The shop's definition, with its quiet hours half a day away from now."""
    hour = (datetime.now(ZoneInfo("Europe/Madrid")).hour + 12) % 24
    text = (Path(__file__).resolve().parent / "shop.yaml").read_text()
    return text.replace("PORT", str(port)).replace("QUIET", f"{hour:02}:00 to {hour:02}:01")


def number_of(name):
    """The telephone number of a shopper, or of somebody who is held."""
    kind, number = name.rsplit("-", 1)
    return f"+3460{int(kind == 'holder')}{int(number):06}"


def reachable(name):
    """Who somebody is, and that they want mail and text messages."""
    who, yes = known(name)
    who["traits"]["phone"] = number_of(name)
    texts = {"channel": "sms", "purpose": "promotion", "phone": number_of(name)}
    return [who, yes, {**yes, "messageId": f"{name}-texts", "properties": texts}]


class Feeder(threading.Thread):
    """Sends batches all the time. What was not acknowledged is sent again, with the same ids, until it is.

    `sending` and `acknowledged` are set as a request is out and as its answer is in, for whoever wants
    to kill the server right there.
    """

    def __init__(self, port, keys, seed):
        super().__init__(name="feeder", daemon=True)
        self.rng = random.Random(seed)
        self.clients = {name: Client(port, write_key=key, seconds_max=20) for name, key in keys.items()}
        # The killer sends words of its own beside the shoppers'.
        self.turns = {name: threading.Lock() for name in keys}
        self.up = threading.Event()
        self.sending = threading.Event()
        self.acknowledged = threading.Event()
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.sent = {}        # messageId -> whose
        self.acked = {}       # messageId -> when its acknowledgement was read
        self.names = []
        self.buyers = set()
        self.receipts_due = []
        self.resent = self.repeated = self.number = 0
        self.batches = 0
        self.fault = None

    def run(self):
        try:
            next_at = time.monotonic()
            while not self.ended.is_set():
                for source, path, events in self.batch():
                    self.until_acknowledged(source, path, events)
                next_at = max(next_at + 1 / BATCHES_A_SECOND, time.monotonic() - 0.5)
                early = next_at - time.monotonic()
                if early > 0:
                    time.sleep(early)  # The rate is the point.
            for source, path, events in self.receipts(everybody=True):
                self.until_acknowledged(source, path, events)
        except Exception as fault:  # The main thread tells of it.
            self.fault = fault

    def batch(self):
        events = []
        while self.rng.random() < SHOPPERS_A_BATCH / (1 + SHOPPERS_A_BATCH):
            events.extend(self.newcomer())
        while len(events) < BATCH:
            events.append(self.visit())
        yield "social-shop", "/v1/batch", events
        yield from self.receipts()

    def newcomer(self):
        name = f"shopper-{len(self.names)}"
        self.names.append(name)
        if self.rng.random() < 0.4:
            self.buyers.add(name)
            self.receipts_due.append((time.monotonic() + self.rng.uniform(0.0, 3.0), name))
        return [*reachable(name), added(name)]

    def visit(self):
        self.number += 1
        name = self.rng.choice(self.names) if self.names else "early-bird"
        return {"type": "page", "messageId": f"visit-{self.number}", "userId": name, "timestamp": now_text(),
                "name": "Home", "properties": {"url": "https://tienda.example/"}}

    def receipts(self, everybody=False):
        now = time.monotonic()
        ready = [name for at, name in self.receipts_due if everybody or at <= now]
        self.receipts_due = [(at, name) for at, name in self.receipts_due if not everybody and at > now]
        if ready:
            yield "pos", "/v1/batch?feed=till-1", [receipt(name) for name in ready]

    def until_acknowledged(self, source, path, events):
        for event in events:
            whose = event.get("userId") or event["properties"]["loyalty_id"].removeprefix("L-")
            self.sent[event["messageId"]] = whose
        client, body = self.clients[source], {"batch": events}
        self.batches += 1
        first = True
        while True:
            self.up.wait()
            if not first:
                self.resent += 1
            first = False
            try:
                with self.turns[source]:
                    client.send("POST", path, body)
                    self.sending.set()
                    status, answer = client.answer()
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # The server is down; there is nothing else to see it by.
                continue
            if status == 503:
                continue
            if status != 200 or answer["quarantined"] or answer["conflicts"]:
                raise AssertionError(f"a batch was answered {status}: {answer}")
            if answer["accepted"] + answer["duplicates"] != len(events):
                raise AssertionError(f"a batch of {len(events)} was answered {answer}")
            at = time.time()
            with self.lock:
                self.acked.update((event["messageId"], at) for event in events)
            self.acknowledged.set()
            if self.rng.random() < 0.05:
                with self.turns[source]:
                    self.repeat(client, path, body)
            return

    def repeat(self, client, path, body):
        """A client that did not hear the answer, though it was given."""
        try:
            status, answer = client.call("POST", path, body)
        except (OSError, http.client.HTTPException):
            return
        if status == 200:
            self.repeated += 1
            if answer["accepted"]:
                raise AssertionError(f"an acknowledged batch was sent again and {answer['accepted']} of it taken again")

    def end(self, seconds_max=60):
        """Sends what is left, and tells what went wrong."""
        self.ended.set()
        self.join(timeout=seconds_max)
        if self.fault:
            raise self.fault
        assert not self.is_alive(), "the client cannot get its last batches through"
