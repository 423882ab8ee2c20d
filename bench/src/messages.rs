//! What a message costs, from its last look to the verdict of a mail server: guarded, claimed, rendered,
//! signed, handed over a socket, and settled, by the running program. What a signature costs is told
//! apart from that.
//!
//! `cargo xtask bench messages [--messages 100_000] [--sign none|ed25519|rsa|both]`

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use regulars_deliver::email::{DkimKey, Signers};
use regulars_deliver::{Email, Mailbox, Message};
use regulars_engine::event::{Event, Mode};
use regulars_engine::time::{HOUR, Timestamp};
use regulars_ingest::ndjson;
use regulars_server::clock;
use regulars_server::serve::open_writer;
use regulars_server::signing::{self, Algorithm, NewKey, Which};
use serde_json::json;

use super::number;
use crate::machine::{described, forget_peak, peak_megabytes, process_cpu, thread_cpu};
use crate::serving::Serving;

/// A shop that reminds whoever left something in the cart, unless it was bought meanwhile.
const SHOP: &str = "shop: Bench\nzone: Europe/Madrid\ncurrency: EUR\naddress: Calle Mayor 1, 28013 Madrid\n\
    site: https://shop.example\nbase url: https://shop.example\n\
    from: { name: Bench, email: hola@shop.example }\nat most: [ { messages: 2, per: 1 day } ]\n---\n\
    source: web\nsends orders: no\n---\n\
    template: reminder\nbuilt in: cart-reminder\n---\n\
    journey: cart\npurpose: promotion\nenter: { on: [Product Added], if: cart is open }\n\
    exit: [ has bought any product of the cart ]\nsteps:\n\
    \x20 - wait: 30 minutes\n  - { send: reminder, channel: email, template: reminder }\n";

const DOMAIN: &str = "shop.example";
/// Persons written in one commit.
const BATCH: u64 = 1_000;
/// Messages that are signed to see what that costs.
const SIGNED: u32 = 200;

pub(crate) fn run(options: &[String]) -> Result<()> {
    let messages = number(options, "--messages", 100_000)?;
    let sign = options.iter().position(|option| option == "--sign");
    let sign = match sign.map(|at| options.get(at + 1).map(String::as_str)) {
        None | Some(Some("none")) => &[][..],
        Some(Some("ed25519")) => &[Algorithm::Ed25519],
        Some(Some("rsa")) => &[Algorithm::Rsa],
        Some(Some("both")) => &[Algorithm::Rsa, Algorithm::Ed25519],
        Some(_) => bail!("\"--sign\" wants none, ed25519, rsa or both behind it"),
    };
    let folder = tempfile::tempdir().context("could not make a folder")?;
    fill(folder.path(), messages, sign)?;
    forget_peak().context("could not let the peak of memory begin anew")?;
    let sink = Sink::start()?;
    let (began, before) = (Instant::now(), process_cpu());
    let mail = format!("smtp://127.0.0.1:{}?tls=none", sink.port);
    let serving = Serving::start(folder.path(), Some(mail))?;
    let whole = wait_for(&sink, messages);
    let (took, cpu) = (began.elapsed(), process_cpu() - before);
    serving.end();
    let taken = sink.taken.load(Ordering::Relaxed);
    let sinks = Duration::from_nanos(sink.spent_ns.load(Ordering::Relaxed));
    let ours = cpu.saturating_sub(sinks);
    ensure!(taken > 0, "no message came; {}", described());
    let each = |time: Duration| time.as_secs_f64() * 1e6 / as_float(taken);
    println!(
        "{taken} of {messages} messages in {:.1} s: {:.0} a second",
        took.as_secs_f64(),
        as_float(taken) / took.as_secs_f64()
    );
    println!("CPU a message  {:.0} µs, and {:.0} µs of the sink", each(ours), each(sinks));
    println!(
        "bytes a message {}; memory {} MB at most",
        sink.bytes.load(Ordering::Relaxed) / taken,
        peak_megabytes()
    );
    for algorithm in [Algorithm::Ed25519, Algorithm::Rsa] {
        println!(
            "a signature by {:?} {:.0} µs",
            algorithm,
            signature(algorithm)?.as_secs_f64() * 1e6
        );
    }
    println!("{}", described());
    ensure!(whole, "no message came for a minute: {} are missing", messages - taken);
    Ok(())
}

fn as_float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The CPU time of one signature, of a message as long as those that leave.
fn signature(algorithm: Algorithm) -> Result<Duration> {
    let key = DkimKey::new(DOMAIN, "bench", &NewKey::generate(algorithm))?;
    let signers = Signers::new(vec![key]);
    let ana = Mailbox::parse("Ana", "ana@shop.example")?;
    let email = Email::build(&Message {
        from: ana.clone(),
        bounces_to: None,
        reply_to: None,
        to: ana,
        subject: "Your cart waits".to_owned(),
        html: "<p style=\"color: #333333\">Still in your cart: T-shirt, 20.00 EUR</p>\n"
            .repeat(220),
        text: "Still in your cart: T-shirt, 20.00 EUR\n".repeat(20),
        message_id: "bench@shop.example".to_owned(),
        sent_at: SystemTime::UNIX_EPOCH,
        unsubscribe: None,
        headers: Vec::new(),
    })?;
    let mut letters = vec![email; usize::try_from(SIGNED)?];
    let before = thread_cpu();
    for letter in &mut letters {
        signers.sign(letter, DOMAIN, SystemTime::UNIX_EPOCH);
    }
    Ok((thread_cpu() - before) / SIGNED)
}

