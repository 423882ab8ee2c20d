"""A provider of text messages on this machine: takes what it is told to take, and remembers it."""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Texts:
    """Listens on a port of its own until it is stopped. `taken` are the forms that came, the oldest first."""

    def __init__(self):
        self.taken = []
        texts = self

        class Provider(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                texts.taken.append(form)
                said = json.dumps({"sid": f"SM{len(texts.taken):032}", "status": "queued"}).encode()
                self.send_response(201)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def to(self, number):
        """Everything that came for a number."""
        return [form for form in self.taken if form["To"] == number]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
