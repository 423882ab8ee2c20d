"""The SMTP sink, and a provider's, as running programs, and what they have taken so far."""

import json
import subprocess
import sys
import time
from pathlib import Path

SINK = Path(__file__).resolve().parents[1] / "smtp" / "sink.py"
WEB_SINK = SINK.parent / "web_sink.py"


class Mail:
    """A sink that outlives restarts of the program under test; with `provider`, a provider's beside it."""

    def __init__(self, folder, delay=0.0, raw=False, refuse=(), provider=False):
        command = [sys.executable, str(SINK)]
        command += ["--raw"] if raw else []
        command += [word for address in refuse for word in ("--refuse", address)]
        sinks = {"mail.ndjson": command}
        if provider:
            sinks["provider.ndjson"] = [sys.executable, str(WEB_SINK)]
        self.processes, ports, self.read_to = [], [], {}
        for name, command in sinks.items():
            file = Path(folder) / name
            words = [*command, "--file", str(file), "--delay", str(delay)]
            process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            ports.append(json.loads(process.stdout.readline())["port"])
            self.processes.append(process)
            self.read_to[file] = 0
        self.port = ports[0]
        self.provider_port = ports[1] if provider else None
        self.taken = []

    def fetch(self):
        """Messages that came since the last call: one a recipient."""
        new = []
        for path, read_to in self.read_to.items():
            with open(path, "rb") as file:
                file.seek(read_to)
                bytes_read = file.read()
            whole = bytes_read.rfind(b"\n") + 1
            self.read_to[path] += whole
            new += [json.loads(line) for line in bytes_read[:whole].splitlines()]
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
        for process in self.processes:
            process.kill()
            process.wait()
            process.stdout.close()


def header(message, name):
    """A header's value, or None."""
    return next((value for key, value in message["headers"] if key.lower() == name.lower()), None)
