"""The SMTP sink as a running program, and what it has taken so far."""

import json
import subprocess
import sys
import time
from pathlib import Path

SINK = Path(__file__).resolve().parents[1] / "smtp" / "sink.py"


class Mail:
    """A sink that outlives restarts of the program under test."""

    def __init__(self, folder, delay=0.0, raw=False, refuse=()):
        self.file = Path(folder) / "mail.ndjson"
        command = [sys.executable, str(SINK), "--file", str(self.file), "--delay", str(delay)]
        command += ["--raw"] if raw else []
        command += [word for address in refuse for word in ("--refuse", address)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.taken = []
        self.read_to = 0

    def fetch(self):
        """Messages that came since the last call: one a recipient."""
        with open(self.file, "rb") as file:
            file.seek(self.read_to)
            bytes_read = file.read()
        whole = bytes_read.rfind(b"\n") + 1
        self.read_to += whole
        new = [json.loads(line) for line in bytes_read[:whole].splitlines()]
        self.taken.extend(new)
        return new

    def to(self, recipient):
        """Everything that came for an address."""
        self.fetch()
        return [each for each in self.taken if each["recipient"] == recipient]

    def wait_for(self, enough, seconds_max):
        """Waits until `enough(taken)`; whether it came true in time."""
        deadline = time.monotonic() + seconds_max
        while True:
            self.fetch()
            if enough(self.taken):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)  # The sink's file is all there is to look at.

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def header(message, name):
    """A header's value, or None."""
    return next((value for key, value in message["headers"] if key.lower() == name.lower()), None)
