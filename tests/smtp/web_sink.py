"""A provider of e-mail over HTTP, in Postmark's form, that writes down every message before it says that it has it.

    python tests/smtp/web_sink.py --file messages.ndjson [--port 0] [--delay SECONDS]

Prints `{"host": "127.0.0.1", "port": 8025}` on stdout when it listens. Each accepted message is one line of the file, of
the form that `sink.py` writes, on the disk (fsync) before the answer leaves.
"""

import argparse
import json
import os
import threading
import time
from datetime import datetime, timezone
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MESSAGE_BYTES_MAX = 16 << 20


class Recorder:
    """Appends messages to the file, in the order in which they came."""

    def __init__(self, path, delay):
        self.file = open(path, "ab", buffering=0)
        self.delay = delay
        self.number = 0
        self.lock = threading.Lock()

    def take(self, message):
        with self.lock:
            self.number += 1
            line = {
                "number": self.number,
                "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                "sender": parseaddr(message["From"])[1],
                "recipient": parseaddr(message["To"])[1],
                "message_id": f"<{message['Metadata']['regulars-id']}>",
                "headers": [["Subject", message["Subject"]]]
                + [[each["Name"], each["Value"]] for each in message["Headers"]],
                "body": {"text/plain": message["TextBody"], "text/html": message["HtmlBody"]},
                "answered": True,
                "over": "http",
            }
            self.file.write(f"{json.dumps(line)}\n".encode())
            os.fsync(self.file.fileno())
            return self.number


def handler(recorder):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):  # noqa: N802, the library's name
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            # Whoever was killed while writing has sent no message.
            if length > MESSAGE_BYTES_MAX or len(body) < length:
                self.close_connection = True
                return
            if self.path != "/email" or not self.headers.get("X-Postmark-Server-Token"):
                self.say(401, {"ErrorCode": 10, "Message": "no token, or another path"})
                return
            number = recorder.take(json.loads(body))
            time.sleep(recorder.delay)
            self.say(200, {"ErrorCode": 0, "Message": "OK", "MessageID": f"accepted-{number}"})

        def say(self, status, said):
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Whoever was killed hangs up in the middle of everything; that is what the suite is about."""


def main():
    parser = argparse.ArgumentParser(description="A provider of e-mail that writes messages to a file.")
    parser.add_argument("--file", required=True, help="NDJSON file to append to")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="wait before each answer")
    choice = parser.parse_args()
    server = Server(("127.0.0.1", choice.port), handler(Recorder(choice.file, choice.delay)))
    print(json.dumps({"host": "127.0.0.1", "port": server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
