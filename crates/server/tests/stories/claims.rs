//! What becomes of claims that did not go out: one that begins too late, or after something was heard of
//! its person, goes back and is looked at again, one that failed uses up no limit, and one that a kill caught is uncertain.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use regulars_engine::decision::{Message, MessageState, Verdict};
use regulars_engine::journey::{CLAIM_BEGINS_MS, Outcome};
use regulars_engine::program::Program;
use regulars_engine::reason::{Reason, ReasonCode};
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::clockwork::Clockwork;
use regulars_server::live;
use regulars_server::serve::open_writer;
use regulars_server::writer::Writer;
use regulars_store::{MessageFilter, Reader, Sending, SqliteStore};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::play::{Lines, at, deliverers, program, writer};

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
address: Calle Mayor 1, 28013 Madrid
base url: https://shop.example
from: { name: Tienda, email: hola@tienda.example }
at most: [ { messages: 1, per: 24 hours } ]
---
journey: thanks
purpose: transactional
enter: [Order Completed]
steps:
  - { send: thanks, channel: email, template: letter }
---
journey: care
purpose: care
priority: 2
enter: [Ticket Opened]
steps:
  - wait: 1 hour
  - { send: care, channel: email, template: letter }
---
journey: news
purpose: care
enter: [Ticket Opened]
steps:
  - wait: 2 hours
  - { send: news, channel: email, template: letter }
---
journey: letters
purpose: transactional
enter: [Ticket Closed]
steps:
  - { send: one, channel: email, template: letter }
  - { send: two, channel: email, template: letter }
---
template: letter
subject: Thank you
mjml: |
  <mjml><mj-body><mj-section><mj-column>
    <mj-text>Thank you. {{ shop.name }}, {{ shop.address }}. <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></mj-text>
  </mj-column></mj-section></mj-body></mjml>
";

fn line(id: &str, event: &str, properties: Value, at: Timestamp) -> Value {
    json!({ "type": "track", "source": "desk", "messageId": id, "userId": "maria", "event": event,
        "properties": properties, "timestamp": at.to_string(), "receivedAt": at.to_string() })
}

/// A provider may take half a minute to answer, and somebody may be erased in it.
#[test]
fn a_message_on_its_way_is_kept_empty_where_its_person_was_erased() {
    let (mut writer, now) = (writer(SHOP), at("2026-11-16T09:00:00Z"));
    let order = json!({ "order_id": "W-1", "total": 20, "email": "maria@example.com" });
    let order = Lines::of(writer.program()).event(&line("1", "Order Completed", order, now));
    writer.accept(vec![order], Vec::new(), now).unwrap();
    writer.tick(now, 64).unwrap();
    let mut message = writer.take_claimed().pop().unwrap();
    "Thank you, Maria".clone_into(&mut message.text);
    let id = message.id;
    writer.erase(message.person, now).unwrap();
    writer.settle(message, Outcome::Sent, now.plus(30_000)).unwrap();
    let kept = writer.reader().message(id).unwrap().unwrap();
    assert_eq!((kept.state, kept.text.as_str()), (MessageState::Sent, ""));
    assert_ne!(kept.recipient.value(), "maria@example.com");
}

/// Orders of two people, each to be thanked, and the thanks that was claimed for the first of them.
fn one_of_two(writer: &mut Writer<SqliteStore>, now: Timestamp) -> Message {
    writer.set_slots(1);
    for (number, who) in ["jose", "maria"].into_iter().enumerate() {
        let at = now.plus(i64::try_from(number).unwrap());
        let order = json!({ "order_id": who, "total": 20, "email": format!("{who}@example.com") });
        let mut order = line(who, "Order Completed", order, at);
        order["userId"] = who.into();
        let order = Lines::of(writer.program()).event(&order);
        writer.accept(vec![order], Vec::new(), at).unwrap();
    }
    writer.tick(now.plus(5), 64).unwrap();
    let mut claimed = writer.take_claimed();
    assert_eq!((claimed.len(), writer.room()), (1, 0));
    claimed.remove(0)
}

