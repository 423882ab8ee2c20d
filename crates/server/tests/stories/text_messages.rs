//! Text messages through a real deliverer to a provider on this machine: what it says of a number stops
//! that number, and what a person says stops the next message of the same second.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex as Shared};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use regulars_engine::decision::{Message, MessageState, Verdict};
use regulars_engine::event::{Channel as Over, Mode};
use regulars_engine::journey::{CLAIM_BEGINS_MS, Outcome};
use regulars_engine::source::SourceSettings;
use regulars_ingest::Received;
use regulars_ingest::providers::{self, Provider};
use regulars_server::clock;
use regulars_server::clockwork::Clockwork;
use regulars_server::live::{self, Desk, message_mark};
use regulars_server::serve::open_writer;
use regulars_store::{DecisionFilter, MessageFilter, Reader, Sending, SqliteReader};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::play::{Lines, at, deliverers, program, writer};
use super::posted::{Posted, listen};

const SHOP: &str = "\
shop: Tienda
zone: UTC
currency: EUR
base url: https://shop.example
languages: [es]
address: Calle Mayor 1, 28013 Madrid
from: { name: Tienda, email: hola@tienda.example }
QUIET
---
journey: ready
purpose: care
enter: [Ticket Closed]
re-entry: 1 minute
entry at most: 24 hours old
steps:
  - { send: ready, channel: sms, template: ready }
---
journey: thanks
purpose: transactional
enter: [Order Completed]
re-entry: 1 minute
steps:
  - send: thanks
    channel: email
    template: letter
    otherwise: { sms: ready }
---
template: letter
subject: Gracias
mjml: <mjml><mj-body><mj-section><mj-column><mj-text>Gracias</mj-text></mj-column></mj-section></mj-body></mjml>
---
template: ready
sms: '{{ shop.name }}: su pedido está listo. {{ stop_line }}'
";

/// The fields of a request.
type Form = Vec<(String, String)>;

/// A provider, and what came to it.
struct Provided {
    address: SocketAddr,
    arrived: Arc<Shared<Vec<Form>>>,
}

impl Provided {
    fn start() -> Self {
        let arrived = Arc::new(Shared::new(Vec::new()));
        let seen = Arc::clone(&arrived);
        let address = listen(move |posted| {
            let (status, said) = answer(&posted, &seen);
            (format!("{status} X"), said.to_string())
        });
        Self { address, arrived }
    }

    fn texts_to(&self, number: &str) -> Vec<String> {
        let arrived = self.arrived.lock().unwrap();
        let to = |form: &&Form| form.contains(&("To".into(), number.into()));
        let text = |form: &Form| {
            form.iter().find(|(name, _)| name == "Body").map(|(_, text)| text.clone())
        };
        arrived.iter().filter(to).filter_map(text).collect()
    }
}

fn answer(Posted { path, body, .. }: &Posted, seen: &Shared<Vec<Form>>) -> (u16, Value) {
    if path == "/email" {
        // A provider of mail that knows one address to be dead, and breaks with another in its hand.
        let letter: Value = serde_json::from_slice(body).unwrap();
        let to = letter["To"].as_str().unwrap().to_owned();
        let (status, said) = match to.as_str() {
            "gone@example.com" => (422, json!({ "ErrorCode": 406, "Message": "inactive" })),
            "perhaps@example.com" => (500, json!({})),
            _ => (200, json!({ "ErrorCode": 0, "MessageID": "M1" })),
        };
        seen.lock().unwrap().push(vec![("To".to_owned(), to), ("Body".to_owned(), String::new())]);
        return (status, said);
    }
    let decoded = |text: &str| {
        percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned()
    };
    let body = std::str::from_utf8(body).unwrap();
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    let form: Form = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let to = form.iter().find(|(name, _)| name == "To").unwrap().1.clone();
    let (status, said) = match to.as_str() {
        "+34600000002" => (400, json!({ "code": 21211, "message": "Invalid 'To' Phone Number" })),
        "+34600000004" => (400, json!({ "code": 21408, "message": "region not enabled" })),
        "+34600000003" => (400, json!({ "code": 21610, "message": "unsubscribed recipient" })),
        _ => (201, json!({ "sid": format!("SM{}", seen.lock().unwrap().len()) })),
    };
    seen.lock().unwrap().push(form);
    (status, said)
}

/// A shop whose quiet hours are never now.
fn shop() -> String {
    let then = clock::now().in_zone(&jiff::tz::TimeZone::UTC).hour();
    let from = (then + 12) % 24;
    SHOP.replace("QUIET", &format!("quiet hours: \"{from:02}:00 to {from:02}:30\""))
}

