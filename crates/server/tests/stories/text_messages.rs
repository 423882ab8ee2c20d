//! Text messages through a real deliverer to a provider on this machine: what it says of a number stops
//! that number, and what a person says stops the next message of the same second.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex as Shared};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use regulars_deliver::{Channel, SmsChannel};
use regulars_engine::decision::{Message, MessageState};
use regulars_engine::event::{Channel as Over, Mode};
use regulars_engine::source::SourceSettings;
use regulars_ingest::Received;
use regulars_ingest::providers::{self, Provider};
use regulars_server::clock;
use regulars_server::live::{self, Deliverers, Desk, message_mark};
use regulars_server::serve::open_writer;
use regulars_server::signing::Signing;
use regulars_store::{MessageFilter, Reader, Sending, SqliteReader};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::play::{Lines, program};

const SHOP: &str = "\
shop: Tienda
zone: UTC
currency: EUR
base url: https://shop.example
languages: [es]
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Shared::new(Vec::new()));
        let seen = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                // It ends when the client hangs up.
                std::thread::spawn(move || while talk(&stream, &seen).is_some() {});
            }
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

fn talk(stream: &TcpStream, seen: &Shared<Vec<Form>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let decoded = |text: &str| {
        percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned()
    };
    let body = String::from_utf8(body).unwrap();
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    let form: Form = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let to = form.iter().find(|(name, _)| name == "To").unwrap().1.clone();
    let (status, said) = match to.as_str() {
        "+34600000002" => (400, json!({ "code": 21211, "message": "Invalid 'To' Phone Number" })),
        "+34600000003" => (400, json!({ "code": 21610, "message": "unsubscribed recipient" })),
        _ => (201, json!({ "sid": format!("SM{}", seen.lock().unwrap().len()) })),
    };
    seen.lock().unwrap().push(form);
    let said = said.to_string();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", said.len());
    let mut stream = stream;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(said.as_bytes()).ok()
}

/// A shop whose quiet hours are never now.
fn shop() -> String {
    let then = clock::now().in_zone(&jiff::tz::TimeZone::UTC).hour();
    let from = (then + 12) % 24;
    SHOP.replace("QUIET", &format!("quiet hours: \"{from:02}:00 to {from:02}:30\""))
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
        let shared = Arc::new(Deliverers {
            desk: desk.clone(),
            channel: Channel::from_setting(None).unwrap(),
            sms: SmsChannel::from_setting(Some(&setting)).unwrap(),
            signing: Signing::default(),
            trouble: Arc::default(),
            sms_trouble: Arc::default(),
        });
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