#[test]
fn what_has_ended_makes_room_for_the_next_in_the_same_commit() {
    let (mut writer, now) = (writer(SHOP), at("2026-11-16T09:00:00Z"));
    let first = one_of_two(&mut writer, now);
    let (id, later) = (first.id, now.plus(10));
    assert_eq!(writer.settle_and_look(vec![(first, Outcome::Sent)], later, 64).unwrap(), Some(1));
    assert_eq!(writer.reader().message(id).unwrap().unwrap().state, MessageState::Sent);
    let second = writer.take_claimed().remove(0);
    assert_eq!(second.claimed_at, later);
    assert_eq!(second.recipient.value(), "maria@example.com");
    // Nobody is free: what has ended is noted all the same.
    writer.set_slots(0);
    let ended = vec![(second, Outcome::Failed)];
    assert_eq!(writer.settle_and_look(ended, later, 64).unwrap(), None);
}

/// Who comes next may have said no while the first was on its way.
#[test]
fn a_no_counts_in_the_commit_that_settles_the_message_before() {
    let (mut writer, now) = (writer(SHOP), at("2026-11-16T09:00:00Z"));
    let first = one_of_two(&mut writer, now);
    let bounced = json!({ "type": "track", "source": "desk", "messageId": "b", "userId": "maria",
        "event": "Email Bounced", "properties": { "email": "maria@example.com" },
        "timestamp": now.plus(6).to_string(), "receivedAt": now.plus(6).to_string() });
    let bounced = Lines::of(writer.program()).event(&bounced);
    writer.accept(vec![bounced], Vec::new(), now.plus(6)).unwrap();
    writer.settle_and_look(vec![(first, Outcome::Sent)], now.plus(10), 64).unwrap();
    assert!(writer.take_claimed().is_empty());
}

/// Somebody's row cannot be read: that keeps nobody else's message uncertain.
#[test]
fn a_damaged_row_does_not_keep_what_became_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", SHOP)])).unwrap();
    let now = at("2026-11-16T09:00:00Z");
    let first = one_of_two(&mut writer, now);
    drop(writer);
    let path = folder.path().join("regulars.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let name = b"maria@example.com";
    let places: Vec<usize> =
        (0..bytes.len() - name.len()).filter(|at| bytes[*at..].starts_with(name)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at..at + name.len()].fill(0xff));
    std::fs::write(&path, bytes).unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.borrow_program(program(&[("shop.yaml", SHOP)])).unwrap();
    let id = first.id;
    assert!(writer.settle_and_look(vec![(first, Outcome::Sent)], now.plus(10), 64).is_err());
    assert_eq!(writer.reader().message(id).unwrap().unwrap().state, MessageState::Sent);
}

/// What somebody says counts until the message begins to leave, though it was claimed before: the
/// deliverer is a real one, and is busy until then.
#[test]
fn a_claim_whose_person_says_no_before_it_begins_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", SHOP)])).unwrap();
    let now = clock::now();
    let mut lines = Lines::of(writer.program());
    let mut order = |who: &str| {
        let order = json!({ "order_id": who, "total": 20, "email": format!("{who}@example.com") });
        let mut order = line(who, "Order Completed", order, now);
        order["userId"] = who.into();
        lines.event(&order)
    };
    let orders = vec![order("maria"), order("jose")];
    let dead = json!({ "email": "maria@example.com" });
    let bounced = lines.event(&line("b", "Email Bounced", dead, now));
    let messages = tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 2).unwrap();
        let shared = deliverers(&desk, None, None);
        let reader = desk.reader().await.unwrap();
        desk.ask(move |writer| writer.accept(orders, Vec::new(), now)).await.unwrap().unwrap();
        let states = |state| {
            let wanted = MessageFilter { state: Some(state), ..MessageFilter::default() };
            reader.messages(&wanted, 10).unwrap().len()
        };
        let until = async |state, count| {
            let reached = async {
                while states(state) != count {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(4), reached).await.unwrap();
        };
        until(MessageState::Claimed, 2).await;
        desk.ask(move |writer| writer.accept(vec![bounced], Vec::new(), now))
            .await
            .unwrap()
            .unwrap();
        let theirs = desk.reader().await.unwrap();
        let delivering = tokio::spawn(live::deliver(shared, Arc::new(Mutex::new(claims)), theirs));
        until(MessageState::Sent, 1).await;
        until(MessageState::TakenBack, 1).await;
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        delivering.await.unwrap();
        reader.messages(&MessageFilter::default(), 10).unwrap()
    });
    assert_eq!(messages.len(), 2, "hers was not claimed anew");
    let back = messages.iter().find(|message| message.state == MessageState::TakenBack).unwrap();
    assert_eq!(back.recipient.value(), "maria@example.com");
    assert_eq!(back.note, "Something was heard of the person before it began to leave.");
}

