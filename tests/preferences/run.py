"""What people choose on the page that their mail leads to, and lists of addresses that get nothing.

    python tests/preferences/run.py

Plain HTTP, as a browser without scripts speaks it: the fields of the forms are read from the page.
"""

import json
import re
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import Checks, same  # noqa: E402, the path comes first
from harness.client import Api, Client  # noqa: E402
from harness.mail import Mail, header  # noqa: E402
from harness.program import Program  # noqa: E402
from harness.shop import email_of, known  # noqa: E402

MAIL_SECONDS_MAX = 30
FORM = {"content-type": "application/x-www-form-urlencoded"}
ON_SITE = {"web-promotion": True, "web-care": True}


class Page(HTMLParser):
    """The fields of a page's forms, its language, and its words."""

    def __init__(self, text):
        super().__init__()
        self.boxes, self.buttons, self.words, self.language, self.scripts = {}, [], [], None, 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "html":
            self.language = found.get("lang")
        if tag == "script":
            self.scripts += 1
        if tag == "input" and found.get("type") == "checkbox":
            self.boxes[found["name"]] = "checked" in found
        if tag == "button":
            self.buttons.append(found.get("value"))

    def handle_data(self, data):
        self.words.append(data.strip())


class Shop:
    """The program with a journey that writes at once, and its mail."""

    def __init__(self, definitions="shop.yaml"):
        self.program = Program("preferences")
        self.mail = Mail(self.program.work)
        self.definitions = (HERE / definitions).read_text()

    def open(self):
        program = self.program
        write_key = program.add_source("social-shop", "social")
        admin = program.create_key("admin")
        program.serve(smtp=self.mail.port)
        self.api = Api(program.port, key=admin)
        self.api.publish({"shop.yaml": self.definitions.replace("PORT", str(program.port))})
        self.shop = Client(program.port, write_key=write_key)
        self.browser = Client(program.port)
        self.wishes = 0

    def introduce(self, name):
        status, answer = self.shop.call("POST", "/v1/batch", {"batch": known(name)})
        same((status, answer["accepted"]), (200, 2), "the answer to a batch")

    def happens(self, name, event):
        self.wishes += 1
        told = {"type": "track", "messageId": f"{name}-{self.wishes}", "userId": name, "event": event,
                "properties": {"product_id": "tee", "price": 20}}
        status, answer = self.shop.call("POST", "/v1/batch", {"batch": [told]})
        same((status, answer["accepted"]), (200, 1), "the answer to a batch")

    def mails(self, name, count):
        """Waits until somebody has so many mails."""
        came = self.mail.wait_for(lambda taken: len(self.mail.to(email_of(name))) >= count, MAIL_SECONDS_MAX)
        assert came, f"{name} has {len(self.mail.to(email_of(name)))} of {count} mails: {self.program.last_words()}"
        return self.mail.to(email_of(name))

    def token(self, name):
        mail = self.mails(name, 1)[0]
        return urlsplit(header(mail, "List-Unsubscribe").strip("<>")).path.rsplit("/", 1)[1]

    def link(self, name):
        """The path that the first mail of somebody who is asked twice leads to."""
        return re.search(r"/confirm/[0-9a-f-]+", json.dumps(self.mails(name, 1)[0]["body"]))[0]

    def page(self, path):
        status, text = self.browser.call("GET", path)
        same(status, 200, f"GET {path.split('/')[1]}")
        return Page(text)

    def answer(self, token, fields):
        status, _ = self.browser.call("POST", f"/preferences/{token}?lang=es", urlencode(fields).encode(), FORM)
        same(status, 303, "the answer to a choice")

    def reasons(self, name):
        """The latest decision about somebody's message, with its reasons."""
        deadline = time.monotonic() + MAIL_SECONDS_MAX
        while time.monotonic() < deadline:
            decided = [each for each in self.api.decisions_of("email", email_of(name))
                       if each["decision"] in ("hold", "skip", "suppressed")]
            if decided:
                return decided[0]["decision"], [reason["code"] for reason in decided[0]["reasons"]]
            time.sleep(0.02)  # The API has nothing to wait on.
        raise AssertionError(f"nothing was held or left out for {name}")

    def ledger(self, name):
        asked = {"identifier": {"kind": "email", "value": email_of(name)}}
        return self.api.well("POST", "/api/v1/people/consents", asked)["ledger"]

    def remove(self):
        self.mail.stop()
        self.program.remove()


