"""kill -9 during load, again and again; then every account is looked at.

    python tests/crash/run.py [--kills 60] [--seed 1]

The short form takes two minutes or so; the long form is `--kills 500` or more, and says how far it is. No acknowledged event is lost
or doubled, no marketing message is sent twice, whether it leaves by a mail server, over HTTP by a
provider, or as a text message, what was decided adds up, and the store is whole after every restart. Then a person is erased, last month's file comes in again, and no byte of theirs is left.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
import erasing  # noqa: E402, the path comes first
from harness.checks import Checks, same, some  # noqa: E402
from harness.client import Api  # noqa: E402
from harness.mail import Mail, header  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.shop import email_of  # noqa: E402
from harness.texts import Texts  # noqa: E402
from killing import SLOTS, Killer, late  # noqa: E402
from shoppers import Feeder, number_of, shop_text  # noqa: E402

MAIL_DELAY = 0.03  # Seconds a message is on its way: long enough to be caught there.
STEPS = ("reminder", "second", "third")
QUIET_SECONDS_MAX = 60
BACK = "taken-back"  # A claim that went back before it began to leave, and was looked at again.


class Crash:
    """One program that is killed and killed, its client, its mail."""

    def __init__(self, seed):
        self.program = Program("crash")
        self.mail = Mail(self.program.work, delay=MAIL_DELAY, provider=True)
        self.texts = Texts(delay=MAIL_DELAY)
        self.feeder = None
        self.seed = seed

    def open(self):
        program = self.program
        keys = {"social-shop": program.add_source("social-shop", "social"), "pos": program.add_source("pos", "pos")}
        self.api = Api(program.port, key=program.create_key("admin"))
        program.serve(smtp=self.mail.port, texts=self.texts.port)
        self.api.publish({"shop.yaml": shop_text(program.port)})
        self.api.heartbeat("pos", "till-1")
        self.feeder = Feeder(program.port, keys, self.seed)
        self.killer = Killer(program, (self.mail, self.texts), self.api, self.feeder, random.Random(self.seed + 1))
        self.feeder.start()
        self.feeder.up.set()

    def run(self, kills):
        started = time.monotonic()
        self.killer.run(kills)
        self.feeder.end()
        by_mode = ", ".join(f"{count} {mode}" for mode, count in self.killer.kills.items())
        return (f"{sum(self.killer.kills.values())} kills ({by_mode}) in {time.monotonic() - started:.0f} s, "
                f"{len(self.feeder.sent)} events, {self.feeder.resent} batches sent again, "
                f"longest start {max(self.killer.starts):.2f} s")

    def comes_to_rest(self):
        """Nothing is on its way any more, and every journey is over: the nightly file has told everything."""
        self.api.heartbeat("nightly")
        deadline = time.monotonic() + QUIET_SECONDS_MAX
        while time.monotonic() < deadline:
            self.verdicts = Counter(each["decision"] for each in self.api.decisions())
            ended = self.verdicts["exit"] + self.verdicts["done"]
            if self.verdicts["enter"] == ended and not self.api.totals()["claimed"]:
                break
            time.sleep(0.2)  # The API has nothing to wait on.
        else:
            raise AssertionError(f"{self.verdicts['enter'] - ended} journeys still run: {dict(self.verdicts)}")
        self.mail.fetch()

    def read_everybody(self):
        """Timelines and decisions of everybody, once."""
        self.timelines, self.decisions, self.persons = {}, {}, {}
        for name in [*self.feeder.names, *self.killer.holders]:
            person = self.api.find("email", email_of(name))
            assert person is not None, f"{name} is not known"
            self.persons[name] = person
            self.timelines[name] = self.api.timeline(person["id"])
            self.decisions[name] = self.api.decisions_of("email", email_of(name))

    def every_event_is_there_once(self):
        own = 0
        found = Counter()
        for name, events in self.timelines.items():
            for event in events:
                if event["source"] == "regulars":
                    own += 1
                    continue
                found[event["message_id"]] += 1
                same(self.feeder.sent.get(event["message_id"]), name, "whose event it is")
        early = {key for key, name in self.feeder.sent.items() if name == "early-bird"}
        wanted = set(self.feeder.sent) - early
        same(set(self.feeder.acked), set(self.feeder.sent), "what was acknowledged at the end")
        lost = wanted - set(found)
        assert not lost, f"{len(lost)} acknowledged events are lost: {some(sorted(lost))}"
        doubled = [key for key, count in found.items() if count > 1]
        assert not doubled, f"events twice in the log: {some(doubled)}"
        words = self.api.source("nightly")["feeds"][0:1]
        told = self.api.source("nightly")["events_accepted"] + 1  # And the till's heartbeat.
        total = self.api.totals()["events"]
        same(total, len(self.feeder.sent) + own + told, f"all events of the log, words of feeds too ({len(words)} feed)")
        return f"{len(found)} events and {own} claims, of {len(self.timelines)} people"

    def no_mail_twice(self):
        ids = Counter(each["message_id"] for each in self.mail.taken)
        twice = [key for key, count in ids.items() if count > 1]
        assert not twice, f"the same message twice: {some(twice)}"
        steps = Counter((each["recipient"], header(each, "Subject")) for each in self.mail.taken)
        twice = [key for key, count in steps.items() if count > 1]
        assert not twice, f"one step's mail twice: {some(twice)}"
        over_http = sum(each.get("over") == "http" for each in self.mail.taken)
        assert 0 < over_http < len(self.mail.taken), "one of the two ways was not used: the check shows nothing"
        return f"{len(self.mail.taken)} mails, {over_http} of them over HTTP"

    def no_text_twice(self):
        numbers = Counter(each["To"] for each in self.texts.taken)
        twice = [number for number, count in numbers.items() if count > 1]
        assert not twice, f"the same text message twice: {some(twice)}"
        assert numbers, "no text message came: the check shows nothing"
        return f"{len(numbers)} text messages"

    def accounts_balance(self):
        count = self.verdicts
        same(count["send"], count["sent"] + count["failed"] + count["uncertain"] + count[BACK], "claimed = sent + failed + uncertain + taken back")
        same(count["failed"], 0, "messages that failed, though the mail server was there")
        running = sum(each["state"] != "ended" for person in self.persons.values() for each in person["enrollments"])
        same(count["enter"], count["exit"] + count["done"] + running, "entered = ended + running")
        same(count["enter"], len(self.persons), "everybody entered once")
        own = self.api.source("regulars")["events_accepted"]
        same(own, count["send"] + count[BACK], "claims in the log, and those that were taken back")
        return ", ".join(f"{number} {verdict}" for verdict, number in sorted(count.items()))

    def every_message_is_explained(self):
        received = Counter((each["recipient"], header(each, "Subject")) for each in self.mail.taken)
        received.update((each["To"], "third") for each in self.texts.taken)
        wrong, unsent = [], 0
        for name, decisions in self.decisions.items():
            for step in STEPS:
                of = Counter(each["decision"] for each in decisions if each.get("step") == step)
                address = number_of(name) if step == "third" else email_of(name)
                came = received.pop((address, step), 0)
                balanced = of["send"] - of[BACK] == of["sent"] + of["uncertain"] <= 1
                if not balanced or came not in ([1] if of["sent"] else [0, 1] if of["uncertain"] else [0]):
                    wrong.append((name, step, dict(of), came))
                unsent += of["uncertain"] - came if of["uncertain"] else 0
        assert not wrong, f"decisions and messages differ: {some(wrong)}"
        assert not received, f"messages that nobody decided: {some(received)}"
        return f"of {self.verdicts['uncertain']} uncertain, {self.verdicts['uncertain'] - unsent} had arrived"

    def uncertain_are_those_caught(self):
        kills = sum(self.killer.kills.values()) + self.killer.kills["start"]
        uncertain = self.verdicts["uncertain"]
        assert uncertain <= SLOTS * kills, f"{uncertain} uncertain after {kills} kills of at most {SLOTS} messages each"
        assert uncertain > 0, "no kill caught a message: the check shows nothing"
        same(self.api.totals()["uncertain"], uncertain, "uncertain by the totals")
        return f"{uncertain} in {kills} kills"

    def nothing_is_claimed_that_a_receipt_forbids(self):
        wrong = []
        for name in self.feeder.buyers:
            at = self.feeder.acked[f"receipt-{name}"]
            claims = [each for each in self.decisions[name] if each["decision"] == "send"]
            wrong += [(name, each["step"]) for each in late(claims, at)]
        assert not wrong, f"claimed after the receipt was acknowledged: {some(wrong)}"
        return f"{len(self.feeder.buyers)} receipts"

    def whoever_did_not_buy_was_written_to(self):
        """A journey that a kill interrupts goes on: all its messages were claimed."""
        wrong = []
        for name in set(self.persons) - self.feeder.buyers:
            of = Counter((each["decision"], each["step"]) for each in self.decisions[name] if each.get("step"))
            claims = {step: of["send", step] - of[BACK, step] for step in STEPS}
            if set(claims.values()) != {1}:
                wrong.append((name, claims))
        assert not wrong, f"claims: {some(wrong)}"
        return f"{len(self.persons) - len(self.feeder.buyers)} people, {len(self.killer.holders)} of them held for a feed's word"

    def stays_whole(self):
        same(self.program.stop(), 0, "the exit code of a graceful stop")
        self.killer.verify()
        return f"{self.killer.verified} times, {self.killer.verify_seconds:.0f} s in all"

    def remove(self):
        self.mail.stop()
        self.texts.stop()
        self.program.remove()


def main():
    parser = argparse.ArgumentParser(description="kill -9 during load, and every account afterwards.")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("REGULARS_SEED") or 1))
    choice = parser.parse_args()
    print(f"seed {choice.seed}, {choice.kills} kills", flush=True)
    checks = Checks()
    crash = Crash(choice.seed)
    try:
        crash.open()
        checks.that("the server is killed and comes back", lambda: crash.run(choice.kills))
        if not checks.failed:
            checks.that("it comes to rest", crash.comes_to_rest)
            checks.that("everybody can be read", crash.read_everybody)
        if not checks.failed:
            for each in (crash.every_event_is_there_once, crash.no_mail_twice, crash.no_text_twice, crash.accounts_balance,
                         crash.every_message_is_explained, crash.uncertain_are_those_caught,
                         crash.nothing_is_claimed_that_a_receipt_forbids,
                         crash.whoever_did_not_buy_was_written_to, crash.stays_whole):
                checks.that(each.__name__.replace("_", " "), each)
    finally:
        if checks.failed:
            print(f"the server's last words:\n{crash.program.last_words()}")
        crash.remove()
    erasing.run(checks)
    checks.end()


if __name__ == "__main__":
    main()
