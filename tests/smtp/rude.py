"""A mail server of bad manners: whatever it does at whatever moment, no message goes twice, and what is told of
each is what became of it."""

import collections
import os
import random
import socket
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import same  # noqa: E402, the path comes first
from harness.client import Api, Client  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.shop import email_of, known  # noqa: E402

PEOPLE = 100
SETTLED_SECONDS_MAX = 60
ENDS = {"sent", "failed", "uncertain", "hold"}
# What may be said instead of a yes, how often of a hundred times, and whether the server hangs up then.
# `None` says nothing.
FAULTS = {
    "connect": [(3, None, True), (3, b"421 busy\r\n", True)],
    "MAIL": [(5, None, True), (5, b"451 4.3.0 later\r\n", False), (3, b"421 4.3.2 closing\r\n", True)],
    "RCPT": [(6, b"450 4.2.0 grey\r\n", False), (3, b"550 relay not permitted\r\n", False), (3, None, True)],
    "DATA": [(4, b"451 no\r\n", False), (2, None, True), (2, b"250 out of step\r\n", True)],
    "refused": [(2, b"451 no\r\n", False), (2, b"554 5.7.1 spam\r\n", False), (2, b"571\r\n", False)],
    "taken": [(5, None, True), (2, b"garbage\r\n", False), (3, b"250-ok\r\n550 no\r\n", False)],
}
YES = [b"250\r\n", b"250 2.0.0 Ok: queued as 4ABC\r\n", b"250-a\r\n250 b\r\n", b"250 s\xed\r\n", b"250 ok\n"]


class Rude:
    """The server; `taken` counts messages by recipient, `asked` how often each was named."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.taken, self.asked = collections.Counter(), collections.Counter()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                self.talk(connection, connection.makefile("rb"))
            except (OSError, EOFError):
                pass

    def say(self, connection, answer):
        pieces = [answer] if self.random.random() < 0.8 else [answer[at:at + 1] for at in range(len(answer))]
        for piece in pieces:
            connection.sendall(piece)

    def fault(self, connection, place):
        """Whether something else was said than a yes; hanging up ends the conversation."""
        dice = self.random.random() * 100
        for often, answer, ends in FAULTS[place]:
            dice -= often
            if dice < 0:
                if answer:
                    self.say(connection, answer)
                if ends:
                    raise EOFError
                return True
        return False

    def talk(self, connection, lines):
        together = self.random.random() < 0.5
        self.fault(connection, "connect")
        self.say(connection, self.random.choice([b"220 ready\r\n", b"220-a\r\n220 b\r\n", b"220\r\n"]))
        sender = recipient = None
        while line := lines.readline():
            word = line[:4].decode().strip().upper()
            if word == "EHLO":
                self.say(connection, b"250-here\r\n" + (b"250-PIPELINING\r\n" if together else b"") + b"250 8BITMIME\r\n")
            elif word == "MAIL":
                sender, recipient = not self.fault(connection, word), None
                if sender:
                    self.say(connection, b"250\r\n")
            elif word == "RCPT" and sender:
                named = line.split(b"<")[1].split(b">")[0].decode()
                self.asked[named] += 1
                if not self.fault(connection, word):
                    recipient = named
                    self.say(connection, b"250\r\n")
            elif word == "DATA" and recipient:
                if not self.fault(connection, word):
                    self.say(connection, b"354\r\n")
                    self.content(connection, lines, recipient)
                recipient = None
            elif word in ("RCPT", "DATA"):
                self.say(connection, b"503 5.5.1 not now\r\n")
            else:
                self.say(connection, b"250 fine\r\n")

    def content(self, connection, lines, recipient):
        cut = self.random.randint(1, 60) if self.random.random() < 0.05 else None
        for number, line in enumerate(iter(lines.readline, b".\r\n")):
            if not line or number == cut:
                raise EOFError
        if self.fault(connection, "refused"):
            return
        self.taken[recipient] += 1
        if not self.fault(connection, "taken"):
            self.say(connection, self.random.choice(YES))
            # Closed between two messages, with a word or without.
            if self.random.random() < 0.1:
                self.say(connection, self.random.choice([b"", b"421 4.4.2 idle\r\n"]))
                raise EOFError


def whatever_a_server_does_no_message_goes_twice_and_what_is_told_is_true():
    program, server = Program("rude"), Rude(int(os.environ.get("REGULARS_SEED", "1")))
    try:
        text = (HERE / "shop.yaml").read_text().replace("PORT", str(program.port))
        (program.work / "shop.yaml").write_text(text)
        program.command("apply", str(program.work / "shop.yaml"))
        write_key, key = program.add_source("social-shop", "social"), program.create_key("read")
        program.serve(smtp=server.port)
        client, api = Client(program.port, write_key=write_key), Api(program.port, key=key)
        names = [f"r{number}" for number in range(PEOPLE)]
        wish = {"product_id": "tee", "name": "T-shirt", "price": 20}
        for name in names:
            added = {"type": "track", "messageId": f"{name}-w", "userId": name,
                     "event": "Product Added to Wishlist", "properties": wish}
            status, answer = client.call("POST", "/v1/batch", {"batch": [*known(name), added]})
            same((status, answer.get("accepted")), (200, 3), "the answer to a batch")
        ends = settled(api, server, names)
        wrong = {name: found for name, found in ends.items() if not true(*found)}
        assert not wrong, f"told and not true: {wrong}; {program.last_words()}"
        assert max(server.asked.values()) <= 5, f"tried too often: {server.asked.most_common(3)}"
        kinds = collections.Counter(end for end, _ in ends.values())
        assert set(kinds) == ENDS and kinds["sent"] > PEOPLE / 3, f"what came of it: {kinds}"
    finally:
        server.listener.close()
        program.remove()


def true(end, taken):
    """Whether an end says what became of a message that the server took so many times."""
    return taken <= 1 if end == "uncertain" else taken == (1 if end == "sent" else 0)


def settled(api, server, names):
    """The end of the message of each, once all have one, and how often it was taken by then; one that is
    held was not taken, and waits for another attempt."""
    ends, deadline = {}, time.monotonic() + SETTLED_SECONDS_MAX
    while len(ends) < len(names):
        assert time.monotonic() < deadline, f"{len(names) - len(ends)} messages have no end"
        for name in (name for name in names if name not in ends):
            told = [each["decision"] for each in api.decisions_of("user_id", name) if each.get("step") == "first"]
            end = next((decision for decision in told if decision in ENDS), None)
            if end:
                ends[name] = end, server.taken[email_of(name)]
        time.sleep(0.1)  # Nothing tells that all have ended.
    return ends