def looking_changes_nothing_in_three_languages(shop):
    shop.introduce("ana")
    shop.happens("ana", "Product Added to Wishlist")
    token = shop.token("ana")
    before = len(shop.ledger("ana"))
    seen = set()
    for language in ("en", "es", "ru"):
        page = shop.page(f"/preferences/{token}?lang={language}")
        same((page.language, page.scripts), (language, 0), "language and scripts")
        same(page.boxes, {"email-promotion": True, "email-care": True, **ON_SITE}, "what she gets")
        assert email_of("ana") not in " ".join(page.words), "the whole address is on the page"
        seen.add(" ".join(page.words))
        shop.page(f"/unsubscribe/{token}?lang={language}")
    same(len(seen), 3, "different pages")
    same(shop.browser.call("HEAD", f"/preferences/{token}")[0], 200, "HEAD")
    same(len(shop.ledger("ana")), before, "entries after looking")
    broken = token[:-1] + ("0" if token[-1] != "0" else "1")
    for path in (f"/preferences/{broken}", f"/unsubscribe/{broken}", "/preferences/x"):
        same(shop.browser.call("GET", path)[0], 404, path.split("/")[1])
        same(shop.browser.call("POST", path, b"do=nothing", FORM)[0], 404, path.split("/")[1])


def a_choice_counts_from_the_next_send_on(shop):
    shop.introduce("eva")
    shop.happens("eva", "Product Added to Wishlist")
    token = shop.token("eva")
    stays = {"do": "save", "email-care": "on", "web-promotion": "on", "web-care": "on"}
    shop.answer(token, stays)
    same(shop.page(f"/preferences/{token}").boxes, {"email-promotion": False, "email-care": True, **ON_SITE}, "what she gets")
    time.sleep(1.2)  # Then she may enter again.
    shop.happens("eva", "Product Added to Wishlist")
    same(shop.reasons("eva")[1], ["consent_withdrawn"], "why the offer stays away")
    shop.happens("eva", "Product Reviewed")
    same([header(each, "Subject") for each in shop.mails("eva", 2)], ["first", "advice"], "her mails")
    entry = shop.ledger("eva")[0]
    same((entry["said"], entry["channel"], entry["purpose"]), ("no", "email", "promotion"), "the ledger")
    same(entry["wording"], "Por correo electrónico: Ofertas, novedades y recordatorios", "the words that stood there")
    shop.answer(token, {**stays, "email-promotion": "on"})
    same([each["said"] for each in shop.ledger("eva")][:2], ["yes", "no"], "the ledger after a yes")
    shop.answer(token, {**stays, "email-promotion": "on"})
    same(len(shop.ledger("eva")), 3, "entries after the same answer again")


def a_break_holds_and_its_end_lets_go(shop):
    shop.introduce("iris")
    shop.happens("iris", "Product Added to Wishlist")
    token = shop.token("iris")
    shop.answer(token, {"do": "pause"})
    page = shop.page(f"/preferences/{token}")
    same(page.boxes, {"email-promotion": True, "email-care": True, **ON_SITE}, "her choices stay")
    assert "resume" in page.buttons and "pause" not in page.buttons, page.buttons
    time.sleep(1.2)  # Then she may enter again.
    shop.happens("iris", "Product Added to Wishlist")
    same(shop.reasons("iris"), ("hold", ["break_asked"]), "why her message waits")
    same(len(shop.mail.to(email_of("iris"))), 1, "mails in the break")
    shop.answer(token, {"do": "resume"})
    shop.mails("iris", 2)
    same([each["said"] for each in shop.ledger("iris")], [*["pause"] * 4, "yes"], "the ledger")


def nothing_at_all_and_one_click_stop_the_next_send(shop):
    ways = (("lola", "preferences", b"do=nothing", dict.fromkeys(ON_SITE, False)),
            ("nora", "unsubscribe", b"List-Unsubscribe=One-Click", ON_SITE))
    for name, path, body, on_site in ways:
        shop.introduce(name)
        shop.happens(name, "Product Added to Wishlist")
        token = shop.token(name)
        status, _ = shop.browser.call("POST", f"/{path}/{token}", body, FORM)
        assert status in (200, 303), f"{path} answered {status}"
        time.sleep(1.2)  # Then they may enter again.
        shop.happens(name, "Product Added to Wishlist")
        shop.happens(name, "Product Reviewed")
        same(shop.reasons(name)[1], ["consent_withdrawn"], "why nothing goes")
        boxes = {"email-promotion": False, "email-care": False, **on_site}
        same(shop.page(f"/preferences/{token}").boxes, boxes, "what they get")
        same(len(shop.mail.to(email_of(name))), 1, "mails")


