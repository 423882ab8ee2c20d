//! Push messages through a real deliverer to a push service on this machine: what leaves, what the service
//! says of a browser, and which browser or channel takes its place. What stands inside of a message a
//! library of others reads in `tests/push`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex as Shared};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use regulars_engine::decision::{Message, MessageState};
use regulars_engine::event::Channel as Over;
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::journey::Outcome;
use regulars_server::clock;
use regulars_server::ledger::{Said, ledger};
use regulars_server::live::{self, Deliverers};
use regulars_server::pushing::{Pushing, PushingError, Replace, make_key, would_make};
use regulars_server::serve::open_writer;
use regulars_store::{MessageFilter, Reader, Sending, SqliteReader, Store};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey};
use ring::rand::SystemRandom;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::play::{Lines, deliverers, program};
use super::posted::{Posted, listen};
use super::text_messages::became;

const SHOP: &str = "\
shop: Tienda
zone: UTC
currency: EUR
base url: https://regulars.example
site: https://tienda.example
address: Calle Mayor 1, 28013 Madrid
from: { name: Tienda, email: hola@tienda.example }
---
journey: thanks
purpose: transactional
enter: [Order Completed]
re-entry: 1 minute
steps:
  - send: thanks
    channel: push
    template: thanks
    otherwise: { email: letter }
---
template: letter
subject: Gracias
mjml: <mjml><mj-body><mj-section><mj-column><mj-text>Gracias</mj-text></mj-column></mj-section></mj-body></mjml>
---
template: thanks
push: { title: Gracias, text: Su pedido, link: /pedidos }
";

/// A push service that knows some browsers to be gone, and is busy for others.
struct Service {
    address: SocketAddr,
    arrived: Arc<Shared<Vec<Posted>>>,
}

impl Service {
    fn start() -> Self {
        let arrived = Arc::new(Shared::new(Vec::new()));
        let seen = Arc::clone(&arrived);
        let address = listen(move |posted: Posted| {
            let said = match posted.path.as_str() {
                "/gone" => "410 Gone",
                "/unknown" => "404 Not Found",
                "/busy" => "429 Too Many Requests\r\nretry-after: 600",
                _ => "201 Created",
            };
            seen.lock().unwrap().push(posted);
            (said.to_owned(), String::new())
        });
        Self { address, arrived }
    }

    /// What a browser subscribes with.
    fn subscription(&self, path: &str) -> Value {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let key = BASE64.encode(key.compute_public_key().unwrap());
        let endpoint = format!("http://{}/{path}", self.address);
        json!({ "endpoint": endpoint, "keys": { "p256dh": key, "auth": BASE64.encode([7; 16]) } })
    }

    /// The fields of the messages that came for a browser.
    fn messages_to(&self, path: &str) -> Vec<Vec<(String, String)>> {
        let path = format!("/{path}");
        let arrived = self.arrived.lock().unwrap();
        let all = arrived.iter().filter(|posted| posted.path == path);
        all.map(|posted| posted.fields.clone()).collect()
    }
}

fn line(who: &str, event: &str, browser: Option<&str>, properties: Value) -> Value {
    let now = clock::now().to_string();
    let id = format!("{who} {event} {} {properties}", browser.unwrap_or_default());
    let mut line = json!({ "type": "track", "source": "web", "messageId": id, "userId": who,
        "event": event, "timestamp": now, "receivedAt": now, "properties": properties });
    if let Some(browser) = browser {
        line["anonymousId"] = browser.into();
    }
    line
}

fn order(who: &str) -> Value {
    let mail = format!("{who}@example.com");
    let properties = json!({ "order_id": who, "total": 20, "email": mail });
    line(who, "Order Completed", None, properties)
}

/// The deliverers of a test, with the key for push messages that the store holds.
fn pushing(shared: Arc<Deliverers>, reader: &SqliteReader) -> Arc<Deliverers> {
    let mut shared = Arc::into_inner(shared).unwrap();
    let inside = [std::net::Ipv4Addr::LOCALHOST.into()];
    shared.push = Pushing::open(reader, &inside).unwrap();
    Arc::new(shared)
}

