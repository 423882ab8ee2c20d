"""Identifiers that somebody made to do harm, fed to the built program while an innocent client goes on.

    python tests/live/adversary.py [--part 1]

One e-mail address on 1,000,000 events, and two logins with it afterwards; a chain of 10,000 addresses,
each seen with the next; a clique of 1,000, every pair once. Meanwhile another client sends one event
after the other and measures how long its acknowledgements take. `--part N` makes the first N times
smaller, chain and clique by its root; the suite does so with 400.
"""

import argparse
import http.client
import math
import os
import sys
import threading
import time
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import Checks, same  # noqa: E402, the path comes first
from harness.client import Client  # noqa: E402
from harness.program import Program  # noqa: E402

BATCH = 100
INNOCENT_EVERY = 0.02  # Seconds between the innocent client's events.
STALL_SECONDS_MAX = 5  # As for receipts: longer is a stall, not a busy machine.
MEMBERS_MAX = 500  # Identifiers of one person, as the guide says.


def page(number, name, emails=(), login=None):
    """Somebody looked at a page and was named so."""
    ids = [{"type": "email", "id": f"{email}@example.com"} for email in emails]
    event = {"type": "page", "messageId": f"{name}-{number}", "context": {"externalIds": ids}}
    return {**event, "userId": login} if login else event


def shapes(part):
    """Each with its name and its events."""
    many, chain, clique = 1_000_000 // part, int(10_000 / math.sqrt(part)), int(1_000 / math.sqrt(part))
    yield (f"one e-mail on {many:,} events, then two logins with it",
           [*((["hub"], None) for _ in range(many)), (["hub"], "first"), (["hub"], "second")])
    yield f"a chain of {chain:,} e-mails", [([f"link{n}", f"link{n + 1}"], None) for n in range(chain)]
    yield (f"a clique of {clique:,} e-mails",
           [([f"friend{one}", f"friend{other}"], None) for one, other in combinations(range(clique), 2)])


class Innocent(threading.Thread):
    """A client that does no harm; what it waited for each acknowledgement, in milliseconds."""

    def __init__(self, port, write_key, name):
        super().__init__(daemon=True)
        self.client = Client(port, write_key=write_key)
        self.name_of_shape = name
        self.enough = threading.Event()
        self.took, self.problems = [], []

    def run(self):
        number = 0
        while not self.enough.is_set() or not self.took:
            number += 1
            name = f"innocent-{self.name_of_shape}-{number}"
            event = {"type": "page", "messageId": name, "userId": f"innocent-{number % 50}"}
            try:
                status, answer, ms = self.client.timed("POST", "/v1/batch", {"batch": [event]})
            except (OSError, http.client.HTTPException) as error:
                # Waited for in vain: a thread that just ended would let it pass.
                self.problems.append(error)
                return
            if status != 200 or answer["accepted"] != 1:
                self.problems.append((status, answer))
            self.took.append(ms)
            self.enough.wait(INNOCENT_EVERY)

    def end(self):
        self.enough.set()
        self.join()
        assert not self.problems, f"an innocent event was answered {self.problems[0]}"
        return sorted(self.took)


def play(port, write_key, name, events):
    """Feeds one shape; the figures as text, and the innocent client's longest wait in seconds."""
    innocent = Innocent(port, write_key, name)
    client = Client(port, write_key=write_key, seconds_max=120)
    innocent.start()
    started = time.monotonic()
    for start in range(0, len(events), BATCH):
        batch = [page(start + at, name, *each) for at, each in enumerate(events[start:start + BATCH])]
        status, answer = client.call("POST", "/v1/batch", {"batch": batch})
        same((status, answer.get("accepted")), (200, len(batch)), "the answer to a batch")
    seconds = time.monotonic() - started
    took = innocent.end()
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    figures = (f"{len(events):,} events in {seconds:.1f} s; an innocent event p50 {p50:.1f} ms, "
               f"p99 {p99:.1f} ms, longest {took[-1]:.0f} ms of {len(took)}")
    return figures, took[-1] / 1_000


def peak_megabytes(program):
    """The most memory that the server ever held."""
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    return next(int(line.split()[1]) // 1_024 for line in status.splitlines() if line.startswith("VmHWM"))


def cpu_seconds(program):
    """What the server has computed so far: on a busy machine it says more than the clock."""
    ticks = Path(f"/proc/{program.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def stalls_nobody(program, write_key, name, events):
    before = cpu_seconds(program)
    figures, longest = play(program.port, write_key, name, events)
    figures = f"{figures}; {cpu_seconds(program) - before:.1f} s CPU"
    assert longest <= STALL_SECONDS_MAX, f"{figures}: an innocent event waited for longer than {STALL_SECONDS_MAX} s"
    return f"{figures}, peak {peak_megabytes(program)} MB"


def nobody_is_a_crowd(program):
    largest = program.asked("identity", "health")["largest"]
    most = max(each["identifiers"] for each in largest)
    assert most <= MEMBERS_MAX, f"a person of {most} identifiers"
    return f"the largest person has {most} identifiers"


def checked(checks, program, write_key, part):
    """All of it, as named checks."""
    for name, events in shapes(part):
        checks.that(f"{name} stall nobody",
                    lambda name=name, events=events: stalls_nobody(program, write_key, name, events))
    checks.that("nobody is made into a crowd", lambda: nobody_is_a_crowd(program))


def main():
    parser = argparse.ArgumentParser(description="Identifiers made to do harm, and an innocent client.")
    parser.add_argument("--part", type=int, default=1, help="makes it so many times smaller")
    choice = parser.parse_args()
    checks, program = Checks(), Program("adversary")
    try:
        write_key = program.add_source("social-shop", "social")
        program.serve()
        checked(checks, program, write_key, choice.part)
        checks.that("the server stops gracefully", lambda: same(program.stop(), 0, "its exit code"))
    finally:
        program.remove()
    checks.end()


if __name__ == "__main__":
    main()