def a_suppression_list_stops_known_and_unknown(shop):
    shop.introduce("rosa")
    rows = f"email,reason\n{email_of('rosa')},x\n{email_of('stranger')},y\nno address\n{email_of('ROSA')},z\n"
    listed = {"rows": rows, "because": "complained", "dry_run": True}
    expected = {"stopped": 2, "known": 1, "unchanged": 0, "erased": 0, "repeated": 1, "unreadable": 1, "unreadable_rows": [4]}
    same(shop.api.well("POST", "/api/v1/suppressions", listed), expected, "the dry run")
    same([each["said"] for each in shop.ledger("rosa")], ["yes"], "the ledger after the dry run")
    same(shop.api.well("POST", "/api/v1/suppressions", {**listed, "dry_run": False}), expected, "the import")
    again = shop.api.well("POST", "/api/v1/suppressions", {**listed, "dry_run": False})
    same((again["stopped"], again["unchanged"]), (0, 2), "the same again")
    shop.introduce("stranger")
    for name in ("rosa", "stranger"):
        shop.happens(name, "Product Added to Wishlist")
        same(shop.reasons(name)[1], ["suppressed"], f"why nothing goes to {name}")
        decided = json.dumps(shop.api.decisions_of("email", email_of(name)))
        assert "complaint" in decided and "bounced" not in decided, decided
        same(shop.mail.to(email_of(name)), [], "mails")


def a_yes_waits_for_the_click_in_the_mail_to_its_address(shop):
    shop.introduce("maria")
    shop.happens("maria", "Product Added to Wishlist")
    same(shop.reasons("maria"), ("hold", ["consent_unconfirmed"]), "why the offer waits")
    link = shop.link("maria")
    seen = set()
    for language in ("en", "es", "ru"):
        page = shop.page(f"{link}?lang={language}")
        same((page.language, page.scripts, len(page.buttons)), (language, 0, 1), "language, scripts, buttons")
        assert email_of("maria") not in " ".join(page.words), "the whole address is on the page"
        seen.add(" ".join(page.words))
    same(len(seen), 3, "different pages")
    same(shop.browser.call("HEAD", link)[0], 200, "HEAD")
    broken = link[:-1] + ("0" if link[-1] != "0" else "1")
    for path in (broken, link.replace("confirm", "unsubscribe"), link.replace("confirm", "preferences")):
        same(shop.browser.call("POST", path, b"", FORM)[0], 404, path.split("/")[1])
    same([each["said"] for each in shop.ledger("maria")], ["yes"], "the ledger after looking")
    same(len(shop.mail.to(email_of("maria"))), 1, "mails after looking")
    same(shop.browser.call("POST", f"{link}?lang=es", b"", FORM)[0], 200, "the click")
    same(header(shop.mails("maria", 2)[1], "Subject"), "first", "the offer that waited")
    same(shop.browser.call("POST", f"{link}?lang=es", b"", FORM)[0], 200, "the same click again")
    entry, first = shop.ledger("maria")
    same([(each["said"], each["source"]) for each in (first, entry)], [("yes", "social-shop"), ("confirmed", "regulars")],
         "both steps")
    same(entry["wording"], "Por correo electrónico: Ofertas, novedades y recordatorios (Sí, escríbanme)", "its words")


def a_no_leaves_nothing_to_confirm_and_nobody_confirms_for_another(shop):
    shop.introduce("nadia")
    link = shop.link("nadia")
    forged = {"type": "track", "messageId": "forged", "userId": "nadia", "event": "Consent Confirmed",
              "properties": {"channel": "email", "purpose": "promotion", "email": email_of("nadia")}}
    same(shop.shop.call("POST", "/v1/batch", {"batch": [forged]})[0], 200, "a forged confirmation")
    shop.happens("nadia", "Product Added to Wishlist")
    same(shop.reasons("nadia"), ("hold", ["consent_unconfirmed"]), "why the offer waits all the same")
    no = {"type": "track", "messageId": "nadia-no", "userId": "nadia", "event": "Unsubscribed",
          "properties": {"email": email_of("nadia")}}
    same(shop.shop.call("POST", "/v1/batch", {"batch": [no]})[0], 200, "a no")
    page = shop.page(link)
    same(page.buttons, [], "buttons after a no")
    same(shop.browser.call("POST", link, b"", FORM)[0], 200, "a click after a no")
    same([each["said"] for each in shop.ledger("nadia")], ["no", "yes"], "the ledger")
    same(len(shop.mail.to(email_of("nadia"))), 1, "mails")


