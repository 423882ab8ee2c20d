"""A real SMTP server that writes down every message before it says that it has it.

    python tests/smtp/sink.py --file messages.ndjson [--port 0] [--cut-after-dot N] [--delay SECONDS]

Prints one line `{"host": "127.0.0.1", "port": 2525}` on stdout when it listens, and stops on SIGTERM or
SIGINT. Each accepted message is one line of the file for every recipient, on the disk (fsync) before
the answer 250 leaves, so that a message that was acknowledged is in the file, whatever happens next:

    {"number", "time", "sender", "recipient", "message_id", "headers": [[name, value]], "body", "answered"}

`number` counts messages from 1; `answered` is false for a message whose answer was withheld on purpose:
accepted by the server, unknown to the client, which is what *uncertain* means.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import os
import signal
import sys
from datetime import datetime, timezone

from aiosmtpd.smtp import SMTP

MESSAGE_BYTES_MAX = 16 << 20


class Recorder:
    """Takes messages from connections and appends them to the file."""

    def __init__(self, path, cut_after_dot, delay, raw, refuse):
        self.file = open(path, "ab", buffering=0)
        self.cut_after_dot = cut_after_dot
        self.delay = delay
        self.raw = raw
        self.refuse = refuse
        self.number = 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, the library's name
        if address in self.refuse:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, the library's name
        self.number += 1
        number = self.number
        answered = number != self.cut_after_dot
        self.write(number, envelope, answered)
        if self.delay > 0:
            await asyncio.sleep(self.delay)
        if not answered:
            # The message is ours now; the client will never know.
            server.transport.abort()
        return f"250 accepted as {number}"

    def write(self, number, envelope, answered):
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        common = {
            "number": number,
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "sender": envelope.mail_from,
            "message_id": message["Message-ID"],
            "headers": [[name, str(value)] for name, value in message.items()],
            "body": text_of(message),
            "answered": answered,
        }
        if self.raw:
            common["raw"] = base64.b64encode(envelope.original_content).decode()
        lines = [json.dumps({**common, "recipient": recipient}) for recipient in envelope.rcpt_tos]
        self.file.write("".join(f"{line}\n" for line in lines).encode())
        os.fsync(self.file.fileno())


def text_of(message):
    """All text parts by content type, decoded."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return {part.get_content_type(): part.get_content() for part in parts}


def options(arguments):
    parser = argparse.ArgumentParser(description="An SMTP server that writes messages to a file.")
    parser.add_argument("--file", required=True, help="NDJSON file to append to")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--cut-after-dot", type=int, metavar="N", help="take the N-th message, then hang up unanswered")
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="wait before each answer to a message")
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS", help="answer that there is no such user")
    parser.add_argument("--raw", action="store_true", help="write the bytes of each message too, as \"raw\" in base64")
    return parser.parse_args(arguments)


async def serve(choice):
    recorder = Recorder(choice.file, choice.cut_after_dot, choice.delay, choice.raw, choice.refuse)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(recorder, hostname="sink.example", enable_SMTPUTF8=True, data_size_limit=MESSAGE_BYTES_MAX),
        choice.host,
        choice.port,
    )
    host, port = server.sockets[0].getsockname()[:2]
    print(json.dumps({"host": host, "port": port}), flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(options(sys.argv[1:])))
