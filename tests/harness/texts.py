"""A provider of text messages on this machine: takes what it is told to take, and remembers it."""

import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Texts:
    """Listens on a port of its own until it is stopped. `taken` are the forms that came, the oldest first; each answer
    takes `delay` seconds."""

    def __init__(self, delay=0.0):
        self.taken = []
        texts = self

        class Provider(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                # Whoever was killed while writing has sent no message.
                if len(body) < length:
                    self.close_connection = True
                    return
                texts.taken.append(dict(urllib.parse.parse_qsl(body.decode())))
                time.sleep(delay)
                said = json.dumps({"sid": f"SM{len(texts.taken):032}", "status": "queued"}).encode()
                self.send_response(201)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        # A client that was killed hears no answer, which is nothing to tell of.
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def to(self, number):
        """Everything that came for a number."""
        return [form for form in self.taken if form["To"] == number]

    def wait_for_more(self, seconds_max):
        """Waits until one more has come, or for so long."""
        seen, deadline = len(self.taken), time.monotonic() + seconds_max
        while len(self.taken) == seen and time.monotonic() < deadline:
            time.sleep(0.005)  # The provider's threads tell nobody.

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