/// The same, where a text message is the first choice.
fn sms_first() -> String {
    let written = shop();
    let other = "channel: sms\n    template: ready\n    otherwise: { email: letter }";
    let shop = written
        .replace("channel: email\n    template: letter\n    otherwise: { sms: ready }", other);
    assert_ne!(shop, written, "the first channel is another one");
    shop
}

struct Story {
    desk: Desk,
    reader: SqliteReader,
    lines: Lines,
    told: u32,
}

impl Story {
    /// The ticket of whoever has this number is closed, and what becomes of the message it starts.
    async fn close_ticket(&mut self, who: &str, number: &str) -> Option<Message> {
        self.told += 1;
        let now = clock::now().to_string();
        let line = json!({ "type": "track", "source": "desk", "messageId": format!("t{}", self.told),
            "userId": who, "event": "Ticket Closed", "timestamp": now, "receivedAt": now,
            "properties": { "ticket_id": format!("t{}", self.told), "phone": number } });
        let event = self.lines.event(&line);
        self.desk.accept(vec![event], Vec::new()).await.unwrap();
        let before = self.told;
        for _ in 0..400 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let messages = self.reader.messages(&MessageFilter::default(), 50).unwrap();
            let settled = messages.into_iter().find(|message| {
                message.recipient.value() == number && message.settled_at.is_some()
            });
            if settled.is_some() || before > 3 {
                return settled;
            }
        }
        None
    }

    /// Twilio tells what somebody wrote, or what became of a message.
    async fn twilio(&self, said: Value) {
        let source = SourceSettings { channel: Over::Sms, ..SourceSettings::named("twilio") };
        let program = self.desk.program();
        let received = Received {
            source: &source,
            rules: &program.identity,
            received_at: clock::now(),
            mode: Mode::Live,
            feed: None,
        };
        let mark = message_mark(self.desk.salt());
        let body = said.to_string();
        let batch = providers::parse(Provider::Twilio, body.as_bytes(), &mark, &received).unwrap();
        assert!(batch.rejections.is_empty());
        self.desk.accept(batch.events, Vec::new()).await.unwrap();
    }

    fn sent_to(&self, number: &str) -> usize {
        let messages = self.reader.messages(&MessageFilter::default(), 50).unwrap();
        messages.iter().filter(|message| message.recipient.value() == number).count()
    }
}

#[test]
fn a_text_message_leaves_and_what_is_said_of_its_number_counts() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", &shop())])).unwrap();
    let lines = Lines::of(writer.program());
    let provider = Provided::start();
    let setting = format!("twilio://AC1:s3cret@{}?local=yes&from=%2B34911222333", provider.address);
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 1).unwrap();
        let shared = deliverers(&desk, None, Some(&setting));
        let reader = desk.reader().await.unwrap();
        let delivering = tokio::spawn(live::deliver(shared, Arc::new(Mutex::new(claims)), reader));
        let reader = desk.reader().await.unwrap();
        let mut story = Story { desk: desk.clone(), reader, lines, told: 0 };

        let maria = "+34600000001";
        let sent = story.close_ticket("maria", maria).await.unwrap();
        assert_eq!((sent.state, sent.note.as_str()), (MessageState::Sent, "SM0"));
        let text = "Tienda: su pedido está listo. Responda BAJA para dejar de recibirlos.";
        assert_eq!(provider.texts_to(maria), [text]);
        assert_eq!((sent.text.as_str(), sent.subject.as_str(), sent.html.as_str()), (text, "", ""));

        // There is no such number, and somebody who told the provider to stop.
        for (who, number) in [("eva", "+34600000002"), ("ana", "+34600000003")] {
            let failed = story.close_ticket(who, number).await.unwrap();
            assert_eq!(failed.state, MessageState::Failed, "{}", failed.note);
        }
        for (who, number) in [("eva", "+34600000002"), ("ana", "+34600000003")] {
            story.close_ticket(who, number).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(provider.texts_to(number).len(), 1, "{who} gets nothing any more");
        }

        // She writes STOP; what would start the next message comes right behind.
        story
            .twilio(json!({ "MessageSid": "SM7", "From": maria, "To": "+34911222333", "Body": "¡BAJA!" }))
            .await;
        story.close_ticket("maria", maria).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!((provider.texts_to(maria).len(), story.sent_to(maria)), (1, 1));

        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        delivering.await.unwrap();
    });
}

