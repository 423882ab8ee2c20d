"""HTTP over one kept connection, as a till's or a shop's client has it."""

import base64
import http.client
import json
import socket
import time


class Client:
    """One connection to the program; opened again after it broke. Not for two threads at once."""

    def __init__(self, port, key=None, write_key=None, seconds_max=30):
        self.port = port
        self.seconds_max = seconds_max
        self.headers = {"content-type": "application/json"}
        if key:
            self.headers["authorization"] = f"Bearer {key}"
        if write_key:
            self.headers["authorization"] = "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()
        self.connection = None

    def connect(self):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds_max)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send(self, method, path, body=None, headers=None):
        """One request; the answer is fetched by `answer`."""
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body).encode()
        try:
            self.connect().request(method, path, body=body, headers={**self.headers, **(headers or {})})
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def answer(self):
        """Status and body of the request that was sent; JSON is read."""
        try:
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if response.will_close:
            self.close()
        if "json" in response.headers.get("content-type", ""):
            return response.status, json.loads(body)
        return response.status, body.decode(errors="replace")

    def call(self, method, path, body=None, headers=None):
        """One request and its answer: status and body."""
        self.send(method, path, body, headers)
        return self.answer()

    def timed(self, method, path, body):
        """Status, body, and milliseconds from the request's first byte to its answer's last."""
        raw = json.dumps(body).encode()
        self.connect()
        started = time.perf_counter()
        status, answer = self.call(method, path, raw)
        return status, answer, (time.perf_counter() - started) * 1_000


class Api(Client):
    """The program's JSON API, as far as checks ask it: the one place that knows its paths."""

    def get(self, path):
        return self.well("GET", path)

    def well(self, method, path, body=None):
        """The body of an answer that must be 200."""
        status, value = self.call(method, path, body)
        if status != 200:
            raise AssertionError(f"{method} {path} answered {status}: {value}")
        return value

    def find(self, kind, value):
        """The person who bears an identifier, or None."""
        asked = {"identifier": {"kind": kind, "value": value}}
        status, found = self.call("POST", "/api/v1/people/find", asked)
        if status == 404:
            return None
        if status != 200:
            raise AssertionError(f"POST /api/v1/people/find answered {status}: {found}")
        return found["person"]

    def timeline(self, person):
        """All events of a person."""
        events, before = [], None
        while True:
            asked = {"person": person, "limit": 1_000}
            if before is not None:
                asked["before"] = before
            page = self.well("POST", "/api/v1/people/timeline", asked)
            events.extend(page["events"])
            before = page.get("before")
            if before is None:
                return events

    def decisions_of(self, kind, value):
        """What was decided about a person, the latest first."""
        asked = {"identifier": {"kind": kind, "value": value}, "limit": 1_000}
        return self.well("POST", "/api/v1/people/decisions", asked)["decisions"]

    def decisions(self, journey=None):
        """Every decision there is, or every one of a journey."""
        all_of, before = [], None
        while True:
            query = f"?limit=1000{f'&before={before}' if before is not None else ''}"
            query += f"&journey={journey}" if journey else ""
            page = self.well("GET", f"/api/v1/decisions{query}")
            all_of.extend(page["decisions"])
            before = page.get("before")
            if before is None:
                return all_of

    def totals(self):
        return self.get("/api/v1/totals")

    def source(self, name):
        """The counters and feeds of one source."""
        return next(each for each in self.get("/api/v1/sources")["sources"] if each["name"] == name)

    def publish(self, files):
        """Puts definitions into force: texts by file name."""
        return self.well("PUT", "/api/v1/definitions", {"files": files})

    def heartbeat(self, source, feed=""):
        return self.well("POST", "/api/v1/sources/heartbeat", {"source": source, "feed": feed})

    def watermark(self, source, feed, through):
        asked = {"source": source, "feed": feed, "complete_through": through}
        return self.well("POST", "/api/v1/sources/watermark", asked)