/// A store in which so many persons are due for a reminder.
fn fill(folder: &std::path::Path, people: u64, sign: &[Algorithm]) -> Result<()> {
    let mut writer = open_writer(folder)?;
    let files = vec![("shop.yaml".to_owned(), SHOP.to_owned())];
    let then = clock::now().plus(-HOUR);
    writer.publish(&files, then)?;
    writer.hold_sending();
    for algorithm in sign {
        let key = NewKey::generate(*algorithm);
        let kept = signing::keep(writer.store(), DOMAIN, None, &key, "bench", then)?;
        let which = Which { domain: DOMAIN.to_owned(), selector: kept.selector };
        signing::sign_with(writer.store(), &which, "bench", then)?;
    }
    let program = Arc::clone(writer.program());
    let file = ndjson::File {
        settings_of: &|name| Arc::new(program.source(name).into_owned()),
        rules: &program.identity,
        source: None,
        received_at: then,
        mode: Mode::Live,
    };
    let began = Instant::now();
    for first in (0..people).step_by(usize::try_from(BATCH)?) {
        let who = first..people.min(first + BATCH);
        let lines = who.flat_map(|who| lines(who, then));
        let events: Result<Vec<Event>> = lines.map(|line| read(&line, &file)).collect();
        writer.accept(events?, Vec::new(), then)?;
    }
    eprintln!("{people} carts in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn read(line: &str, file: &ndjson::File<'_>) -> Result<Event> {
    match ndjson::parse_line(line.as_bytes(), 1, file) {
        Some(Ok(event)) => Ok(event),
        Some(Err(rejected)) => bail!("{}: {line}", rejected.reason),
        None => bail!("an empty line"),
    }
}

/// A yes, and something in the cart.
fn lines(who: u64, then: Timestamp) -> [String; 2] {
    let line = |event: &str, properties: serde_json::Value| {
        json!({ "type": "track", "source": "web", "messageId": format!("{event}-{who}"),
            "userId": format!("u{who}"), "event": event, "properties": properties,
            "timestamp": then.to_string(), "receivedAt": then.to_string() })
        .to_string()
    };
    let email = format!("person{who}@mail{}.example", who % 50);
    let yes = json!({ "email": email, "channel": "email", "purpose": "promotion" });
    let tee = json!({ "product_id": format!("tee-{}", who % 500), "name": "T-shirt", "price": 20,
        "url": "https://shop.example/tee", "image_url": "https://shop.example/tee.jpg" });
    [line("Consent Given", yes), line("Product Added", tee)]
}

/// Waits until all have come; false if none came for a minute.
fn wait_for(sink: &Sink, messages: u64) -> bool {
    let (mut taken, mut last) = (0, Instant::now());
    let mut said = Instant::now();
    while taken < messages {
        std::thread::sleep(Duration::from_millis(5));
        let now = sink.taken.load(Ordering::Relaxed);
        if now > taken {
            (taken, last) = (now, Instant::now());
        }
        if said.elapsed() > Duration::from_secs(5) {
            said = Instant::now();
            eprintln!("{taken} of {messages}");
        }
        if last.elapsed() > Duration::from_secs(60) {
            return false;
        }
    }
    true
}

/// A mail server that takes everything, on threads whose CPU time is told apart.
struct Sink {
    port: u16,
    taken: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
    spent_ns: Arc<AtomicU64>,
}

impl Sink {
    fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("could not listen")?;
        let port = listener.local_addr()?.port();
        let (taken, bytes, spent_ns) =
            (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let shared = (Arc::clone(&taken), Arc::clone(&bytes), Arc::clone(&spent_ns));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (taken, bytes, spent_ns) = shared.clone();
                std::thread::spawn(move || {
                    // A connection that breaks shows as messages that are missing.
                    let _ = talk(&stream, &taken, &bytes, &spent_ns);
                });
            }
        });
        Ok(Self { port, taken, bytes, spent_ns })
    }
}

/// One connection, until its other end closes it.
fn talk(
    stream: &TcpStream,
    taken: &AtomicU64,
    bytes: &AtomicU64,
    spent_ns: &AtomicU64,
) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::with_capacity(64 * 1024, stream), stream);
    writer.write_all(b"220 sink ESMTP\r\n")?;
    let mut line = Vec::new();
    let mut told = Duration::ZERO;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"EHLO") => writer
                .write_all(b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n")?,
            Some(b"DATA") => {
                writer.write_all(b"354 go on\r\n")?;
                loop {
                    line.clear();
                    let read = reader.read_until(b'\n', &mut line)?;
                    if read == 0 {
                        return Ok(());
                    }
                    if line == b".\r\n" {
                        break;
                    }
                    bytes.fetch_add(u64::try_from(read)?, Ordering::Relaxed);
                }
                let spent = thread_cpu();
                let more = u64::try_from((spent - told).as_nanos())?;
                told = spent;
                spent_ns.fetch_add(more, Ordering::Relaxed);
                taken.fetch_add(1, Ordering::Relaxed);
                writer.write_all(b"250 taken\r\n")?;
            }
            Some(b"QUIT") => {
                writer.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            Some(_) | None => writer.write_all(b"250 ok\r\n")?,
        }
    }
}
