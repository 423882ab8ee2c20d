"""DKIM as receivers check it: by dkimpy, against the records that the command line printed."""

import base64
import sys
from pathlib import Path

import dkim

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import same  # noqa: E402, the path comes first
from harness.client import Api, Client  # noqa: E402
from harness.mail import Mail  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.shop import email_of, known  # noqa: E402

MAIL_SECONDS_MAX = 30
DOMAIN = "tienda.example"
NAME = "Eve\r\nBcc: thief@example.com\r\nDKIM-Signature: v=1\r\n\r\nAn own body"
UNSUBSCRIBE = {b"list-unsubscribe", b"list-unsubscribe-post"}


def what_is_sent_is_signed_and_nothing_of_it_can_be_changed():
    program = Program("signed")
    mail = Mail(program.work, raw=True)
    try:
        records = keys_that_sign(program)
        raw = sent(program, mail)
        dns = lambda name, timeout=5: records.get(name.decode().rstrip("."), "").encode()  # noqa: E731
        assert b"thief" not in raw.split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"To:")[0], "a name became a header"
        same(raw.lower().count(b"dkim-signature: v=1; a="), 2, "signatures")
        algorithms = set()
        for number in range(2):
            message = dkim.DKIM(raw)
            assert message.verify(number, dnsfunc=dns), f"signature {number} is not valid"
            algorithms.add(message.signature_fields[b"a"])
            missing = UNSUBSCRIBE - {name.lower() for name in message.include_headers}
            assert not missing, f"not signed: {missing}"
            for what, changed in changes(raw):
                assert not valid(changed, number, dns), f"signature {number} holds though {what}"
        same(algorithms, {b"rsa-sha256", b"ed25519-sha256"}, "algorithms")
    finally:
        mail.stop()
        program.remove()


def keys_that_sign(program):
    """An RSA key in force, one of Ed25519 from a file beside it, and one that waits: records by name."""
    program.command("apply", str(definitions(program)))
    rsa = program.asked("dkim", "generate", "--selector", "r1")
    pem = program.work / "key.pem"
    pem.write_text(foreign_key())
    ed25519 = program.asked("dkim", "import", str(pem), "--selector", "e1", "--domain", DOMAIN)
    waiting = program.asked("dkim", "generate", "--selector", "r2")
    for key in (rsa, ed25519):
        same((key["domain"], key["state"]), (DOMAIN, "waiting"), "a new key")
        same(program.asked("dkim", "use", key["selector"])["state"], "signing", "a key in use")
    same(waiting["state"], "waiting", "the third key")
    return {key["record"]["name"]: key["record"]["value"] for key in (rsa, ed25519)}


def foreign_key():
    """A key that this test makes by another program's library."""
    from nacl.signing import SigningKey

    # PKCS#8 around 32 bytes, RFC 8410 section 7.
    der = bytes.fromhex("302e020100300506032b657004220420") + bytes(SigningKey.generate())
    return f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(der).decode()}\n-----END PRIVATE KEY-----\n"


def definitions(program):
    text = (HERE / "shop.yaml").read_text().replace("PORT", str(program.port))
    folder = program.work / "definitions"
    folder.mkdir()
    (folder / "shop.yaml").write_text(text)
    return folder


def sent(program, mail):
    """The one message of somebody with a hostile name, as its bytes came."""
    write_key = program.add_source("social-shop", "social")
    program.serve(smtp=mail.port)
    wish = {"type": "track", "messageId": "w", "userId": "eve", "event": "Product Added to Wishlist",
            "properties": {"product_id": "tee", "name": "T-shirt ñ", "price": 20}}
    status, answer = Client(program.port, write_key=write_key).call(
        "POST", "/v1/batch", {"batch": [*known("eve", first_name=NAME), wish]})
    same((status, answer.get("accepted")), (200, 3), "the answer to a batch")
    assert mail.wait_for(lambda taken: taken, MAIL_SECONDS_MAX), f"no mail: {program.last_words()}"
    same([each["recipient"] for each in mail.taken], [email_of("eve")], "recipients")
    return base64.b64decode(mail.taken[0]["raw"])


def changes(raw):
    """What somebody on the way could do, each as words and bytes."""
    head, body = raw.split(b"\r\n\r\n", 1)

    def field(name, text):
        lines, out, inside = head.split(b"\r\n"), [], False
        for line in lines:
            if not line.startswith((b" ", b"\t")):
                inside = line.lower().startswith(name + b":")
                if inside:
                    out += [text] if text else []
            if not inside:
                out.append(line)
        return b"\r\n".join(out) + b"\r\n\r\n" + body

    yield "the body was changed", head + b"\r\n\r\n" + body.replace(b"T-shirt", b"T-skirt")
    yield "the way to unsubscribe was changed", field(b"list-unsubscribe", b"List-Unsubscribe: <https://thief.example/>")
    yield "one click was taken away", field(b"list-unsubscribe-post", None)
    yield "the subject was changed", field(b"subject", b"Subject: you have won")
    yield "a second sender was added", b"From: thief@example.com\r\n" + raw
    yield "a second way to unsubscribe was added", b"List-Unsubscribe: <https://thief.example/>\r\n" + raw
    yield "an answer goes elsewhere", b"Reply-To: thief@example.com\r\n" + raw


def valid(raw, number, dns):
    try:
        return dkim.DKIM(raw).verify(number, dnsfunc=dns)
    except dkim.DKIMException:
        return False