/// A key, and half an hour ago another one in its place.
fn make_keys(store: &mut impl Store) {
    let ago = |minutes: i64| clock::now().plus(-60_000 * minutes);
    make_key(store, Replace::No, "test", ago(90)).unwrap();
    let taken = make_key(store, Replace::No, "test", ago(60));
    assert!(matches!(taken, Err(PushingError::Taken)));
    let first = make_key(store, Replace::Yes, "test", ago(60)).unwrap();
    let asked =
        would_make(&store.reader().unwrap(), &program(&[("shop.yaml", SHOP)]), Replace::Yes);
    let asked = asked.unwrap();
    assert_eq!((asked.key, asked.replaces), (None, true));
    let second = make_key(store, Replace::Yes, "test", ago(30)).unwrap();
    assert_ne!(first.public, second.public);
}

fn of(reader: &SqliteReader, who: &str) -> Vec<Message> {
    let messages = reader.messages(&MessageFilter::default(), 50).unwrap();
    let login = Identifier::new(IdentifierKind::UserId, who).unwrap();
    let person = reader.holder(login.key(reader.salt())).unwrap();
    messages.into_iter().filter(|message| Some(message.person) == person).collect()
}

#[test]
fn a_message_finds_a_browser_that_lives_or_goes_over_the_next_channel() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    make_keys(writer.store());
    writer.borrow_program(program(&[("shop.yaml", SHOP)])).unwrap();
    let mut lines = Lines::of(writer.program());
    // What one push service asks for says nothing of another.
    let (service, busy) = (Service::start(), Service::start());
    let events: Vec<_> =
        subscriptions(&service, &busy).iter().map(|line| lines.event(line)).collect();
    let orders: Vec<_> =
        ["maria", "eva", "ana", "rosa", "nora", "vera"].map(|who| lines.event(&order(who))).into();
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 1).unwrap();
        let reader = desk.reader().await.unwrap();
        let shared = pushing(deliverers(&desk, None, None), &reader);
        let delivering = tokio::spawn(live::deliver(shared, Arc::new(Mutex::new(claims)), reader));
        let reader = desk.reader().await.unwrap();
        desk.accept(events, Vec::new()).await.unwrap();
        desk.accept(orders, Vec::new()).await.unwrap();
        let last = |who| {
            let messages = of(&reader, who);
            messages.iter().max_by_key(|message| message.id).map(|one| (one.channel, one.state))
        };
        let expected = [
            ("maria", (Over::Push, MessageState::Sent)),
            ("eva", (Over::Push, MessageState::Sent)),
            ("ana", (Over::Email, MessageState::Sent)),
            ("nora", (Over::Email, MessageState::Sent)),
            ("vera", (Over::Email, MessageState::Sent)),
        ];
        for _ in 0..400 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let asked = !busy.messages_to("busy").is_empty();
            if asked && expected.iter().all(|(who, ended)| last(who) == Some(*ended)) {
                break;
            }
        }
        for (who, ended) in expected {
            assert_eq!(last(who), Some(ended), "{who}");
        }
        is_as_it_must_be(&service, &reader);
        let login = Identifier::new(IdentifierKind::UserId, "ana").unwrap();
        let person = reader.holder(login.key(reader.salt())).unwrap().unwrap();
        let record = reader.person(person).unwrap().unwrap().1;
        assert!(record.profile.push.live().is_empty());
        // That it ended stands in the history of consent.
        let said = ledger(&reader, &record).unwrap();
        let all: Vec<Said> = said.iter().map(|entry| entry.said).collect();
        assert_eq!((all.as_slice(), said[0].channel), (&[Said::Ended, Said::Yes][..], Over::Push));
        assert_eq!(last("rosa").map(|one| one.0), Some(Over::Push), "it is tried again later");
        assert_eq!(busy.messages_to("busy").len(), 1);
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        delivering.await.unwrap();
    });
}

