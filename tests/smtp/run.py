"""The sink keeps its promises: what it acknowledges is on the disk, and its faults are real ones. And
what the program sends to it is signed, so that a library that is not ours agrees, and tells staff what is theirs."""

import json
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import rude
import signed
import staff

SINK = Path(__file__).with_name("sink.py")


@contextmanager
def sink(*arguments):
    """A running sink: its port, its file, its process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.ndjson"
        command = [sys.executable, str(SINK), "--file", str(file), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            port = json.loads(process.stdout.readline())["port"]
            yield port, file, process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def reminder(number=1):
    message = EmailMessage()
    message["From"] = "shop@example.com"
    message["To"] = "maria@example.com"
    message["Subject"] = "¿Olvidaste algo?"
    message["Message-ID"] = f"<reminder-{number}@example.com>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Your cart is waiting.\n.\nA line with one dot does not end a message.\n")
    message.add_alternative("<p>Your cart is waiting. Ñ</p>", subtype="html")
    return message


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def an_acknowledged_message_is_in_the_file():
    with sink() as (port, file, _):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(reminder(), to_addrs=["maria@example.com", "jane@example.com"])
        first, second = lines(file)
        assert [first["recipient"], second["recipient"]] == ["maria@example.com", "jane@example.com"]
        assert first["number"] == second["number"] == 1 and first["answered"]
        assert first["message_id"] == "<reminder-1@example.com>"
        assert ["Subject", "¿Olvidaste algo?"] in first["headers"]
        assert ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"] in first["headers"]
        assert "\n.\nA line" in first["body"]["text/plain"].replace("\r\n", "\n")
        assert "Ñ" in first["body"]["text/html"]


def an_acknowledged_message_outlives_a_kill():
    with sink() as (port, file, process):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(reminder())
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert len(lines(file)) == 1
            client.close()


def the_named_message_is_taken_and_not_answered():
    with sink("--cut-after-dot", "2") as (port, file, _):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(reminder(1))
        client = smtplib.SMTP("127.0.0.1", port)
        try:
            client.send_message(reminder(2))
            raise AssertionError("the second message was answered")
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            pass
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(reminder(3))
        assert [each["answered"] for each in lines(file)] == [True, False, True]


def a_delayed_answer_comes_after_the_message_is_written():
    with sink("--delay", "0.3") as (port, file, _):
        with smtplib.SMTP("127.0.0.1", port) as client:
            started = time.monotonic()
            client.send_message(reminder())
            assert time.monotonic() - started >= 0.3
        assert len(lines(file)) == 1


def it_stops_when_asked():
    with sink() as (_, _, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


CHECKS = [
    an_acknowledged_message_is_in_the_file,
    an_acknowledged_message_outlives_a_kill,
    the_named_message_is_taken_and_not_answered,
    a_delayed_answer_comes_after_the_message_is_written,
    it_stops_when_asked,
    signed.what_is_sent_is_signed_and_nothing_of_it_can_be_changed,
    staff.what_is_said_beside_a_request_stands_in_its_message,
    staff.staff_are_told_by_mail_and_the_customer_is_not,
    rude.whatever_a_server_does_no_message_goes_twice_and_what_is_told_is_true,
]


def main():
    failed = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            check()
            print(f"ok      {name}")
        except Exception:
            failed += 1
            print(f"FAILED  {name}\n{traceback.format_exc()}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
