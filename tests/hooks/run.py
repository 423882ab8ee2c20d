"""What providers tell, signed as they sign it: believed once, and only from them and of now.

    python tests/hooks/run.py

SendGrid's own library checks every vector that goes to its hook, good ones and bad ones, so that both
agree on what is signed. Then a bounce, a complaint and an unsubscription each stop the next send. And what
a journey tells another program is taken by the guide's own receiver, which asks the standard's own library.
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from sendgrid.helpers.eventwebhook import EventWebhook

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import Checks, same  # noqa: E402, the path comes first
from harness.client import Api, Client  # noqa: E402
from harness.mail import Mail, header  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.shop import email_of, known  # noqa: E402
from harness.texts import Texts  # noqa: E402

MAIL_SECONDS_MAX = 30
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
TWILIO_TOKEN = "0123456789abcdef0123456789abcdef"
MAILGUN_KEY = "key-0123456789abcdef0123456789abcdef"


class Hooks:
    """The program with a hook of each provider, and their keys."""

    def __init__(self):
        self.program = Program("hooks")
        self.mail = Mail(self.program.work, refuse=[email_of("gone")])
        self.texts = Texts()

    def open(self):
        program = self.program
        self.sendgrid_key = ec.generate_private_key(ec.SECP256R1())
        der = self.sendgrid_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.sendgrid_public = base64.b64encode(der).decode()
        self.sns_key, old, new = amazon()
        files = [program.work / "old.pem", program.work / "new.pem"]
        for file, certificate in zip(files, (old, new)):
            file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        write_key = program.add_source("social-shop", "social")
        admin = program.create_key("admin")
        self.paths = {
            "postmark": program.asked("hook", "add", "postmark")["path"],
            "sendgrid": program.asked("hook", "add", "sendgrid", "--public-key", self.sendgrid_public)["path"],
            "ses": program.asked("hook", "add", "ses", "--topic", TOPIC, "--certificate", str(files[0]),
                                 "--certificate", str(files[1]))["path"],
        }
        os.environ["REGULARS_WEBHOOKS_INSIDE"] = "127.0.0.1"
        program.serve(smtp=self.mail.port, texts=self.texts.port)
        self.api = Api(program.port, key=admin)
        self.paths["mailgun"] = self.api.well(
            "POST", "/api/v1/hooks", {"provider": "mailgun", "signing_key": MAILGUN_KEY})["path"]
        self.paths["standard"] = self.api.well(
            "POST", "/api/v1/hooks", {"provider": "standard", "source": "crm", "signing_key": WEBHOOK_SECRET})["path"]
        self.paths["twilio"] = self.api.well(
            "POST", "/api/v1/hooks", {"provider": "twilio", "signing_key": TWILIO_TOKEN})["path"]
        # A text message keeps the night, which is never now.
        hour = (datetime.now(timezone.utc).hour + 12) % 24
        shop = (HERE / "shop.yaml").read_text().replace("PORT", str(program.port))
        self.api.publish({"shop.yaml": shop.replace("QUIET", f'"{hour:02}:00 to {hour:02}:30"')})
        self.shop = Client(program.port, write_key=write_key)
        self.client = Client(program.port)

    def restart(self):
        """Starts the server again; connections to the one before are gone."""
        self.program.serve(smtp=self.mail.port, texts=self.texts.port)
        for client in (self.api, self.shop, self.client):
            client.close()

    def tell(self, provider, body, headers=None):
        """What the hook answers to these bytes."""
        return self.client.call("POST", self.paths[provider], body, headers)

    def events_of(self, name):
        """Names of the events that providers told of somebody, the oldest first."""
        names = [each["name"] for each in reversed(self.timeline(name))]
        return [each for each in names if each.startswith(("Email", "Unsub"))]

    def timeline(self, name):
        return self.api.timeline(self.api.find("email", email_of(name))["id"])

    def kept_back(self, name):
        """Why the latest message to somebody waits or was left out."""
        decided = [each for each in self.api.decisions_of("email", email_of(name))
                   if each["decision"] in ("hold", "skip", "suppressed")]
        return [reason["code"] for reason in decided[0]["reasons"]]

    def introduce(self, name):
        status, answer = self.shop.call("POST", "/v1/batch", {"batch": known(name)})
        same((status, answer["accepted"]), (200, 2), "the answer to a batch")

    def wish(self, name, number):
        event = {"type": "track", "messageId": f"{name}-wish-{number}", "userId": name,
                 "event": "Product Added to Wishlist", "properties": {"product_id": "tee", "price": 20}}
        status, answer = self.shop.call("POST", "/v1/batch", {"batch": [event]})
        same((status, answer["accepted"]), (200, 1), "the answer to a batch")

    def remove(self):
        self.mail.stop()
        self.texts.stop()
        self.program.remove()


def amazon():
    """A key as Amazon SNS has it, with the certificate before and the one in force."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = []
    for _ in range(2):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = datetime.now(timezone.utc)
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                       .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
                       .not_valid_after(now + timedelta(days=365)).sign(key, hashes.SHA256()))
        made.append((key, certificate))
    return made[1][0], made[0][1], made[1][1]


