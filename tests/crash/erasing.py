"""Erasing a person: unknown for good, whatever file comes in again, and no byte left in the directory."""

import json
import sqlite3

import zstandard

from harness.checks import same
from harness.client import Api
from harness.mail import Mail
from harness.program import Program
from harness.shop import now_text
from harness.staff import Staff
from shoppers import shop_text


# Everything that names her, as sources write it. None of it is in any other event.
EMAIL = "Magdalena.Quintanilla@correo.example"
PHONE = "+34 655 123 987"
NAME = "Magdalena Quintanilla Iturriaga"
CARD = "L-9081726354"
LOGIN = "u-mquintanilla-77"
BROWSER = "b-5d0c7e19a2"
PUSH = "https://push.example/wpush/v2/gAAAA-mq-5d0c7e19a2"
PUSH_KEY = "B" + "mQ7-" * 21 + "xY"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
NAMED = [EMAIL, PHONE, "+34655123987", "655123987", NAME, "Quintanilla", CARD, "9081726354", LOGIN,
         BROWSER, PUSH, PUSH_KEY]


def last_month():
    """The file that will come in again: she and another customer, a receipt each, among many others'."""
    who = {"email": EMAIL, "phone": PHONE, "name": NAME, "firstName": "Magdalena", "lastName": "Quintanilla Iturriaga",
           "loyalty_id": CARD}
    other = {"email": "ana@correo.example", "name": "Ana Ruiz", "loyalty_id": "L-1"}
    lines = []
    for number, (login, traits, card) in enumerate([(LOGIN, who, CARD), ("u-ana", other, "L-1")]):
        at = "2026-10-03T10:00:00Z"
        lines.append({"type": "identify", "source": "social-shop", "messageId": f"old-{number}", "userId": login,
                      "traits": traits, "timestamp": at, "receivedAt": at})
        lines.append({"type": "track", "source": "pos", "feed": "till-1", "messageId": f"sale-{number}",
                      "event": "Order Completed", "timestamp": at, "receivedAt": at,
                      "properties": {"receipt_id": f"old-{number}", "store_id": "centro", "loyalty_id": card,
                                     "customer_name": traits["name"], "currency": "EUR", "total": 20,
                                     "products": [{"till_code": "4711", "name": "T-SHIRT", "price": 20, "quantity": 1}]}})
    lines[2:2] = [{"type": "track", "source": "pos", "feed": "till-1", "messageId": f"other-sale-{number}",
                   "event": "Order Completed", "timestamp": "2026-10-03T11:00:00Z", "receivedAt": "2026-10-03T11:00:00Z",
                   "properties": {"receipt_id": f"other-{number}", "store_id": "centro", "loyalty_id": f"L-other-{number}",
                                  "currency": "EUR", "total": 20, "products": [{"till_code": "4711", "price": 20, "quantity": 1}]}}
                  for number in range(500)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def live(now):
    """What she does today: a cart, so that she is in a journey and in the outbox, and a friend who names her."""
    line = {"cart_id": "c-1", "product_id": "tee", "sku": "TEE", "name": "T-shirt", "price": 20, "quantity": 1}
    yes = {"channel": "email", "purpose": "promotion", "email": EMAIL}
    return [
        {"type": "track", "messageId": "yes", "userId": LOGIN, "event": "Consent Given", "properties": yes},
        {"type": "track", "messageId": "push", "userId": LOGIN, "anonymousId": BROWSER, "event": "Push Subscribed",
         "properties": {"purpose": "promotion", "wording": "Tell me",
                        "subscription": {"endpoint": PUSH, "keys": {"p256dh": PUSH_KEY, "auth": "a" * 22}}}},
        {"type": "track", "messageId": "cart", "userId": LOGIN, "event": "Product Added", "properties": line, "timestamp": now},
        {"type": "track", "messageId": "friend", "userId": "u-ana", "event": "Product Shared", "timestamp": now,
         "properties": {"product_id": "tee", "share_message": f"For {NAME}, {EMAIL}"}},
        # What cannot be understood is kept as it came: it must go as well.
        {"type": "track", "messageId": "broken", "userId": LOGIN, "event": "Order Completed", "timestamp": now,
         "properties": {"order_id": "o-1", "currency": "EUR", "total": "a lot", "email": EMAIL, "name": NAME}},
    ]


class Erasing:
    """One program with her in it, erased by one way."""

    def __init__(self, way):
        self.way = way
        self.unpacked = 0
        self.program = Program("erase")
        self.mail = Mail(self.program.work)
        self.file = self.program.work / "last-month.ndjson"
        self.file.write_text(last_month())

    def prepare(self):
        program = self.program
        write_key = program.add_source("social-shop", "social")
        program.add_source("pos", "pos")
        self.api = Api(program.port, key=program.create_key("admin"))
        program.command("import", str(self.file), "--backfill")
        program.serve(smtp=self.mail.port)
        self.api.publish({"shop.yaml": shop_text(program.port)})
        for feed in (("pos", "till-1"), ("nightly", "")):
            self.api.heartbeat(*feed)
        shop = Api(program.port, write_key=write_key)
        answer = shop.well("POST", "/v1/batch", {"batch": live(now_text())})
        same((answer["accepted"], answer["quarantined"]), (4, 1), "what became of the live batch")
        came = self.mail.wait_for(lambda taken: taken, 15)
        assert came, "she got no mail, so there is nothing of it to erase"
        left = {table for table, _ in self.rows_of_her()}
        assert {"frame", "person", "message"} <= left, f"before the erasure she is only in {sorted(left)}"
        assert self.unpacked > 0, "no row is compressed: the search is not what it says"

    def erase(self):
        if self.way == "API":
            asked = {"identifier": {"kind": "loyalty_id", "value": CARD}}
            answer = self.api.well("POST", "/api/v1/people/erase", asked)
            assert answer["erased"] > 0, answer
        elif self.way == "page":
            self.erase_by_the_page()
        else:
            self.program.stop()
            told = self.program.asked("erase", EMAIL, "--yes")
            assert told["erased"] is True and told["messages"] > 0, told
            self.program.serve(smtp=self.mail.port)
            self.api.close()
        self.is_unknown()
        same(self.bytes_of_her(), [], "what is left in the files")

    def erase_by_the_page(self):
        """The form asks whether somebody is sure, counts from its own page alone, and then erases."""
        staff = Staff(self.program.port)
        her = f"/people/{self.api.find('email', EMAIL)['id']}"
        page = f"{her}/disclosure"
        status, _, shown = staff.get(f"{page}/file?as=json")
        same((status, EMAIL.lower() in shown.lower()), (200, True), "what is known of her")
        status, at, _ = staff.post(f"{her}/erase", on=page)
        same((status, at.partition("#")[0]), (200, f"{page}?unsure=yes"), "where an unsure erasure leads")
        status, _, _ = staff.post(f"{her}/erase", on=page, sure="yes", _csrf="0")
        same(status, 403, "a form of another page")
        assert self.api.find("email", EMAIL) is not None, "erased without being sure"
        status, at, _ = staff.post(f"{her}/erase", on=page, sure="yes")
        same((status, at), (200, "/people?notice=person-erased"), "where an erasure leads")
        same(staff.get(page)[0], 404, "her page")

    def is_unknown(self):
        for kind, value in (("email", EMAIL), ("phone", PHONE), ("loyalty_id", CARD), ("user_id", LOGIN)):
            found = self.api.find(kind, value)
            assert found is None, f"she is known by her {kind}: {found['id']}"
        for text in (EMAIL, NAME, "Quintanilla", CARD):
            same(self.api.well("POST", "/api/v1/people/search", {"text": text})["people"], [], "the search for her")
        told = json.dumps([self.api.decisions(), self.api.get("/api/v1/quarantine")], ensure_ascii=False)
        left = [each for each in NAMED if each.lower() in told.lower()]
        same(left, [], "what decisions and quarantine still say")

    def import_again(self):
        self.program.stop()
        self.program.command("import", str(self.file), "--backfill")
        changed = self.program.work / "changed.ndjson"
        changed.write_text(self.file.read_text().replace("old-", "new-").replace("sale-", "resale-"))
        self.program.command("import", str(changed), "--backfill")
        self.program.serve(smtp=self.mail.port)
        self.api.close()
        self.is_unknown()
        other = self.api.find("email", "ana@correo.example")
        assert other is not None and other["orders_count"] == 2, f"the other customer is not whole: {other}"

    def no_byte(self):
        same(self.program.stop(), 0, "the exit code of a graceful stop")
        same(self.bytes_of_her(), [], "what is left in the files")
        ended = self.program.command("verify", well=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        files = [path for path in self.program.folder.rglob("*") if path.is_file()]
        assert self.unpacked > 0, "no row is compressed: the search is not what it says"
        return f"{sum(path.stat().st_size for path in files)} bytes in {len(files)} files"

    def bytes_of_her(self):
        """Which of her values stand in which file or row, in any case of letters, also compressed."""
        found = []
        for path in sorted(self.program.folder.rglob("*")):
            if path.is_file():
                found += [(path.name, each) for each in values_in(path.read_bytes())]
        return found + self.rows_of_her()

    def rows_of_her(self):
        """The same for every row of the store; what is compressed is unpacked."""
        found = []
        store = sqlite3.connect(f"file:{self.program.folder / 'regulars.db'}?mode=ro", uri=True)
        try:
            tables = [name for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for table in tables:
                for row in store.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, bytes) and value.startswith(ZSTD_MAGIC):
                            self.unpacked += 1
                            value = zstandard.ZstdDecompressor().decompress(value, max_output_size=64 << 20)
                        found += [(table, each) for each in values_in(value)]
        finally:
            store.close()
        return found

    def remove(self):
        self.mail.stop()
        self.program.remove()


def values_in(content):
    """Which of her values stand in some bytes."""
    if isinstance(content, str):
        content = content.encode()
    if not isinstance(content, bytes):
        return []
    lower = content.lower()
    return [each for each in NAMED if each.lower().encode() in lower]


def run(checks):
    for way in ("API", "page", "command line"):
        erasing = Erasing(way)
        failed = checks.failed
        try:
            checks.that(f"somebody to erase is there ({way})", erasing.prepare)
            if checks.failed == failed:
                checks.that(f"erased by the {way}, she is unknown", erasing.erase)
                checks.that(f"last month's file does not bring her back ({way})", erasing.import_again)
                checks.that(f"no byte of her is left ({way})", erasing.no_byte)
        finally:
            if checks.failed > failed:
                print(f"the server's last words:\n{erasing.program.last_words()}")
            erasing.remove()
