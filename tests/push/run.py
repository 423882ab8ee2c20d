"""Push messages as a browser and its push service get them, read by libraries of others.

    python tests/push/run.py

The push service stands on this machine: none of a browser's own can be reached here. What it is sent, http-ece
decrypts with the keys that the browser would have, and PyJWT checks who signed it.
"""

import base64
import json
import os
import sys
import threading
import time
import urllib.parse
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import Checks, same  # noqa: E402, the path comes first
from harness.client import Api, Client  # noqa: E402
from harness.program import Program  # noqa: E402

PUSH_SECONDS_MAX = 30


def base64url(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Service:
    """A push service: takes what it is told to take, and knows the browsers of some paths to be gone."""

    def __init__(self):
        self.taken = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.taken.append((self.path, dict(self.headers), body))
                self.send_response(410 if self.path.startswith("/gone") else 201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def to(self, name):
        return [(headers, body) for path, headers, body in self.taken if path == f"/{name}"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Browser:
    """A browser that has subscribed: its name, its keys, and where its push service takes messages."""

    def __init__(self, name, service):
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self.subscription = {"endpoint": f"{service.origin}/{name}", "expirationTime": None,
                             "keys": {"p256dh": base64url(point), "auth": base64url(self.auth)}}

    def read(self, body):
        """What the browser hands to its worker."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


class Shop:
    """The program with a key for push messages, and a push service that it may reach."""

    def __init__(self):
        self.program = Program("push")
        self.service = Service()
        self.number = 0

    def open(self):
        program = self.program
        self.write_key = program.add_source("web", "web")
        # Whoever looks round in the web shop is left alone meanwhile.
        self.social_key = program.add_source("social-shop", "social")
        admin = program.create_key("admin")
        missing = program.command("channel", "push", well=False)
        assert missing.returncode == 1 and "--make-key" in missing.stderr, missing.stderr
        self.public = program.asked("channel", "push", "--make-key")["public_key"]
        twice = program.command("channel", "push", "--make-key", well=False)
        assert twice.returncode == 1 and "--replace" in twice.stderr, twice.stderr
        os.environ["REGULARS_PUSH_INSIDE"] = "127.0.0.1"
        program.serve()
        same(program.asked("channel", "push")["public_key"], self.public, "the key beside a running server")
        self.api = Api(program.port, key=admin)
        # A push message keeps the night, which is never now.
        hour = (datetime.now(timezone.utc).hour + 12) % 24
        shop = (HERE / "shop.yaml").read_text().replace("PORT", str(program.port))
        self.api.publish({"shop.yaml": shop.replace("QUIET", f'"{hour:02}:00 to {hour:02}:30"')})
        self.client = Client(program.port)

    def tell(self, *events, key=None):
        """As the script of the site tells it: text, with the key in the body."""
        for event in events:
            self.number += 1
            event.setdefault("messageId", f"e{self.number}")
        body = json.dumps({"writeKey": key or self.write_key, "batch": list(events)}).encode()
        status, answer = self.client.call("POST", "/v1/batch", body, {"content-type": "text/plain"})
        same((status, answer["accepted"]), (200, len(events)), "the answer to a batch")

    def subscribe(self, who, browser, **traits):
        said = {"subscription": browser.subscription, "purpose": "promotion", "wording": "Yes, tell me"}
        self.tell({"type": "identify", "userId": who, "anonymousId": browser.name, "traits": traits},
                  {"type": "track", "userId": who, "anonymousId": browser.name, "event": "Push Subscribed",
                   "properties": said})

    def wish(self, who):
        self.tell({"type": "track", "userId": who, "event": "Product Added to Wishlist",
                   "properties": {"product_id": "tee", "price": 20}}, key=self.social_key)

    def wait_for(self, what, why):
        deadline = time.monotonic() + PUSH_SECONDS_MAX
        while not what():
            assert time.monotonic() < deadline, f"{why}\n{self.program.last_words()}"
            time.sleep(0.02)  # The API has nothing to wait on.

    def kept_back(self, who):
        """Why the latest message to somebody waits or was left out."""
        decided = [each for each in self.api.decisions_of("user_id", who) if each["decision"] in ("hold", "skip")]
        return [reason["code"] for reason in decided[0]["reasons"]]

    def names(self, who):
        person = self.api.find("user_id", who)["id"]
        return [event["name"] for event in reversed(self.api.timeline(person))]

    def remove(self):
        self.service.stop()
        self.program.remove()


def what_leaves_is_read_by_the_browser_alone_and_signed_by_the_shop(shop):
    maria, other = Browser("maria", shop.service), Browser("other", shop.service)
    shop.subscribe("maria", maria, firstName="María", locale="es")
    shop.wish("maria")
    shop.wait_for(lambda: shop.service.to("maria"), "no push message came")
    headers, body = shop.service.to("maria")[0]
    told = maria.read(body)
    same((told["title"], told["body"]), ("Aún es tuya", "María: 20 €"), "the message")
    same(told["icon"], "https://tienda.example/icon.png", "the picture")
    try:
        other.read(body)
    except Exception:  # The library has an error of its own for each way to fail.
        pass
    else:
        raise AssertionError("another browser read it")
    same((headers["content-encoding"], headers["ttl"], headers["urgency"]), ("aes128gcm", "86400", "low"), "the request")
    same((headers["topic"], len(headers["topic"])), (told["tag"], 32), "topic and tag")
    token, public = headers["authorization"].removeprefix("vapid t=").split(", k=")
    same(public, shop.public, "the key that signed it")
    point = base64.urlsafe_b64decode(public + "=")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=shop.service.origin)
    same(claims["sub"], "mailto:hola@tienda.example", "who answers for it")
    assert 0 < claims["exp"] - time.time() <= 24 * 3600, claims
    shop.told = told


def a_click_and_a_close_come_back_by_tokens(shop):
    click, closed = (urllib.parse.urlsplit(shop.told[name]).path for name in ("url", "closed"))
    browser = Client(shop.program.port)
    browser.headers = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    browser.send("GET", click)
    answer = browser.connection.getresponse()
    same((answer.status, answer.headers["location"]), (302, "https://tienda.example/wishes"), "where it leads")
    answer.read()
    for path in (closed, closed, closed[:-1] + "0x", "/n/1-0"):
        same(browser.call("POST", path, b"")[0], 204, f"the answer to {path}")
    same([name for name in shop.names("maria") if name.startswith("Push")],
         ["Push Subscribed", "Push Clicked", "Push Dismissed"], "her path")


def a_browser_that_is_gone_ends_as_a_fact_and_may_come_back(shop):
    gone = Browser("gone-eva", shop.service)
    shop.subscribe("eva", gone)
    shop.wish("eva")
    shop.wait_for(lambda: "Push Subscription Ended" in shop.names("eva"), "its end was not noted")
    time.sleep(1.2)  # Then she may enter again.
    shop.wish("eva")
    same(shop.kept_back("eva"), ["no_address"], "why nothing more goes")
    same(len(shop.service.to("gone-eva")), 1, "messages to it")
    back = Browser("eva", shop.service)
    back.name = "gone-eva"
    shop.subscribe("eva", back)
    shop.wait_for(lambda: shop.service.to("eva"), "the same browser was not reached under its new address")
    same(back.read(shop.service.to("eva")[0][1])["title"], "Still yours", "the message that waited")


def a_no_acts_on_the_next_send_and_the_subscription_is_the_persons_own(shop):
    person = shop.api.find("user_id", "maria")["id"]
    disclosed = json.dumps(shop.api.well("POST", "/api/v1/people/disclosure", {"person": person}))
    assert "/maria" in disclosed and "p256dh" in disclosed, "the subscription is not disclosed"
    timeline = json.dumps(shop.api.timeline(person))
    assert "p256dh" not in timeline and shop.service.origin not in timeline, "the timeline shows the subscription"
    assert shop.service.origin not in shop.program.last_words(100_000), "an endpoint stands in the log"
    shop.tell({"type": "track", "userId": "maria", "anonymousId": "maria", "event": "Consent Withdrawn",
               "properties": {"channel": "push", "purpose": "all", "wording": "No more"}})
    shop.wish("maria")
    same(shop.kept_back("maria"), ["consent_withdrawn"], "why nothing more goes")
    same(len(shop.service.to("maria")), 1, "messages to her")
    same(shop.program.stop(), 0, "how the server stopped")
    shop.program.command("verify")


def main():
    checks = Checks()
    shop = Shop()
    try:
        shop.open()
        for story in (what_leaves_is_read_by_the_browser_alone_and_signed_by_the_shop,
                      a_click_and_a_close_come_back_by_tokens,
                      a_browser_that_is_gone_ends_as_a_fact_and_may_come_back,
                      a_no_acts_on_the_next_send_and_the_subscription_is_the_persons_own):
            checks.that(story.__name__.replace("_", " "), lambda story=story: story(shop))
    finally:
        if checks.failed:
            print(f"the server's last words:\n{shop.program.last_words()}")
        shop.remove()
    checks.end()


if __name__ == "__main__":
    main()