def a_link_leads_where_its_message_says_and_tells_who_followed_it(shop):
    shop.introduce("clara")
    shop.happens("clara", "Product Added to Wishlist")
    body = json.dumps(shop.mails("clara", 1)[0]["body"]).replace("=\\r\\n", "").replace("=\\n", "")
    links = sorted(set(re.findall(r"/l/[0-9a-f]+-[0-9a-f]+-[0-9a-f]{32}", body)))
    same(len(links), 1, "links that lead over us")
    link = links[0]
    assert "https://tienda.example/terms" in body, "a link that says so is left alone"
    person = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}

    def follow(path, method="GET", headers=person):
        shop.browser.send(method, path, None, headers)
        response = shop.browser.connection.getresponse()
        response.read()
        return response.status, response.headers.get("location")

    def told():
        who = shop.api.find("email", email_of("clara"))["id"]
        events = [each for each in shop.api.timeline(who) if each["name"] in ("Email Link Clicked", "Email Fetched")]
        return sorted((each["name"], each["properties"]["link"], each["properties"]["url"]) for each in events)

    there = (302, "https://tienda.example/tee?for=clara&n=1")
    deadline = time.monotonic() + MAIL_SECONDS_MAX
    while follow(link, "HEAD") != there and time.monotonic() < deadline:
        time.sleep(0.02)  # Until the outcome of the message is noted, its links lead to the shop.
    same(follow(link, "HEAD"), there, "HEAD")
    same(follow(link, headers={**person, "sec-purpose": "prefetch"}), there, "a browser that loads ahead")
    same(told(), [], "what is told of them")
    same(follow(link, headers={"user-agent": "Barracuda Sentinel"}), there, "a scanner")
    time.sleep(1.2)  # Nobody reads faster.
    same(follow(link), there, "a person")
    same(follow(link), there, "the same person again")
    page = ("1", "https://tienda.example/tee")
    same(told(), [("Email Fetched", *page), ("Email Link Clicked", *page)], "what is told")
    message, number, mark = link.removeprefix("/l/").split("-")
    for forged in (f"/l/{message}-{int(number, 16) + 1:x}-{mark}", f"/l/{int(message, 16) + 1:x}-{number}-{mark}",
                   "/l/x", "/l/https://thief.example", f"{link}?to=https://thief.example"):
        status, to = follow(forged)
        assert (status, to) in ((404, None), there), f"{forged} leads to {to}"
    same(follow(f"/l/{message}-{int(number, 16) + 1:x}-{mark}")[0], 404, "another link under the same mark")
    token = shop.token("clara")
    shop.api.well("POST", "/api/v1/people/erase", {"identifier": {"kind": "email", "value": email_of("clara")}})
    same(follow(link), (404, None), "the link of somebody who was erased")
    status, _ = shop.browser.call("POST", f"/unsubscribe/{token}", b"List-Unsubscribe=One-Click", FORM)
    same(status, 404, "one click of somebody who was erased")


def told(checks, shop, stories):
    try:
        shop.open()
        for story in stories:
            checks.that(story.__name__.replace("_", " "), lambda story=story: story(shop))
    finally:
        if checks.failed:
            print(f"the server's last words:\n{shop.program.last_words()}")
        shop.remove()


def main():
    checks = Checks()
    told(checks, Shop(), (looking_changes_nothing_in_three_languages, a_choice_counts_from_the_next_send_on,
                          a_break_holds_and_its_end_lets_go, nothing_at_all_and_one_click_stop_the_next_send,
                          a_suppression_list_stops_known_and_unknown,
                          a_link_leads_where_its_message_says_and_tells_who_followed_it))
    told(checks, Shop("confirming.yaml"), (a_yes_waits_for_the_click_in_the_mail_to_its_address,
                                           a_no_leaves_nothing_to_confirm_and_nobody_confirms_for_another))
    checks.end()


if __name__ == "__main__":
    main()
