"""Bad input against a running server: a clear error or quarantine, never a crash, never a lost batch.

    python tests/bad_input/run.py
"""

import http.client
import json
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
import bodies  # noqa: E402, the path comes first
from harness.checks import Checks, same, some  # noqa: E402
from harness.client import Api, Client  # noqa: E402
from harness.program import Program, answers  # noqa: E402
from harness.shop import moment_of, now_text  # noqa: E402

MEMORY_MAX_MB = 300  # Whatever comes in: many times what a batch needs.
ANSWER_SECONDS_MAX = 20


class Door:
    """A running program, and everything that is sent to it."""

    def __init__(self):
        self.program = Program("bad-input")
        self.good = 0
        self.aside = 0

    def open(self):
        program = self.program
        self.write_key = program.add_source("web", "web")
        self.admin = program.create_key("admin")
        self.reader = program.create_key("read")
        program.serve()
        self.api = Api(program.port, key=self.admin)
        self.api.publish({"shop.yaml": (HERE / "shop.yaml").read_text()})

    def client(self):
        return Client(self.program.port, write_key=self.write_key, seconds_max=ANSWER_SECONDS_MAX)

    def lives(self):
        assert self.program.lives, f"the server has ended: {self.program.last_words()}"
        assert answers(self.program.port), "the server does not answer any more"
        # And it takes what is good.
        self.good += 1
        status, answer = self.client().call("POST", "/v1/track", bodies.track(f"good-{self.good}"))
        same((status, answer["accepted"]), (200, 1), "a good event afterwards")

    def refused(self, body):
        """The body is refused with words, and nothing of it was taken."""
        body = body() if callable(body) else body
        before = self.api.totals()
        status, answer = send_whole(self.client(), body)
        assert 400 <= status < 500, f"answered {status}: {answer}"
        assert isinstance(answer, dict), f"the answer {status} is no JSON: {answer!r}"
        words = answer.get("message", "")
        assert answer.get("code") and len(words) > 20, f"the answer says too little: {answer}"
        assert answer.get("success") is False, answer
        after = self.api.totals()
        same((after["events"], after["quarantined"]), (before["events"], before["quarantined"]), "what there is")
        self.lives()
        return f"{status} {answer['code']}"

    def set_aside(self, code, raw):
        """One bad event among a hundred: the others are taken, and it is kept with its reason and cure."""
        self.aside += 1
        others = [json.dumps(bodies.track(f"beside-{self.aside}-{number}")) for number in range(99)]
        place = 37
        body = bodies.batch_of([*others[:place], raw, *others[place:]])
        status, answer = self.client().call("POST", "/v1/batch", body)
        same(status, 200, f"the answer {answer}")
        same((answer["accepted"], answer["quarantined"]), (99, 1), "taken and set aside")
        self.good += 99
        row = self.api.get("/api/v1/quarantine?limit=1")["quarantine"][0]
        assert row["code"].startswith(code), f"set aside for {row['code']}, not {code}: {row['text']}"
        what, _, cure = row["text"].partition(" (")
        assert len(what) > 10 and len(cure) > 10, f"the row does not say what is wrong and what cures it: {row['text']}"
        assert row["raw"], "the bytes as they came are not kept"
        self.lives()
        return row["text"]

    def nothing_in_a_batch(self):
        """A client that flushes an empty queue is well; a batch that is no list is set aside whole."""
        status, answer = self.client().call("POST", "/v1/batch", b'{"batch":[]}')
        same((status, answer["accepted"], answer["quarantined"]), (200, 0, 0), "an empty batch")
        status, answer = self.client().call("POST", "/v1/batch", b'{"batch":"x"}')
        same((status, answer["accepted"], answer["quarantined"]), (200, 0, 1), "a batch that is a text")
        self.lives()

    def taken(self, raw):
        status, answer = self.client().call("POST", "/v1/batch", bodies.batch_of([raw]))
        same(status, 200, f"the answer {answer}")
        same((answer["accepted"], answer["quarantined"]), (1, 0), "taken and set aside")
        self.good += 1
        self.lives()

    def a_time_to_come_is_clamped(self):
        person = self.api.find("user_id", "u-1")
        event = next(each for each in self.api.timeline(person["id"]) if each["message_id"] == "y9999")
        assert moment_of(event["occurred_at"]) <= moment_of(now_text()), f"it happened at {event['occurred_at']}"

    def wrong_keys(self):
        track = bodies.track("keyless")
        for client in (Client(self.program.port), Client(self.program.port, write_key="wk_nobody"),
                       Client(self.program.port, key=self.admin)):
            status, answer = client.call("POST", "/v1/track", track)
            same((status, answer["code"], bool(answer["message"])), (401, "unknown_write_key", True), "a wrong write key")
        odd = Client(self.program.port)
        for value in ("Basic", "Basic ???", "Basic " + "A" * 5_000, "Bearer", "\u00e9".encode().decode("latin-1")):
            status, answer = odd.call("POST", "/v1/track", track, {"authorization": value})
            same(status, 401, f"with an odd header, {answer}")
            status, answer = odd.call("GET", "/api/v1/totals", None, {"authorization": value})
            same(status, 401, f"with an odd header, {answer}")
        for key in (None, "rk_nobody", self.write_key):
            status, answer = Api(self.program.port, key=key).call("GET", "/api/v1/totals")
            same((status, bool(answer["error"]["message"])), (401, True), "a wrong API key")
        status, answer = Api(self.program.port, key=self.reader).call("PUT", "/api/v1/definitions", {"files": {}})
        same((status, bool(answer["error"]["hint"])), (403, True), "a key that may only read")
        self.lives()

    def wrong_methods(self):
        calls = [("GET", "/v1/batch"), ("DELETE", "/v1/track"), ("PUT", "/v1/identify"), ("PATCH", "/api/v1/totals"),
                 ("GET", "/api/v1/people/find"), ("POST", "/api/v1/decisions"), ("BREW", "/v1/batch")]
        for method, path in calls:
            status, answer = Client(self.program.port, key=self.admin).call(method, path, b"{}")
            same(status, 405, f"{method} {path}, {answer}")
        for path in ("/v1/nothing", "/api/v1/nothing", "/v1/batch/more", "/unsubscribe/1-2", "/unsubscribe/%00%ff"):
            status, answer = self.client().call("POST", path, b"{}")
            assert status in (400, 401, 404), f"POST {path} answered {status}: {answer}"
        self.lives()

    def odd_questions(self):
        """The API's own bodies: an error in JSON that says what to do."""
        asked = [b"", b"{", b"null", b"[]", b'{"identifier":5}', b'{"identifier":{"kind":"email"}}', b'{"person":"x"}',
                 b'{"identifier":{"kind":"","value":""}}', b'{"identifier":{"kind":"email","value":"\\ud800"}}',
                 b'{"limit":-1,"person":"p1"}', b"\xff\xfe", b"[" * 10_000, b'{"person":"p99999999999999999999999"}']
        problems = []
        for path in ("/api/v1/people/find", "/api/v1/people/timeline", "/api/v1/people/decisions", "/api/v1/people/erase",
                     "/api/v1/sources/watermark", "/api/v1/definitions/check", "/api/v1/quarantine/replay"):
            for body in asked:
                status, answer = Client(self.program.port, key=self.admin).call("POST", path, body)
                clear = isinstance(answer, dict) and answer.get("error", {}).get("message")
                if not 400 <= status < 500 or not clear:
                    problems.append((path, body[:40], status, str(answer)[:80]))
        for query in ("limit=x", "before=-1", "limit=99999999999999999999"):
            status, answer = Client(self.program.port, key=self.admin).call("GET", f"/api/v1/decisions?{query}")
            if not 400 <= status < 500 or not isinstance(answer, dict):
                problems.append((query, status, str(answer)[:80]))
        assert not problems, f"{len(problems)} answers are not clear: {some(problems, 12)}"
        self.lives()

    def huge_headers(self):
        for headers in ({"x-huge": "h" * 200_000}, {f"x-{number}": "h" for number in range(5_000)},
                        {"anonymousid": "a" * 60_000}, {"sentat": "x" * 10_000}, {"origin": "o" * 10_000}):
            client = self.client()
            client.connect()
            try:
                http.client._MAXHEADERS = 10_000  # Ours may be many; its bound is for answers.
                event = bodies.track(f"headers-{min(headers)}")
                status, _ = client.call("POST", "/v1/track", event, headers)
            except (OSError, http.client.HTTPException):
                status = 431  # Hung up on while it sent: as good.
            assert status in (200, 400, 401, 413, 431), f"answered {status}"
            self.good += status == 200
        self.lives()

    def broken_connections(self):
        """Requests that end in the middle, lie about their length, or are no HTTP at all."""
        head = "POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        body = json.dumps({"batch": [bodies.track("torn")]})
        before = self.api.totals()["events"]
        for raw in (
            head, head + "content-length: 1000\r\n\r\n" + body, head + "content-length: -5\r\n\r\n" + body,
            head + "content-length: 99999999999999999999\r\n\r\n" + body, head + "content-length: 5\r\ncontent-length: 9\r\n\r\n" + body,
            head + "transfer-encoding: chunked\r\n\r\nzz\r\n" + body, head + "transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
            "GET / HTTP/9.9\r\n\r\n", "\x00\x01\x02\x03", "GET " + "/" * 100_000 + " HTTP/1.1\r\n\r\n", "POST /v1/batch\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", self.program.port), timeout=5) as connection:
                connection.sendall(raw.encode("latin-1"))
                connection.shutdown(socket.SHUT_WR)
                try:
                    while connection.recv(65_536):
                        pass
                except OSError:
                    pass  # Reset: an answer too.
        same(self.api.totals()["events"], before, "events taken from torn requests")
        self.lives()

    def a_file_with_a_huge_line(self):
        """The same through an import: the lines around it are taken."""
        file = self.program.work / "odd.ndjson"
        lines = [bodies.track("file-1", source="web"), bodies.track("file-2", source="web", properties={"text": "x" * (10 << 20)}),
                 bodies.track("file-3", source="web")]
        file.write_bytes(b"\n".join([json.dumps(lines[0]).encode(), json.dumps(lines[1]).encode(), b"\x00\xff{", b"[" * 100_000,
                                     json.dumps(lines[2]).encode(), b'{"type":"track","source":"web","messageId":"half']))
        same(self.program.stop(), 0, "the exit code of a graceful stop")
        ended = self.program.command("import", str(file), "--json", well=False)
        assert ended.returncode in (0, 1), f"it ended with {ended.returncode}: {ended.stderr}"
        self.program.serve()
        self.api.close()
        person = self.api.find("user_id", "u-1")
        ids = {each["message_id"] for each in self.api.timeline(person["id"])}
        assert {"file-1", "file-3"} <= ids, "the good lines were not taken"
        rows = self.api.get("/api/v1/quarantine?limit=4")["quarantine"]
        wanted = {"event_too_large", "not_json", "not_utf8"}
        assert {row["code"] for row in rows} == wanted, f"set aside for {[row['code'] for row in rows]}"
        assert all("line " in row["text"] for row in rows), "the rows do not say from which line they are"
        self.good += 2
        self.lives()

    def memory_stays_small(self):
        status = Path(f"/proc/{self.program.process.pid}/status")
        if not status.exists():
            return "not measured: there is no /proc"
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        megabytes = int(peak.split()[1]) / 1024
        assert megabytes <= MEMORY_MAX_MB, f"{megabytes:.0f} MB at its peak"
        return f"{megabytes:.0f} MB at its peak"

    def nothing_was_lost(self):
        same(self.api.totals()["events"], self.good, "good events sent and events in the log")
        same(self.program.stop(), 0, "the exit code of a graceful stop")
        ended = self.program.command("verify", well=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        words = self.program.talk.read_text(errors="replace")
        assert "panicked" not in words, f"something panicked: {words[-2_000:]}"
        return f"{self.good} events, {self.aside} set aside"


def send_whole(client, body):
    """Status and answer, also where the server answers before it has heard everything."""
    client.connect()
    try:
        return client.call("POST", "/v1/batch", body)
    except (BrokenPipeError, ConnectionResetError):
        # It hung up on the rest of a body that is too large; what it said may still be in the pipe.
        raise AssertionError("the server hung up without an answer") from None


def five_mistakes_at_once(program):
    wanted = [("shop.yaml", 2, "Europe/Madrid"), ("shop.yaml", 4, "another time"), ("shop.yaml", 7, "channel"),
              ("shop.yaml", 8, "minutes"), ("segments.yaml", 2, "least")]
    ended = program_check(program, str(HERE / "wrong"))
    same(ended.returncode, 2, f"the exit code; it said {ended.stdout}{ended.stderr}")
    for file, line, cure in wanted:
        told = [text for text in ended.stdout.splitlines() if f"{file}:{line}:" in text and cure in text]
        same(len(told), 1, f"lines about {file}:{line} with \"{cure}\" in {ended.stdout}")
    same(len(ended.stdout.splitlines()), len(wanted), "mistakes")
    ended = program_check(program, str(HERE / "wrong"), "--json")
    same(ended.returncode, 2, "the exit code with --json")
    mistakes = json.loads(ended.stdout)["mistakes"]
    found = sorted((Path(each["file"]).name, each["line"]) for each in mistakes)
    same(found, sorted((file, line) for file, line, _ in wanted), "mistakes in JSON")
    assert all(each["message"] and each["cure"] for each in mistakes), mistakes
    return "\n        " + "\n        ".join(program_check(program, str(HERE / "wrong")).stdout.splitlines())


def odd_definitions(program):
    """Files that are no definitions: told, never a crash."""
    odd = {
        "bomb.yaml": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
        "deep.yaml": "shop: " + "[" * 5_000,
        "deeper.yaml": "\n".join("  " * depth + "a:" for depth in range(300)),
        "huge.yaml": "shop: " + "x" * (2 << 20),
        "binary.yaml": "shop: \x00\x01\x02",
        "tabs.yaml": "shop:\n\tname: x\n",
        "condition.yaml": "segment: a\nwhen: " + "not " * 20_000 + "cart is open",
        "brackets.yaml": "segment: a\nwhen: " + "(" * 20_000 + "cart is open",
        "regex.yaml": "identity:\n  block:\n    - email: ^(((((a*)*)*)*)*)*$\n",
    }
    folder = program.work / "odd"
    for name, text in odd.items():
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(text)
        ended = program_check(program, str(path))
        assert ended.returncode == 2, f"{name}: it ended with {ended.returncode}: {ended.stdout[-500:]}{ended.stderr[-500:]}"
        assert f"{name}:" in ended.stdout, f"{name}: {ended.stdout[:500]}{ended.stderr[:500]}"
        path.unlink()


def program_check(program, *words):
    import subprocess
    return subprocess.run([program.binary, "check", *words], capture_output=True, text=True, timeout=60)


def mistakes_over_http(door):
    files = {path.name: path.read_text() for path in (HERE / "wrong").glob("*.yaml")}
    before = door.api.get("/api/v1/definitions")["files"]
    mistakes = door.api.well("POST", "/api/v1/definitions/check", {"files": files})["mistakes"]
    same(len(mistakes), 5, "mistakes")
    status, answer = door.api.call("PUT", "/api/v1/definitions", {"files": files})
    same(status, 422, f"publishing them, {answer}")
    same(len(answer["error"]["message"].splitlines()), 5, "mistakes told when publishing")
    same(door.api.get("/api/v1/definitions")["files"], before, "what is in force afterwards")
    door.lives()


def main():
    checks = Checks()
    door = Door()
    try:
        door.open()
        for name, body in bodies.REFUSED.items():
            checks.that(f"refused: {name}", lambda body=body: door.refused(body))
        for name, (code, raw) in bodies.SET_ASIDE.items():
            checks.that(f"set aside: {name}", lambda code=code, raw=raw: door.set_aside(code, raw))
        for name, raw in bodies.TAKEN.items():
            checks.that(f"taken: {name}", lambda raw=raw: door.taken(raw))
        for each in (door.nothing_in_a_batch, door.a_time_to_come_is_clamped, door.wrong_keys, door.wrong_methods, door.odd_questions,
                     door.huge_headers, door.broken_connections, door.memory_stays_small, door.a_file_with_a_huge_line):
            checks.that(each.__name__.replace("_", " "), each)
        checks.that("five mistakes are told at once", lambda: five_mistakes_at_once(door.program))
        checks.that("files that are no definitions are told", lambda: odd_definitions(door.program))
        checks.that("mistakes over HTTP change nothing", lambda: mistakes_over_http(door))
        checks.that("nothing was lost", door.nothing_was_lost)
    finally:
        if checks.failed:
            print(f"the server's last words:\n{door.program.last_words()}")
        door.program.remove()
    checks.end()


if __name__ == "__main__":
    main()
