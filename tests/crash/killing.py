"""Kills at the moments that hurt: at random, on the way of a mail or text, at an acknowledgement, in a batch,
at a feed's word, while starting."""

import subprocess
import time

from harness.shop import added, moment_of, now_text
from shoppers import reachable

MODES = ["random", "mail", "text", "acknowledgement", "batch", "word", "start"]
SLOTS = 32  # Messages that may be claimed at once: `live/ahead.rs` says so.


class Killer:
    """Kills the server again and again, and looks whether its store is whole."""

    def __init__(self, program, ways, api, feeder, rng):
        self.program, self.api, self.feeder, self.rng = program, api, feeder, rng
        self.mail, self.texts = ways
        self.kills = dict.fromkeys(MODES, 0)
        self.verified = 0
        self.starts = []
        self.holders = []
        self.verify_seconds = 0.0

    def run(self, kills):
        started = time.monotonic()
        for number in range(1, kills + 1):
            mode = MODES[number % len(MODES)] if number <= len(MODES) else self.rng.choice(MODES)
            self.one(mode)
            self.kills[mode] += 1
            if number % 10 == 0:
                self.verify()
            self.start()
            if number % 50 == 0 and number < kills:
                seconds = time.monotonic() - started
                left = seconds / number * (kills - number)
                print(f"  {number} of {kills} kills in {seconds:.0f} s, some {left / 60:.0f} minutes left", flush=True)

    def one(self, mode):
        """Waits for its moment and kills."""
        feeder = self.feeder
        time.sleep(self.rng.uniform(0.2, 1.2))  # A random moment is the point.
        if mode == "mail":
            seen = len(self.mail.taken) + len(self.mail.fetch())
            self.mail.wait_for(lambda taken: len(taken) > seen, 5)
        elif mode == "text":
            self.texts.wait_for_more(5)
        elif mode == "acknowledgement":
            feeder.acknowledged.clear()
            feeder.acknowledged.wait(5)
        elif mode == "batch":
            feeder.sending.clear()
            feeder.sending.wait(5)
            time.sleep(self.rng.uniform(0, 0.01))  # Somewhere between the request and its answer.
        elif mode == "word":
            self.word()
        elif mode == "start":
            self.kill()
            # A start that is itself cut off.
            words = self.program.serving(**self.way())
            half = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(self.rng.uniform(0, 0.15))  # Somewhere while it opens its store.
            half.kill()
            half.wait()
        self.kill()

    def word(self):
        """Somebody waits for the nightly file; its word arrives, and the server dies with the answer."""
        name = f"holder-{len(self.holders)}"
        events = [*reachable(name), added(name, minutes_ago=20)]
        self.feeder.until_acknowledged("social-shop", "/v1/batch", events)
        self.holders.append(name)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            verdicts = [each["decision"] for each in self.api.decisions_of("email", f"{name}@example.com")]
            if "hold" in verdicts:
                break
            time.sleep(0.02)  # The API has nothing to wait on.
        else:
            raise AssertionError(f"{name} is not held for the nightly file: {verdicts}")
        self.api.watermark("nightly", "", now_text(-15 * 60))

    def kill(self):
        self.feeder.up.clear()
        self.program.kill()
        self.api.close()

    def start(self):
        self.starts.append(self.program.serve(**self.way()))
        self.feeder.up.set()
        if self.feeder.fault:
            raise self.feeder.fault

    def way(self):
        """How messages leave until the next kill: mail by the mail server and by the provider in turn."""
        if sum(self.kills.values()) % 2:
            return {"provider": self.mail.provider_port, "texts": self.texts.port}
        return {"smtp": self.mail.port, "texts": self.texts.port}

    def verify(self):
        """Everything derived is what the log says. The server must be down."""
        started = time.monotonic()
        ended = self.program.command("verify", well=False)
        self.verify_seconds += time.monotonic() - started
        assert ended.returncode == 0, f"after {sum(self.kills.values())} kills: {ended.stdout}{ended.stderr}"
        self.verified += 1


def late(claims, acknowledged_at):
    """Claims that were made after a moment."""
    return [each for each in claims if moment_of(each["at"]) > acknowledged_at]