/// One piece of work may claim a message and then hear of its person, before any deliverer has it.
#[test]
fn what_is_heard_before_a_claim_is_handed_out_counts() {
    let (writer, now) = (writer(SHOP), clock::now());
    let mut lines = Lines::of(writer.program());
    let order = json!({ "order_id": "W-1", "total": 20, "email": "maria@example.com" });
    let order = lines.event(&line("1", "Order Completed", order, now));
    let dead = json!({ "email": "maria@example.com" });
    let bounced = lines.event(&line("b", "Email Bounced", dead, now));
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, mut claims, thread) = live::start(writer, 1).unwrap();
        let work = desk.ask(move |writer| {
            writer.accept(vec![order], Vec::new(), now).unwrap();
            writer.tick(now, 64).unwrap();
            assert_eq!(writer.room(), 0, "it is claimed");
            writer.accept(vec![bounced], Vec::new(), now).unwrap();
        });
        work.await.unwrap();
        assert!(claims.recv().await.unwrap().heard.anything());
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
    });
}

/// The deliverer is a real one, and so is the clock: the claim was made ten seconds ago.
#[test]
fn a_claim_that_begins_too_late_goes_back_and_is_claimed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = open_writer(folder.path()).unwrap();
    writer.set_sending(Sending::On).unwrap();
    writer.borrow_program(program(&[("shop.yaml", SHOP)])).unwrap();
    let before = clock::now().plus(-2 * CLAIM_BEGINS_MS);
    let order = json!({ "order_id": "W-1", "total": 20, "email": "maria@example.com" });
    let order = Lines::of(writer.program()).event(&line("1", "Order Completed", order, before));
    let messages = tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let (desk, claims, thread) = live::start(writer, 1).unwrap();
        let shared = deliverers(&desk, None, None);
        let reader = desk.reader().await.unwrap();
        let delivering = tokio::spawn(live::deliver(shared, Arc::new(Mutex::new(claims)), reader));
        let accepted = desk.ask(move |writer| {
            let accepted = writer.accept(vec![order], Vec::new(), before);
            writer.tick(before, 1).unwrap();
            accepted
        });
        assert_eq!(accepted.await.unwrap().unwrap().accepted, 1);
        let reader = desk.reader().await.unwrap();
        let sent = async {
            loop {
                let messages = reader.messages(&MessageFilter::default(), 10).unwrap();
                if messages.iter().any(|message| message.state == MessageState::Sent) {
                    return messages;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let messages = tokio::time::timeout(Duration::from_secs(60), sent).await.unwrap();
        desk.stop();
        tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        delivering.await.unwrap();
        messages
    });
    let told = |state| messages.iter().find(|message| message.state == state).unwrap();
    let (stale, fresh) = (told(MessageState::TakenBack), told(MessageState::Sent));
    assert_eq!((messages.len(), stale.claimed_at), (2, before));
    assert_eq!(
        (stale.note.as_str(), stale.html.as_str()),
        ("It had not begun to leave in time.", "")
    );
    assert!(fresh.claimed_at > before && fresh.html.contains("Thank you"));
}