# SendGrid

def sendgrid_body(name, event="delivered", number=1, **more):
    return json.dumps([{"email": email_of(name), "event": event, "timestamp": int(time.time()) - 5,
                        "sg_event_id": f"{name}-{event}-{number}", **more}]).encode()


def sendgrid_headers(hooks, body, seconds=None):
    stamp = str(int(time.time() if seconds is None else seconds))
    signature = hooks.sendgrid_key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {"X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp}


def their_library_says(hooks, body, headers):
    webhook = EventWebhook()
    key = webhook.convert_public_key_to_ecdsa(hooks.sendgrid_public)
    signature, stamp = headers.values()
    return webhook.verify_signature(body.decode(), signature, stamp, key)


def sendgrid_is_believed_as_its_own_library_does(hooks):
    hooks.introduce("ana")
    body = sendgrid_body("ana")
    headers = sendgrid_headers(hooks, body)
    assert their_library_says(hooks, body, headers), "the vector is not SendGrid's"
    status, answer = hooks.tell("sendgrid", body, headers)
    same((status, answer.get("accepted")), (200, 1), "the answer")
    same(hooks.events_of("ana"), ["Email Delivered"], "her events")
    swapped = sendgrid_body("ana", "spamreport")
    assert not their_library_says(hooks, swapped, headers)
    same(hooks.tell("sendgrid", swapped, headers)[0], 401, "a swapped body")
    later = {**headers, "X-Twilio-Email-Event-Webhook-Timestamp": str(int(time.time()) + 60)}
    assert not their_library_says(hooks, body, later)
    same(hooks.tell("sendgrid", body, later)[0], 401, "a changed timestamp")
    same(hooks.tell("sendgrid", body)[0], 401, "no signature")
    other = ec.generate_private_key(ec.SECP256R1()).sign(body, ec.ECDSA(hashes.SHA256()))
    forged = {**headers, "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(other).decode()}
    same(hooks.tell("sendgrid", body, forged)[0], 401, "another key")
    for seconds in (-3600, 3600):
        wrong = sendgrid_headers(hooks, body, time.time() + seconds)
        assert their_library_says(hooks, body, wrong), "its library looks at no clock"
        same(hooks.tell("sendgrid", body, wrong)[0], 403, f"a clock that is off by {seconds} s")
    status, answer = hooks.tell("sendgrid", body, sendgrid_headers(hooks, body))
    same((status, answer["accepted"], answer["duplicates"]), (200, 0, 1), "the same again")
    same(hooks.events_of("ana"), ["Email Delivered"], "her events after all that")


# Mailgun

def mailgun_body(name, event="delivered", token="t" * 50, seconds=None, key=MAILGUN_KEY, **more):
    stamp = str(int(time.time() if seconds is None else seconds))
    mark = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    told = {"event": event, "recipient": email_of(name), "timestamp": time.time() - 5, "id": f"{name}-{event}", **more}
    return {"signature": {"timestamp": stamp, "token": token, "signature": mark}, "event-data": told}


def mailgun_is_believed_and_a_token_counts_once(hooks):
    hooks.introduce("eva")
    first = mailgun_body("eva")
    same(hooks.tell("mailgun", first)[0], 200, "a delivery")
    swapped = json.loads(json.dumps(first))
    swapped["event-data"]["event"] = "complained"
    same(hooks.tell("mailgun", swapped)[0], 409, "a swapped body under a token that was used")
    status, answer = hooks.tell("mailgun", first)
    same((status, answer["duplicates"]), (200, 1), "the same again")
    same(hooks.tell("mailgun", mailgun_body("eva", key="another-key-of-some-length"))[0], 401, "another key")
    for hours in (-13, 1):
        late = mailgun_body("eva", token="u" * 50, seconds=time.time() + hours * 3600)
        same(hooks.tell("mailgun", late)[0], 403, f"a clock that is off by {hours} h")
    same(hooks.tell("mailgun", {"event-data": first["event-data"]})[0], 401, "no signature")
    machine = mailgun_body("eva", "opened", token="v" * 50, **{"client-info": {"bot": "apple"}})
    same(hooks.tell("mailgun", machine)[0], 200, "an opening by a machine")
    same(hooks.events_of("eva"), ["Email Delivered", "Email Fetched"], "her events after all that")


# Amazon SES over SNS

def sns(hooks, message, kind="Notification", version="2", topic=TOPIC, minutes=0, key=None, **more):
    at = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    body = {"Type": kind, "MessageId": f"sns-{time.monotonic_ns()}", "TopicArn": topic,
            "Message": message if isinstance(message, str) else json.dumps(message),
            "Timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "SignatureVersion": version,
            "SigningCertURL": "https://evil.example/cert.pem", **more}
    fields = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    text = "".join(f"{field}\n{body[field]}\n" for field in fields if field in body)
    digest = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = (key or hooks.sns_key).sign(text.encode(), padding.PKCS1v15(), digest)
    return {**body, "Signature": base64.b64encode(signature).decode()}


def bounce(name, number=1, kind="Permanent"):
    return {"notificationType": "Bounce", "mail": {"messageId": f"ses-{name}-{number}"}, "bounce": {
        "bounceType": kind, "feedbackId": f"f-{name}-{number}", "bouncedRecipients": [{"emailAddress": email_of(name)}]}}


def sns_is_believed_by_its_certificate_and_topic(hooks):
    hooks.introduce("iris")
    same(hooks.tell("ses", sns(hooks, bounce("iris", kind="Transient")))[0], 200, "a soft bounce, signed with SHA-256")
    same(hooks.tell("ses", sns(hooks, bounce("iris", 2, "Transient"), version="1", Subject="s"))[0], 200, "one with SHA-1")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    same(hooks.tell("ses", sns(hooks, bounce("iris", 3), key=stranger))[0], 401, "another key, whatever SigningCertURL says")
    swapped = sns(hooks, bounce("iris", 4, "Transient"))
    swapped["Message"] = json.dumps(bounce("iris", 4))
    same(hooks.tell("ses", swapped)[0], 401, "a swapped message")
    same(hooks.tell("ses", sns(hooks, bounce("iris", 5), topic=TOPIC + "-of-another"))[0], 403, "another topic")
    for minutes in (-180, 60):
        same(hooks.tell("ses", sns(hooks, bounce("iris", 6), minutes=minutes))[0], 403, f"off by {minutes} minutes")
    same(hooks.tell("ses", bounce("iris", 7))[0], 401, "raw delivery, which is not signed")
    same(hooks.events_of("iris"), ["Email Deferred", "Email Deferred"], "her events after all that")
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y"
    for address, status in ((url, 200), ("https://evil.example/?Action=ConfirmSubscription&Token=y", 400)):
        asked = sns(hooks, "confirm", kind="SubscriptionConfirmation", SubscribeURL=address, Token="y")
        same(hooks.tell("ses", asked)[0], status, f"a subscription to be confirmed at {address}")
    shown = [hook["confirm"] for hook in hooks.api.get("/api/v1/hooks")["hooks"] if hook["provider"] == "ses"]
    same(shown, [url], "the address to confirm at")


# Postmark

def postmark_has_its_secret_in_the_address(hooks):
    hooks.introduce("lola")
    body = {"RecordType": "Open", "MessageID": "m-1", "Recipient": email_of("lola"), "ReceivedAt": "2026-11-18T10:00:00Z"}
    same(hooks.tell("postmark", body)[0], 200, "an opening")
    same(hooks.tell("postmark", body)[1]["duplicates"], 1, "the same again")
    same(hooks.tell("postmark", {**body, "UserAgent": "Mozilla/5.0", "MessageID": "m-2"})[0], 200, "one by a machine")
    status, _ = hooks.client.call("POST", hooks.paths["postmark"][:-1] + "0", body)
    assert status == 404 or hooks.paths["postmark"].endswith("0"), f"a guessed address was answered {status}"
    same(hooks.tell("postmark", {"RecordType": "Inbound"})[1]["quarantined"], 1, "what we have no word for")
    same(hooks.events_of("lola"), ["Email Opened", "Email Fetched"], "her events")


def what_they_tell_stops_the_next_send(hooks):
    """Each of four people got a message; then a provider tells of three of them."""
    names = ["bounced", "complained", "unsubscribed", "untroubled"]
    for name in names:
        hooks.introduce(name)
        hooks.wish(name, 1)
    came = hooks.mail.wait_for(lambda taken: len(taken) >= 4, MAIL_SECONDS_MAX)
    assert came, f"{len(hooks.mail.taken)} of 4 mails: {hooks.program.last_words()}"
    time.sleep(1.5)  # Then they may enter again.
    ours = header(hooks.mail.to(email_of("complained"))[0], "Message-ID")
    same(hooks.tell("ses", sns(hooks, bounce("bounced")))[0], 200, "a hard bounce")
    body = sendgrid_body("complained", "spamreport", **{"smtp-id": ours})
    same(hooks.tell("sendgrid", body, sendgrid_headers(hooks, body))[0], 200, "a complaint")
    same(hooks.tell("mailgun", mailgun_body("unsubscribed", "unsubscribed", token="w" * 50, timestamp=time.time()))[0], 200, "a no")
    for name in names:
        hooks.wish(name, 2)
    came = hooks.mail.wait_for(lambda taken: len(hooks.mail.to(email_of("untroubled"))) >= 2, MAIL_SECONDS_MAX)
    assert came, "the one of whom nothing was told got no second message"
    reasons = {}
    for name in names[:3]:
        same(len(hooks.mail.to(email_of(name))), 1, f"messages to {name}")
        reasons[name] = hooks.kept_back(name)
    same(reasons, {"bounced": ["suppressed"], "complained": ["suppressed"], "unsubscribed": ["consent_withdrawn"]},
         "why nothing more went")
    complaint = next(each for each in hooks.timeline("complained") if each["name"] == "Email Marked as Spam")
    same(complaint["refers_to"], ours.strip("<>").split(".")[0], "the message that was complained of")


# Twilio

def twilio(hooks, fields, key=TWILIO_TOKEN, signed=None, url=None, query=""):
    """A form signed as Twilio signs it: the address, then every field by its name."""
    address = f"http://127.0.0.1:{hooks.program.port}{hooks.paths['twilio']}{query}"
    covered = url or address
    covered += "".join(name + value for name, value in sorted((signed or fields).items()))
    mark = base64.b64encode(hmac.new(key.encode(), covered.encode(), hashlib.sha1).digest()).decode()
    call = urllib.request.Request(
        address, urllib.parse.urlencode(fields).encode(),
        {"X-Twilio-Signature": mark, "Content-Type": "application/x-www-form-urlencoded"})
    try:
        with urllib.request.urlopen(call, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def stop_is_heard_in_three_languages_before_all_else(hooks):
    for number, (word, reply) in enumerate((("STOP", "START"), ("¡Baja!", "ALTA"), ("стоп", "СТАРТ"))):
        phone = f"+3460011122{number}"
        written = {"MessageSid": f"SM-{number}", "From": phone, "To": "+34911222333", "Body": word, "NumMedia": "0"}
        yes = {"type": "track", "messageId": f"yes-{number}", "userId": f"phoned-{number}", "event": "Consent Given",
               "context": {"traits": {"phone": phone}}, "properties": {"channel": "sms", "purpose": "promotion"}}
        same(hooks.shop.call("POST", "/v1/batch", {"batch": [yes]})[0], 200, "a yes")
        for wrong in (twilio(hooks, written, key="f" * 32), twilio(hooks, written, signed={**written, "Body": "hi"}),
                      twilio(hooks, written, url="https://evil.example/hooks")):
            same(wrong[0], 401, "another key, a swapped body, another address")
        for again in (1, 2):
            status, answer = twilio(hooks, written)
            same(status, 200, "the answer")
            assert reply in answer and answer.startswith("<Response><Message>"), answer
        person = hooks.api.find("phone", phone)
        names = [each["name"] for each in hooks.api.timeline(person["id"])]
        same(names.count("Unsubscribed"), 1, "how often it was heard")
        asked = {"identifier": {"kind": "phone", "value": phone}}
        latest = hooks.api.well("POST", "/api/v1/people/consents", asked)["ledger"][0]
        same((latest["said"], latest["wording"]), ("no", word), "her latest word")


def a_text_message_leaves_and_a_stop_acts_on_the_next(hooks):
    """The ticket of somebody is closed, twice; in between a number bounces, and somebody writes STOP."""
    phones = {"written": "+34600111301", "stopped": "+34600111302", "landline": "+34600111303"}

    def close_tickets(number):
        batch = [{"type": "track", "messageId": f"{name}-closed-{number}", "userId": name, "event": "Ticket Closed",
                  "context": {"traits": {"phone": phone}}, "properties": {"ticket_id": f"{name}-{number}"}}
                 for name, phone in phones.items()]
        same(hooks.shop.call("POST", "/v1/batch", {"batch": batch})[0], 200, "closed tickets")

    def wait_for(name, count):
        deadline = time.monotonic() + MAIL_SECONDS_MAX
        while len(hooks.texts.to(phones[name])) < count:
            assert time.monotonic() < deadline, f"{name}: {hooks.program.last_words()}"
            time.sleep(0.02)  # The stand-in has nothing to wait on.

    close_tickets(1)
    for name in phones:
        wait_for(name, 1)
    first = hooks.texts.to(phones["landline"])[0]
    same(first["Body"], "Tienda Regulars: your request is done. Reply STOP to stop.", "the text")
    query = "?" + urllib.parse.urlsplit(first["StatusCallback"]).query
    told = {"MessageSid": "SM-landline", "MessageStatus": "undelivered", "ErrorCode": "30006",
            "To": phones["landline"], "From": "217217"}
    same(twilio(hooks, told, query="?message=1.forged", url="http://evil.example")[0], 401, "another address")
    same(twilio(hooks, told, query=query)[0], 200, "what became of it")
    bounce = next(each for each in hooks.api.timeline(hooks.api.find("phone", phones["landline"])["id"])
                  if each["name"] == "SMS Bounced")
    same(bounce["refers_to"], query.removeprefix("?message=").split(".")[0], "the message that came back")
    time.sleep(1.2)  # Then they may enter again.
    stop = {"MessageSid": "SM-stop", "From": phones["stopped"], "To": "217217", "Body": "Stop"}
    same(twilio(hooks, stop)[0], 200, "a STOP")
    close_tickets(2)
    wait_for("written", 2)
    same({name: len(hooks.texts.to(phone)) for name, phone in phones.items()},
         {"written": 2, "stopped": 1, "landline": 1}, "texts that left")
    codes = {}
    for name in ("stopped", "landline"):
        decided = [each for each in hooks.api.decisions_of("phone", phones[name]) if each["decision"] == "skip"]
        codes[name] = [reason["code"] for reason in decided[0]["reasons"]]
    same(codes, {"stopped": ["consent_withdrawn"], "landline": ["suppressed"]}, "why nothing more went")


# Standard Webhooks

def standard(hooks, body, call="msg_1", seconds=0, secret=WEBHOOK_SECRET):
    """A body signed as the standard lays down."""
    stamp = str(int(time.time()) + seconds)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.new(key, f"{call}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    return hooks.tell("standard", body, {"webhook-id": call, "webhook-timestamp": stamp, "webhook-signature": f"v1,{mark}"})


def another_system_is_believed_by_its_secret_in_time_and_once(hooks):
    hooks.introduce("olga")
    body = json.dumps({"type": "track", "event": "Store Visited", "userId": "olga"}).encode()
    same(standard(hooks, body, secret="whsec_" + base64.b64encode(b"y" * 32).decode())[0], 401, "another secret")
    for seconds in (-400, 400):
        same(standard(hooks, body, seconds=seconds)[0], 403, f"a clock that is off by {seconds} s")
    same(hooks.tell("standard", body)[0], 401, "no signature")
    for seconds, wanted in ((0, (1, 0)), (0, (0, 1)), (-100, (0, 1))):
        status, answer = standard(hooks, body, seconds=seconds)
        same((status, answer.get("accepted"), answer.get("duplicates")), (200, *wanted), "the answer")
    visits = [each for each in hooks.timeline("olga") if each["name"] == "Store Visited"]
    same(len(visits), 1, "her visits")


def the_receiver_of_the_guide(port, secret):
    """The program that the guide prints, as somebody would copy it."""
    page = (HERE.parent.parent / "docs" / "guide" / "webhooks.md").read_text()
    code = page.split("```python\n")[1].split("```")[0]
    environment = {**os.environ, "PORT": str(port), "WEBHOOK_SECRET": secret}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


def what_a_journey_tells_is_taken_by_the_guides_own_receiver(hooks):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    added = hooks.api.well("POST", "/api/v1/webhooks", {"name": "crm", "url": f"http://127.0.0.1:{port}/hooks"})
    receiver = the_receiver_of_the_guide(port, added["secret"])
    try:
        deadline = time.monotonic() + MAIL_SECONDS_MAX
        test = lambda: hooks.api.well("POST", "/api/v1/webhooks/test", {"name": "crm"})  # noqa: E731
        while not (answer := test())["taken"]:
            assert time.monotonic() < deadline, answer
        same(receiver.stdout.readline().split(), ["test", "None"], "what the receiver believed of a test")
        hooks.introduce("wanda")
        event = {"type": "track", "messageId": "wanda-pickup", "userId": "wanda", "event": "Store Visited"}
        same(hooks.shop.call("POST", "/v1/batch", {"batch": [event]})[0], 200, "the answer to a batch")
        told = receiver.stdout.readline()
        assert told.startswith("journey.step ") and email_of("wanda") in told, told
        while not (calls := hooks.api.get("/api/v1/webhooks/calls?state=delivered")["calls"]):
            assert time.monotonic() < deadline, hooks.program.last_words()
            time.sleep(0.02)  # The API has nothing to wait on.
        same([call["answer"] for call in calls], ["204"], "what the receiver answered")
        # Another secret is another program: it does not believe us.
        hooks.api.well("POST", "/api/v1/webhooks/rotate", {"name": "crm"})
        same(test()["taken"], True, "a test while both secrets sign")
        hooks.api.well("POST", "/api/v1/webhooks/rotate", {"name": "crm"})
        answer = test()
        same((answer["taken"], answer["answer"]), (False, "401"), "a test under secrets it does not know")
    finally:
        receiver.kill()
        receiver.wait()


class Slow(BaseHTTPRequestHandler):
    """Keeps its first caller waiting for as long as that lives, and takes every later call at once."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.came.append((self.headers["webhook-id"], body))
        self.server.news.set()
        if len(self.server.came) == 1:
            self.rfile.read(1)  # Nothing more comes: it returns when the connection breaks.
            return
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def what_was_under_way_when_the_power_went_is_told_again(hooks):
    server = HTTPServer(("127.0.0.1", 0), Slow)
    server.came, server.news = [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hooks"
    hooks.api.well("POST", "/api/v1/webhooks/move", {"name": "crm", "url": url})
    hooks.introduce("xenia")
    event = {"type": "track", "messageId": "xenia-visit", "userId": "xenia", "event": "Store Visited"}
    same(hooks.shop.call("POST", "/v1/batch", {"batch": [event]})[0], 200, "the answer to a batch")
    assert server.news.wait(MAIL_SECONDS_MAX), "nothing was told"
    hooks.program.kill()
    hooks.restart()
    deadline = time.monotonic() + MAIL_SECONDS_MAX
    delivered = lambda: [str(call["id"]) for call in  # noqa: E731
                         hooks.api.get("/api/v1/webhooks/calls?state=delivered")["calls"]]
    while len(server.came) < 2 or server.came[0][0].split("_")[2] not in delivered():
        assert time.monotonic() < deadline, server.came
        time.sleep(0.02)  # The API has nothing to wait on.
    same(len(server.came), 2, "how often it was told")
    same(server.came[0], server.came[1], "the second time")
    server.shutdown()


def an_address_that_the_mail_server_refuses_gets_nothing_more(hooks):
    hooks.introduce("gone")
    hooks.wish("gone", 1)
    deadline = time.monotonic() + MAIL_SECONDS_MAX
    while "Email Bounced" not in hooks.events_of("gone"):
        assert time.monotonic() < deadline, hooks.program.last_words()
        time.sleep(0.02)  # The API has nothing to wait on.
    time.sleep(1.2)  # Then she may enter again.
    hooks.wish("gone", 2)
    same(hooks.kept_back("gone"), ["suppressed"], "why nothing more goes")


def three_complaints_of_a_few_messages_stop_offers_until_somebody_resumes(hooks):
    """Complaints count when they are about our messages, and by whoever has proved who they are."""
    hooks.api.well("PUT", "/api/v1/sending", {"sending": "on"})  # What was told before counts no more.
    names = [f"reader-{number}" for number in range(6)]
    for name in names:
        hooks.introduce(name)
        hooks.wish(name, 1)
    first = lambda name: hooks.mail.to(email_of(name))  # noqa: E731
    assert hooks.mail.wait_for(lambda taken: all(first(name) for name in names), MAIL_SECONDS_MAX), "six mails"
    forged = [{"type": "track", "event": "Email Marked as Spam", "messageId": f"forged-{name}", "userId": name,
               "properties": {"email": email_of(name), "message_id": "1"}} for name in names[3:]]
    same(hooks.shop.call("POST", "/v1/batch", {"batch": forged})[0], 200, "what anybody with a write key says")
    same(hooks.api.get("/api/v1/sending")["sending"], "on", "sending after forged complaints")
    same([hooks.events_of(name) for name in names[3:]], [[]] * 3, "what the forged complaints came to")
    for name in names[:3]:
        same(hooks.api.get("/api/v1/sending")["sending"], "on", "sending before the third complaint")
        body = sendgrid_body(name, "spamreport", **{"smtp-id": header(first(name)[0], "Message-ID")})
        same(hooks.tell("sendgrid", body, sendgrid_headers(hooks, body))[0], 200, "a complaint")
    paused = hooks.api.get("/api/v1/sending")
    same((paused["sending"], paused["because"]["alarm"]), ("transactional only", "complaints"), "sending")
    hooks.introduce("later")
    hooks.wish("later", 1)
    same(hooks.kept_back("later"), ["sending_paused"], "why an offer waits now")
    receipt = {"type": "track", "messageId": "order-1", "userId": "later", "event": "Order Completed",
               "properties": {"order_id": "o-1", "total": 20, "currency": "EUR"}}
    same(hooks.shop.call("POST", "/v1/batch", {"batch": [receipt]})[0], 200, "an order")
    came = hooks.mail.wait_for(lambda taken: first("later"), MAIL_SECONDS_MAX)
    assert came and header(first("later")[0], "Subject") == "order", "the message about the order did not go"
    hooks.api.well("PUT", "/api/v1/sending", {"sending": "on"})
    came = hooks.mail.wait_for(lambda taken: len(first("later")) == 2, MAIL_SECONDS_MAX)
    assert came, "the offer did not go when somebody resumed"
    same(hooks.api.get("/api/v1/sending")["because"], None, "the cause after that")


def main():
    checks = Checks()
    hooks = Hooks()
    try:
        hooks.open()
        for story in (sendgrid_is_believed_as_its_own_library_does, mailgun_is_believed_and_a_token_counts_once,
                      sns_is_believed_by_its_certificate_and_topic, postmark_has_its_secret_in_the_address,
                      stop_is_heard_in_three_languages_before_all_else,
                      a_text_message_leaves_and_a_stop_acts_on_the_next,
                      another_system_is_believed_by_its_secret_in_time_and_once,
                      what_a_journey_tells_is_taken_by_the_guides_own_receiver, what_they_tell_stops_the_next_send, an_address_that_the_mail_server_refuses_gets_nothing_more,
                      three_complaints_of_a_few_messages_stop_offers_until_somebody_resumes,
                      what_was_under_way_when_the_power_went_is_told_again):
            checks.that(story.__name__.replace("_", " "), lambda story=story: story(hooks))
    finally:
        if checks.failed:
            print(f"the server's last words:\n{hooks.program.last_words()}")
        hooks.remove()
    checks.end()


if __name__ == "__main__":
    main()
