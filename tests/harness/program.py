"""The program under test, by its command line: started, asked, stopped and killed."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30


class Program:
    """A data directory of its own, and the server on it while it runs."""

    def __init__(self, name):
        self.binary = os.environ.get("REGULARS_BIN")
        if not self.binary:
            raise SystemExit("set REGULARS_BIN to the program under test (cargo xtask test does)")
        # Asked to end, a suite still takes its processes and files away.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.work = Path(tempfile.mkdtemp(prefix=f"regulars-{name}-"))
        self.folder = self.work / "data"
        self.port = free_port()
        self.process = None
        self.talk = self.work / "talk.txt"

    def command(self, *words, timeout=300, well=True):
        """Runs a command on the data directory; its exit code, stdout and stderr."""
        ended = subprocess.run(
            [self.binary, *words, "--data-dir", str(self.folder)],
            capture_output=True, text=True, timeout=timeout,
        )
        if well and ended.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
        return ended

    def asked(self, *words):
        """The one JSON value that a command prints."""
        return json.loads(self.command(*words, "--json").stdout)

    def add_source(self, name, kind):
        return self.asked("source", "add", name, "--kind", kind)["write_key"]

    def create_key(self, scope):
        return self.asked("key", "create", "--scope", scope)["key"]

    def serving(self, smtp=None, provider=None, texts=None):
        """The command that starts the server, with a mail server or providers on this machine."""
        words = [self.binary, "serve", "--data-dir", str(self.folder), "--listen", f"127.0.0.1:{self.port}"]
        if smtp:
            words += ["--smtp", f"smtp://127.0.0.1:{smtp}?tls=none"]
        if provider:
            words += ["--mail-provider", f"postmark://token@127.0.0.1:{provider}?local=yes"]
        if texts:
            told = urllib.parse.quote(f"http://127.0.0.1:{self.port}/told", safe="")
            words += ["--sms", f"twilio://AC1:token@127.0.0.1:{texts}?local=yes&from=217217&callback={told}"]
        return words

    def serve(self, smtp=None, provider=None, texts=None):
        """Starts the server on the port that stays the same over restarts; seconds until it answers."""
        words = self.serving(smtp, provider, texts)
        started = time.monotonic()
        with open(self.talk, "ab") as talk:
            self.process = subprocess.Popen(words, stdout=talk, stderr=talk)
        while time.monotonic() - started < START_SECONDS_MAX:
            if self.process.poll() is not None:
                break
            if answers(self.port):
                return time.monotonic() - started
            time.sleep(0.01)  # Nothing to await: a port that is not open yet.
        raise AssertionError(f"the server does not answer; its last words:\n{self.last_words()}")

    @property
    def lives(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """Ends the server as a power cut would: kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self):
        """Asks the server to stop; its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=STOP_SECONDS_MAX)
        self.process = None
        return code

    def last_words(self, characters=3_000):
        return self.talk.read_text(errors="replace")[-characters:] if self.talk.exists() else ""

    def remove(self):
        self.kill()
        shutil.rmtree(self.work, ignore_errors=True)


def free_port():
    """A port that nothing uses, and that no server which takes any port is given before ours opens it."""
    for port in random.sample(range(20_000, 30_000), 100):  # Below the ports that systems hand out.
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no port is free")


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