/// Who subscribed with which browsers, in this order.
fn subscriptions(service: &Service, busy: &Service) -> Vec<Value> {
    let subscribed = |who: &str, browser: &str, path: &str| {
        let properties = json!({ "subscription": service.subscription(path), "purpose": "care" });
        line(who, "Push Subscribed", Some(browser), properties)
    };
    // Nobody is led into a network of one's own by what a browser says.
    let mut inside = subscribed("nora", "n-1", "nora");
    inside["properties"]["subscription"]["endpoint"] = "https://10.0.0.1/nora".into();
    let mut waits = subscribed("rosa", "r-1", "busy");
    waits["properties"]["subscription"] = busy.subscription("busy");
    // Of hers the one that is gone subscribed last.
    let mut before = subscribed("eva", "e-2", "eva");
    before["timestamp"] = clock::now().plus(-60_000).to_string().into();
    // Under the key that another one has taken the place of since.
    let mut former = subscribed("vera", "v-1", "vera");
    former["timestamp"] = clock::now().plus(-45 * 60_000).to_string().into();
    vec![
        former,
        subscribed("maria", "m-1", "maria"),
        before,
        subscribed("eva", "e-1", "gone"),
        subscribed("ana", "a-1", "unknown"),
        waits,
        inside,
    ]
}

/// What came to the push service, and what is kept of it.
fn is_as_it_must_be(service: &Service, reader: &SqliteReader) {
    let maria = service.messages_to("maria").remove(0);
    let field = |name: &str| maria.iter().find(|(held, _)| held == name).unwrap().1.as_str();
    assert_eq!((field("ttl"), field("urgency")), ("86400", "high"));
    assert_eq!((field("content-encoding"), field("topic").len()), ("aes128gcm", 32));
    assert!(field("authorization").starts_with("vapid t=ey"));
    let sent = of(reader, "maria").remove(0);
    assert_eq!((sent.subject.as_str(), sent.text.as_str()), ("Gracias", "Su pedido"));
    assert_eq!(sent.links[0].target, "https://tienda.example/pedidos");
    let eva = of(reader, "eva").into_iter().find(|one| one.state == MessageState::Sent);
    assert_eq!(eva.unwrap().recipient.value(), "e-2", "the other browser of hers");
    let note = |who: &str| {
        let first = of(reader, who).into_iter().min_by_key(|message| message.id).unwrap();
        assert_eq!(first.channel, Over::Push, "{who}");
        first.note
    };
    assert_eq!((note("eva"), note("ana")), ("410".to_owned(), "404".to_owned()));
    assert_eq!(note("nora"), "the push service's address is none that may be reached");
    assert_eq!(
        note("vera"),
        "the browser subscribed under a key that another one took the place of"
    );
    for (path, messages) in [("vera", 0), ("gone", 1), ("unknown", 1), ("busy", 0), ("eva", 1)] {
        assert_eq!(service.messages_to(path).len(), messages, "{path}");
    }
}

/// What became of one message to somebody with a browser and an address, where this becomes of each claim,
/// and where a kill catches the first.
fn either(outcome: impl Fn(Over) -> Outcome + Send + 'static, killed: bool) -> Vec<String> {
    let keys = json!({ "p256dh": format!("B{}", "a".repeat(86)), "auth": "b".repeat(22) });
    let subscription = json!({ "endpoint": "https://push.example/1", "keys": keys });
    let properties = json!({ "subscription": subscription, "purpose": "care" });
    let told = [line("maria", "Push Subscribed", Some("m-1"), properties), order("maria")];
    became(SHOP, told.into(), outcome, killed)
}

/// A sudden end leaves the message uncertain: neither the browser nor another channel gets it again. One
/// that was not taken is tried again, and where the browser went meanwhile the next channel is taken.
#[test]
fn a_kill_lets_no_second_message_follow() {
    assert_eq!(either(|_| Outcome::Sent, true), ["send push", "uncertain push"]);
    let gone = |over| if over == Over::Push { Outcome::Unreached } else { Outcome::Sent };
    assert_eq!(either(gone, false), ["send push", "taken-back push", "send email", "sent email"]);
}
