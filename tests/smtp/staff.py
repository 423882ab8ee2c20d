"""What a journey asks of staff, by mail: told to the address of its step, naming nobody, and never to the customer. And
what the shop says beside a request to enter, in the message that follows."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness.checks import same  # noqa: E402, the path comes first
from harness.client import Api  # noqa: E402
from harness.mail import Mail, header  # noqa: E402
from harness.program import Program  # noqa: E402

MAIL_SECONDS_MAX = 30
STAFF = "care@tienda.example"
CUSTOMER = "quintanilla@correo.example"
JOURNEY = f"""
---
journey: service
purpose: care
enter: {{ on: [api], for each: order }}
steps:
  - {{ notify: Call about the parcel, to: {STAFF}, name: call }}
  - wait: 1 day
---
journey: parcel
purpose: transactional
enter: [api]
steps:
  - {{ send: tell, channel: email, template: parcel }}
---
template: parcel
subject: Parcel {{{{ entry.parcel }}}}
mjml: |
  <mjml><mj-body><mj-section><mj-column>
    <mj-text>Your parcel {{{{ entry.parcel }}}} is on its way, {{{{ entry.pieces }}}} pieces.</mj-text>
    <mj-text>{{{{ shop.name }}}}, {{{{ shop.address }}}}</mj-text>
  </mj-column></mj-section></mj-body></mjml>
"""


def staff_are_told_by_mail_and_the_customer_is_not():
    program = Program("staff")
    mail = Mail(program.work)
    try:
        api = opened(program, mail)
        person = asked(api, "o-1")
        assert mail.wait_for(lambda taken: taken, MAIL_SECONDS_MAX), f"no mail: {program.last_words()}"
        told = mail.taken[0]
        same((told["recipient"], header(told, "subject")), (STAFF, "Call about the parcel"), "the mail")
        text = str(told)
        assert f"/people/{person}" in text, "the mail does not lead to the person"
        left = [each for each in (CUSTOMER, "quintanilla") if each in text.lower()]
        same(left, [], "what the mail says of the customer")
        # While everything is stopped staff are told nothing by mail, and what is done needs no message later.
        api.well("PUT", "/api/v1/sending", {"sending": "off"})
        asked(api, "o-2")
        notices = api.get("/api/v1/notices?open=true")
        same((notices["open"], len(notices["notices"])), (2, 2), "open notices")
        same(len(mail.to(STAFF)), 1, "mails while everything is stopped")
        api.well("POST", "/api/v1/notices/done", {"id": notices["notices"][0]["id"]})
        asked(api, "o-3")
        same(len(mail.to(STAFF)), 1, "mails while everything is stopped")
        api.well("PUT", "/api/v1/sending", {"sending": "on"})
        assert mail.wait_for(lambda taken: len(taken) > 1, MAIL_SECONDS_MAX), f"no second mail: {program.last_words()}"
        same([each["recipient"] for each in mail.taken], [STAFF, STAFF], "recipients")
    finally:
        mail.stop()
        program.remove()


def what_is_said_beside_a_request_stands_in_its_message():
    program = Program("beside")
    mail = Mail(program.work)
    try:
        api = opened(program, mail)
        who = {"identifiers": {"email": CUSTOMER}, "data": {"parcel": "P-77", "pieces": 3}}
        api.well("POST", "/api/v1/journeys/enroll", {"journey": "parcel", "people": [who]})
        assert mail.wait_for(lambda taken: taken, MAIL_SECONDS_MAX), f"no mail: {program.last_words()}"
        told = mail.taken[0]
        same((told["recipient"], header(told, "subject")), (CUSTOMER, "Parcel P-77"), "the mail")
        assert "P-77 is on its way, 3 pieces" in told["body"]["text/plain"], told["body"]
    finally:
        mail.stop()
        program.remove()


def opened(program, mail):
    """The shop with its journey, served."""
    key = program.create_key("admin")
    program.serve(smtp=mail.port)
    api = Api(program.port, key=key)
    text = (HERE / "shop.yaml").read_text().replace("PORT", str(program.port))
    api.publish({"shop.yaml": text + JOURNEY})
    return api


def asked(api, order):
    """Lets the customer enter for an order; says who that is."""
    who = {"id": order, "key": order, "identifiers": {"email": CUSTOMER}}
    answer = api.well("POST", "/api/v1/journeys/enroll", {"journey": "service", "people": [who]})
    same(answer["counts"]["entered"], 1, "people who entered")
    return answer["people"][0]["person"]