/// A shop on a virtual clock where `first` becomes of the first message, and every other one is sent.
fn clockwork(first: Outcome) -> (Clockwork, Lines) {
    clockwork_of(vec![first])
}

/// The same where these become of the first messages, one after the other.
fn clockwork_of(outcomes: Vec<Outcome>) -> (Clockwork, Lines) {
    let writer = writer(SHOP);
    let read = Lines::of(writer.program());
    let mut outcomes = outcomes.into_iter();
    let deliver = move |_: &_, _: &mut _| outcomes.next().unwrap_or(Outcome::Sent);
    (Clockwork::begin(writer, Box::new(deliver)), read)
}

/// What was decided of the steps.
fn told(clockwork: &mut Clockwork, verdicts: &[Verdict]) -> Vec<String> {
    let decided = clockwork.take_decided().into_iter();
    let decided = decided.filter(|decision| verdicts.contains(&decision.verdict));
    decided.map(|decision| format!("{} {}", decision.step, decision.verdict.word())).collect()
}

/// One message a day is enough, and the first one failed: the other goes at its time, not a day later.
#[test]
fn a_message_that_failed_uses_up_no_limit() {
    let steps = |first: Outcome| {
        let (mut clockwork, mut read) = clockwork(first);
        let start = at("2026-11-16T09:00:00Z");
        let yes = json!({ "email": "maria@example.com", "channel": "email", "purpose": "care" });
        for line in [
            line("1", "Consent Given", yes, start),
            line("2", "Ticket Opened", json!({ "ticket_id": "t1" }), start),
        ] {
            clockwork.arrive(vec![read.event(&line)], start).unwrap();
        }
        clockwork.go_on_until(at("2026-11-16T13:00:00Z")).unwrap();
        told(&mut clockwork, &[Verdict::Sent, Verdict::Failed, Verdict::Hold])
    };
    assert_eq!(steps(Outcome::Failed), ["care failed", "news sent"]);
    assert_eq!(steps(Outcome::Sent), ["care sent", "news hold"]);
}

/// A mail server that is away for a while loses nothing: the message is tried again, ever later, and
/// has failed only then; what a person says meanwhile counts.
#[test]
fn a_message_that_is_not_taken_is_tried_again_a_few_times() {
    let verdicts = [Verdict::Send, Verdict::Sent, Verdict::Failed, Verdict::Hold, Verdict::Skip];
    let start = at("2026-11-16T09:00:00Z");
    let minutes = |outcomes: &[Outcome], step: &str, happens: &[(&str, i64)]| {
        let (mut clockwork, mut read) = clockwork_of(outcomes.to_vec());
        for (number, (kind, minute)) in happens.iter().enumerate() {
            let then = start.plus(minute * 60_000);
            clockwork.go_on_until(then).unwrap();
            let said = json!({ "email": "maria@example.com", "channel": "email",
                "purpose": "care", "ticket_id": "t1" });
            let event = read.event(&line(&number.to_string(), kind, said, then));
            clockwork.arrive(vec![event], then).unwrap();
        }
        clockwork.go_on_until(at("2026-11-16T12:00:00Z")).unwrap();
        let decided = clockwork.take_decided().into_iter();
        let of_step = decided
            .filter(|decision| decision.step == step && verdicts.contains(&decision.verdict));
        let told = of_step.map(|decision| {
            format!("{} {}", decision.at.since(start) / 60_000, decision.verdict.word())
        });
        told.collect::<Vec<_>>().join(", ")
    };
    let later = Outcome::Postponed;
    let closed = [("Ticket Closed", 0)];
    assert_eq!(
        minutes(&[later, later, Outcome::Sent], "one", &closed),
        "0 send, 0 hold, 1 send, 1 hold, 6 send, 6 sent"
    );
    assert_eq!(
        minutes(&[later; 5], "one", &closed),
        "0 send, 0 hold, 1 send, 1 hold, 6 send, 6 hold, 36 send, 36 hold, 156 send, 156 failed"
    );
    assert_eq!(minutes(&[later; 5], "two", &closed), "156 send, 156 sent");
    // The message of this journey goes an hour after what starts it.
    let no = [("Consent Given", 0), ("Ticket Opened", 0), ("Consent Withdrawn", 63)];
    assert_eq!(minutes(&[later; 5], "care", &no), "60 send, 60 hold, 61 send, 61 hold, 66 skip");
}

