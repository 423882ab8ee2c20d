"""Whether the DNS of the sender's domain is as receivers want it, asked of a name server on this machine.

    python tests/domain/run.py

dnspython reads the questions and writes the answers, so that both ends of the wire are not ours.
"""

import json
import socket
import sys
import threading
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import Checks, same  # noqa: E402, the path comes first
from harness.client import Api  # noqa: E402
from harness.program import Program  # noqa: E402

DOMAIN = "tienda.example"


class Names:
    """A name server that answers from a table of (name, type) to texts, over UDP and TCP."""

    def __init__(self):
        self.table, self.silent, self.stranger, self.cut = {}, False, False, False
        self.over_tcp = 0
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port = self.udp.getsockname()[1]
        self.tcp = socket.create_server(("127.0.0.1", self.port))
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def answer(self, wire):
        asked = dns.message.from_wire(wire)
        question = asked.question[0]
        name, kind = question.name.to_text().rstrip("."), question.rdtype.name
        told = dns.message.make_response(asked)
        texts = self.table.get((name, kind), [])
        if texts:
            told.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(held == name for held, _ in self.table):
            told.set_rcode(dns.rcode.NXDOMAIN)
        return told

    def serve_udp(self):
        while True:
            wire, peer = self.udp.recvfrom(4_096)
            if self.silent:
                continue
            told = self.answer(wire)
            if self.stranger:
                # Somebody answers first, with another number, and says that everybody may send.
                forged = dns.message.make_response(dns.message.from_wire(wire))
                forged.id ^= 1
                forged.answer.append(dns.rrset.from_text(told.question[0].name, 60, "IN", "TXT", '"v=spf1 +all"'))
                self.udp.sendto(forged.to_wire(), peer)
            if self.cut and told.answer:
                told.answer, told.flags = [], told.flags | dns.flags.TC
            self.udp.sendto(told.to_wire(), peer)

    def serve_tcp(self):
        while True:
            peer, _ = self.tcp.accept()
            with peer, peer.makefile("rb") as stream:
                wire = stream.read(int.from_bytes(stream.read(2), "big"))
                told = self.answer(wire).to_wire()
                peer.sendall(len(told).to_bytes(2, "big") + told)
                self.over_tcp += 1