/// What becomes of one message over several channels, each time of somebody with an address and a number:
/// over which channel it goes in the end, and how many texts came to the number.
fn one_message(shop: &str, all: &[(&str, &str, Over, usize)]) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", shop)])).unwrap();
    let mut lines = Lines::of(writer.program());
    let provider = Provided::start();
    let sms = format!("twilio://AC1:s3cret@{}?local=yes&from=217217", provider.address);
    let mail = format!("postmark://s3cret@{}?local=yes", provider.address);
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 1).unwrap();
        let shared = deliverers(&desk, Some(&mail), Some(&sms));
        let reader = desk.reader().await.unwrap();
        let delivering = tokio::spawn(live::deliver(shared, Arc::new(Mutex::new(claims)), reader));
        let reader = desk.reader().await.unwrap();
        for (who, phone, over, texts) in all {
            let mail = format!("{who}@example.com");
            let now = clock::now().to_string();
            let order = json!({ "type": "track", "source": "web", "messageId": who, "userId": who,
                "event": "Order Completed", "timestamp": now, "receivedAt": now,
                "properties": { "order_id": who, "total": 20, "email": mail, "phone": phone } });
            desk.accept(vec![lines.event(&order)], Vec::new()).await.unwrap();
            let ended = [MessageState::Sent, MessageState::Uncertain];
            let mut last = None;
            for _ in 0..400 {
                tokio::time::sleep(Duration::from_millis(5)).await;
                let messages = reader.messages(&MessageFilter::default(), 50).unwrap();
                last = messages.into_iter().find(|message| {
                    let to = message.recipient.value();
                    (to == mail || to == *phone) && ended.contains(&message.state)
                });
                if last.is_some() {
                    break;
                }
            }
            // A second one would have come by then.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let last = last.unwrap_or_else(|| panic!("nothing left for {who}"));
            assert_eq!(last.channel, *over, "{who}");
            assert_eq!(provider.texts_to(&mail).len(), 1, "{who}");
            assert_eq!(provider.texts_to(phone).len(), *texts, "{who}");
        }
        let decided = reader.decisions(&DecisionFilter::default(), 50).unwrap();
        let fell = decided.iter().map(|decided| &decided.decision).find(|decision| {
            (decision.verdict, decision.channel) == (Verdict::Send, Some(all[0].2))
        });
        let told: Vec<&str> = fell.unwrap().reasons.iter().map(|r| r.code.code()).collect();
        assert_eq!(told, ["all_clear", "other_channel"]);
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        delivering.await.unwrap();
    });
}

/// An address that is refused for good falls to the next channel at once, what may have gone out to none,
/// and where the first channel takes it the next is not asked. A number to which the provider knows no way
/// gives way too.
#[test]
fn one_message_goes_over_one_channel() {
    one_message(
        &shop(),
        &[
            ("gone", "+34600000010", Over::Sms, 1),
            ("here", "+34600000011", Over::Email, 0),
            ("perhaps", "+34600000012", Over::Email, 0),
        ],
    );
    one_message(&sms_first(), &[("far", "+34600000004", Over::Email, 1)]);
}

/// At one message a second the second of two claims would leave when its last look is too long ago: it is
/// looked at again first.
#[test]
fn whoever_waits_for_its_turn_is_looked_at_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", &shop())])).unwrap();
    let mut lines = Lines::of(writer.program());
    let provider = Provided::start();
    let mail = format!("postmark://s3cret@{}?local=yes&rate=1", provider.address);
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 2).unwrap();
        let (shared, claims) = (deliverers(&desk, Some(&mail), None), Arc::new(Mutex::new(claims)));
        let mut delivering = Vec::new();
        for _ in 0..2 {
            let reader = desk.reader().await.unwrap();
            let (shared, claims) = (Arc::clone(&shared), Arc::clone(&claims));
            delivering.push(tokio::spawn(live::deliver(shared, claims, reader)));
        }
        let then = clock::now().plus(500 - CLAIM_BEGINS_MS);
        let orders = ["ana", "eva"].map(|who| {
            let at = then.to_string();
            let order = json!({ "type": "track", "source": "web", "messageId": who, "userId": who,
                "event": "Order Completed", "timestamp": at, "receivedAt": at,
                "properties": { "order_id": who, "total": 20, "email": format!("{who}@example.com") } });
            lines.event(&order)
        });
        let accepted = desk.ask(move |writer| {
            let accepted = writer.accept(orders.into(), Vec::new(), then);
            writer.tick(then, 2).unwrap();
            accepted
        });
        assert_eq!(accepted.await.unwrap().unwrap().accepted, 2);
        let reader = desk.reader().await.unwrap();
        let mut messages = Vec::new();
        for _ in 0..2_000 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            messages = reader.messages(&MessageFilter::default(), 50).unwrap();
            let sent = messages.iter().filter(|message| message.state == MessageState::Sent);
            if sent.count() == 2 {
                break;
            }
        }
        let last = messages.iter().filter(|message| message.state == MessageState::Sent);
        let last = last.max_by_key(|message| message.settled_at).unwrap();
        assert!(last.claimed_at > then, "its first claim was taken back");
        let back = |message: &&Message| {
            (message.state, message.person) == (MessageState::TakenBack, last.person)
        };
        assert_eq!(messages.iter().find(back).unwrap().claimed_at, then);
        for who in ["ana@example.com", "eva@example.com"] {
            assert_eq!(provider.texts_to(who).len(), 1, "{who}");
        }
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        for delivering in delivering {
            delivering.await.unwrap();
        }
    });
}