/// Of two claims of one step the story says which went back, and why; each claim has one end.
#[test]
fn a_claim_that_went_back_says_so_and_why() {
    for (outcome, because) in [
        (Outcome::TakenBack, ReasonCode::NotBegun),
        (Outcome::Overtaken, ReasonCode::HeardSince),
        (Outcome::Postponed, ReasonCode::NotTaken),
    ] {
        let (mut clockwork, mut read) = clockwork(outcome);
        let start = at("2026-11-16T09:00:00Z");
        let closed = json!({ "ticket_id": "t1", "email": "maria@example.com" });
        let closed = read.event(&line("1", "Ticket Closed", closed, start));
        clockwork.arrive(vec![closed], start).unwrap();
        clockwork.go_on_until(at("2026-11-16T10:00:00Z")).unwrap();
        let decided = clockwork.take_decided().into_iter();
        let of_messages = decided.filter(|each| each.step == "one" && each.message.is_some());
        let told: Vec<_> =
            of_messages.map(|each| (each.verdict, each.message, each.reasons)).collect();
        let [(_, first, _), (_, back, why), (_, second, _), (_, sent, _)] = &told[..] else {
            panic!("{told:?}")
        };
        let verdicts = told.iter().map(|(verdict, ..)| *verdict).collect::<Vec<_>>();
        assert_eq!(verdicts, [Verdict::Send, Verdict::TakenBack, Verdict::Send, Verdict::Sent]);
        assert!(back == first && sent == second && second != first);
        assert_eq!(why[..], [Reason::bare(because)]);
    }
}

/// Behind a message that a kill caught another one is due at once: that one was on no way yet.
#[test]
fn a_kill_leaves_only_what_was_on_its_way_uncertain() {
    let (mut clockwork, mut read) = clockwork(Outcome::Sent);
    let start = at("2026-11-16T09:00:00Z");
    let closed = json!({ "ticket_id": "t1", "email": "maria@example.com" });
    clockwork.crash_at_next_claim();
    clockwork.arrive(vec![read.event(&line("1", "Ticket Closed", closed, start))], start).unwrap();
    clockwork.go_on_until(at("2026-11-16T10:00:00Z")).unwrap();
    let verdicts = [Verdict::Send, Verdict::Sent, Verdict::Uncertain];
    assert_eq!(
        told(&mut clockwork, &verdicts),
        ["one send", "one uncertain", "two send", "two sent"]
    );
}

/// Whoever publishes may use at once what is published: nobody is told before everybody sees it.
#[test]
fn what_is_published_is_in_force_when_its_publisher_hears_of_it() {
    let writer = writer(SHOP);
    let numbered = |number: usize| {
        let segment = "---\nsegment: lookers\nwhen: event \"Product Viewed\" at least ";
        let text = format!("{SHOP}{segment}{} times\n", number + 1);
        program(&[("shop.yaml", text.as_str())])
    };
    let programs: Vec<Program> = (0..300).map(numbered).collect();
    let (desk, _claims, thread) = live::start(writer, 1).unwrap();
    let done = AtomicBool::new(false);
    let late = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                drop(desk.program());
            }
        });
        let hand = tokio::runtime::Runtime::new().unwrap();
        let publish = |published: Program| {
            let wanted = published.version;
            let work = desk.ask(move |writer| writer.borrow_program(published));
            hand.block_on(work).unwrap().unwrap();
            desk.program().version != wanted
        };
        let late = programs.into_iter().map(publish).filter(|late| *late).count();
        done.store(true, Ordering::Relaxed);
        late
    });
    desk.stop();
    thread.join().unwrap();
    assert_eq!(late, 0, "times that the former definitions were still shown");
}