class Shop:
    def __init__(self):
        self.names = Names()
        self.program = Program("domain")
        shop = self.program.work / "shop.yaml"
        shop.write_text(f"shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n"
                        f"from: {{ name: Tienda, email: hola@{DOMAIN} }}\n")
        self.program.command("apply", str(shop))
        self.admin = self.program.create_key("admin")
        self.key = self.program.asked("dkim", "generate", "--algorithm", "ed25519")["record"]

    def check(self, *words):
        """Findings by what they are about, and the exit code."""
        ended = self.program.command("channel", "check", "--dns", f"127.0.0.1:{self.names.port}", "--json", *words, well=False)
        findings = json.loads(ended.stdout)["findings"]
        return {each["about"]: each for each in findings}, ended.returncode

    def verdicts(self, *words):
        found, _ = self.check(*words)
        return {about: each["verdict"] for about, each in found.items()}

    def publish(self, **records):
        table = {
            "mx": {(DOMAIN, "MX"): ["10 mx.tienda.example."]},
            "spf": {(DOMAIN, "TXT"): ['"other=1"', '"v=spf1 include:_spf.mail.example " "~all"'],
                    ("_spf.mail.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"']},
            "dkim": {(self.key["name"], "TXT"): [quoted(self.key["value"])]},
            "dmarc": {(f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=reject"']},
        }
        self.names.table = {}
        for part, held in table.items():
            self.names.table.update(records.get(part, held))


def quoted(text):
    return " ".join(f'"{text[at:at + 200]}"' for at in range(0, len(text), 200))


def a_domain_that_is_set_up_is_good(shop):
    shop.publish()
    found, code = shop.check()
    same({about: each["standing"] for about, each in found.items()},
         {"MX": "good", "SPF": "good", "DKIM": "good", "DMARC": "good"}, "standings")
    same((code, found["MX"]["found"]), (0, ["mx.tienda.example"]), "exit code and mail server")
    same(found["SPF"]["found"], ["v=spf1 include:_spf.mail.example ~all"], "a text of two pieces")
    shop.names.cut = True
    same(shop.verdicts(), {"MX": "mail_found", "SPF": "spf_found", "DKIM": "dkim_found", "DMARC": "dmarc_enforced"},
         "what does not fit into a packet")
    assert shop.names.over_tcp >= 4, shop.names.over_tcp
    shop.names.cut = False


def what_is_missing_is_told_with_the_record_to_publish(shop):
    shop.names.table = {}
    found, code = shop.check()
    same({about: each["verdict"] for about, each in found.items()},
         {"MX": "mail_missing", "SPF": "spf_missing", "DKIM": "dkim_missing", "DMARC": "dmarc_missing"}, "verdicts")
    same(code, 1, "exit code")
    same(found["DKIM"]["publish"]["value"], shop.key["value"], "our key")
    same(found["SPF"]["publish"], {"name": DOMAIN, "type": "TXT", "value": "v=spf1 mx ~all"}, "who may send")
    same(found["DMARC"]["publish"]["name"], f"_dmarc.{DOMAIN}", "where the policy goes")
    # What is published as told is good.
    shop.names.table = {(DOMAIN, "MX"): ["10 mx.tienda.example."]}
    for about in ("SPF", "DKIM", "DMARC"):
        wanted = found[about]["publish"]
        shop.names.table[(wanted["name"], "TXT")] = [quoted(wanted["value"])]
    found, code = shop.check()
    same((code, {each["standing"] for each in found.values()}), (0, {"good", "weak"}), "after publishing")


def what_receivers_stop_at_is_told(shop):
    endless = {(DOMAIN, "TXT"): [f'"v=spf1 include:{DOMAIN} ~all"']}
    many = {(DOMAIN, "TXT"): ['"v=spf1 ' + " ".join(f"a:h{number}.example" for number in range(11)) + ' ~all"']}
    for spf, verdict in (
        (endless, "spf_too_long"), (many, "spf_too_long"),
        ({(DOMAIN, "TXT"): ['"v=spf1 include:nowhere.example ~all"']}, "spf_broken"),
        ({(DOMAIN, "TXT"): ['"v=spf1 mx +all"']}, "spf_open"),
        ({(DOMAIN, "TXT"): ['"v=spf1 mx"']}, "spf_endless"),
        ({(DOMAIN, "TXT"): ['"v=spf1 mx ~all"', '"v=spf1 a ~all"']}, "spf_twice"),
    ):
        shop.publish(spf=spf)
        same(shop.verdicts()["SPF"], verdict, str(spf))
    other = {(shop.key["name"], "TXT"): ['"v=DKIM1; k=ed25519; p=AAAA"']}
    shop.publish(dkim=other, dmarc={("_dmarc.example", "TXT"): ['"v=DMARC1; p=none"']}, mx={(DOMAIN, "MX"): ["0 ."]})
    same(shop.verdicts(), {"MX": "mail_refused", "SPF": "spf_found", "DKIM": "dkim_differs", "DMARC": "dmarc_missing"},
         "another key, a policy of the suffix, no mail")
    same(shop.verdicts("--mail-provider", "postmark://token@api.postmarkapp.com")["DKIM"], "dkim_by_provider",
         "a provider's own keys")


def nobody_answers_in_the_place_of_the_name_server(shop):
    shop.publish()
    shop.names.stranger = True
    same(shop.verdicts()["SPF"], "spf_found", "what a stranger says")
    shop.names.stranger = False
    shop.names.silent = True
    found, code = shop.check()
    same((code, {each["verdict"] for each in found.values()}), (1, {"no_answer"}), "silence")
    shop.names.silent = False


def the_api_tells_the_same(shop):
    shop.publish()
    program = shop.program
    words = program.serving
    program.serving = lambda *asked: [*words(*asked), "--dns", f"127.0.0.1:{shop.names.port}"]
    program.serve()
    found = Api(program.port, key=shop.admin).get("/api/v1/channels/check")
    same((found["domain"], {each["standing"] for each in found["findings"]}), (DOMAIN, {"good"}), "the API's answer")


def main():
    checks = Checks()
    shop = Shop()
    try:
        for story in (a_domain_that_is_set_up_is_good, what_is_missing_is_told_with_the_record_to_publish,
                      what_receivers_stop_at_is_told, nobody_answers_in_the_place_of_the_name_server,
                      the_api_tells_the_same):
            checks.that(story.__name__.replace("_", " "), lambda story=story: story(shop))
    finally:
        if checks.failed:
            print(f"the server's last words:\n{shop.program.last_words()}")
        shop.program.remove()
    checks.end()


if __name__ == "__main__":
    main()