/// What became of the message that would go over either channel, and over which, where this becomes of
/// each claim, and where a kill catches the first.
fn either(outcome: impl Fn(Over) -> Outcome + Send + 'static, killed: bool) -> Vec<String> {
    let order = json!({ "type": "track", "source": "web", "messageId": "1", "userId": "maria",
        "event": "Order Completed", "properties": { "order_id": "1", "total": 20,
            "email": "maria@example.com", "phone": "+34600112233" } });
    became(&shop(), vec![order], outcome, killed)
}

/// The same for a shop and what is told it.
pub(crate) fn became(
    shop: &str,
    told: Vec<Value>,
    outcome: impl Fn(Over) -> Outcome + Send + 'static,
    killed: bool,
) -> Vec<String> {
    let writer = writer(shop);
    let mut read = Lines::of(writer.program());
    let deliver = move |_: &_, message: &mut Message| outcome(message.channel);
    let mut clockwork = Clockwork::begin(writer, Box::new(deliver));
    let start = at("2026-11-16T09:00:00Z");
    if killed {
        clockwork.crash_at_next_claim();
    }
    for mut line in told {
        (line["timestamp"], line["receivedAt"]) =
            (start.to_string().into(), start.to_string().into());
        clockwork.arrive(vec![read.event(&line)], start).unwrap();
    }
    clockwork.go_on_until(at("2026-11-17T09:00:00Z")).unwrap();
    let decided = clockwork.take_decided().into_iter();
    let about = decided.filter_map(|decision| Some((decision.verdict, decision.channel?)));
    about.map(|(verdict, over)| format!("{} {}", verdict.word(), over.word())).collect()
}

/// A sudden end leaves the message uncertain, and no other channel takes it up. An address that is refused
/// again and again, since nobody could note that it is dead, is given up.
#[test]
fn a_kill_lets_no_second_channel_follow_and_a_refusal_does_not_go_on_for_ever() {
    assert_eq!(either(|_| Outcome::Sent, true), ["send email", "uncertain email"]);
    let tries = ["send email", "taken-back email"].repeat(4);
    let refused = [&tries[..], &["send email", "failed email"]].concat();
    assert_eq!(either(|_| Outcome::Rejected, false), refused);
}

/// An address that the provider does not reach, though nothing is wrong with it, gives way to the next
/// channel; where none reaches anybody, the message is left out.
#[test]
fn where_no_way_leads_to_an_address_the_next_channel_is_taken() {
    let unreached = |over| if over == Over::Email { Outcome::Unreached } else { Outcome::Sent };
    assert_eq!(
        either(unreached, false),
        ["send email", "taken-back email", "send sms", "sent sms"]
    );
    let nowhere = either(|_| Outcome::Unreached, false);
    let each = ["send email", "taken-back email", "send sms", "taken-back sms", "skip email"];
    assert_eq!(nowhere, each);
}

/// A number to which the provider lets nothing through, whatever it is for, gives way to the next channel.
#[test]
fn what_a_provider_holds_back_goes_over_the_next_channel() {
    let writer = writer(&sms_first());
    let mut read = Lines::of(writer.program());
    let mut clockwork = Clockwork::begin(writer, Box::new(|_: &_, _: &mut _| Outcome::Sent));
    let start = at("2026-11-16T09:00:00Z");
    let line = |id: &str, event: &str, properties: Value| {
        json!({ "type": "track", "source": "web", "messageId": id, "userId": "maria", "event": event,
            "timestamp": start.to_string(), "receivedAt": start.to_string(),
            "properties": properties })
    };
    let held_back =
        json!({ "channel": "sms", "purpose": "transactional", "phone": "+34600112233" });
    let order = json!({ "order_id": "1", "total": 20, "email": "maria@example.com" });
    let told = [line("1", "Consent Withdrawn", held_back), line("2", "Order Completed", order)];
    for event in told {
        clockwork.arrive(vec![read.event(&event)], start).unwrap();
    }
    clockwork.go_on_until(at("2026-11-17T09:00:00Z")).unwrap();
    let decided = clockwork.take_decided().into_iter();
    let sends = decided.filter(|decision| decision.verdict == Verdict::Send);
    assert_eq!(sends.map(|decision| decision.channel).collect::<Vec<_>>(), [Some(Over::Email)]);
}
