//! Deliverers: a claimed message is rendered, sent once, and its outcome is noted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use regulars_deliver::sent::{dead, refusal};
use regulars_deliver::{
    Channel, Compiled, Email, Mailbox, Message as Letter, PushMessage, Rendered, Sent, SmsChannel,
    TextMessage, Unsubscribe,
};
use regulars_engine::decision::Message;
use regulars_engine::event::{Channel as Over, Event, Line, Purpose, PushSubscription};
use regulars_engine::identity::KeySalt;
use regulars_engine::journey::{CLAIM_BEGINS_MS, Outcome};
use regulars_engine::offer::Stock;
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::reason::ReasonCode;
use regulars_engine::record::Record;
use regulars_engine::segment::computed;
use regulars_engine::source::Sources;
use regulars_engine::step::{MayLeave, World};
use regulars_engine::time::{MINUTE, Timestamp};
use regulars_engine::wording::stated;
use regulars_store::{Reader, SqliteReader, StoreError};
use tokio::sync::mpsc;

use super::context::{Lists, message_context, product_url, unsubscribe_url};
use super::desk::Desk;
use super::entry::entry_context;
use super::links::track;
use super::push::notification;
use super::said_of::{may_be_stopped, said_of_address};
use super::templates::compile;
use super::token::message_mark;
use super::trouble::Trouble;
use crate::clock;
use crate::pushing::Pushing;
use crate::segments::Computed;
use crate::signing::Signing;
use crate::ui::view::reply::stop_line;
use crate::writer::{Claim, surroundings};

/// What deliverers share.
#[derive(Debug)]
pub struct Deliverers {
    /// Where outcomes are noted.
    pub desk: Desk,
    /// The way mail leaves.
    pub channel: Channel,
    /// The way text messages leave.
    pub sms: SmsChannel,
    /// The way push messages leave.
    pub push: Pushing,
    /// Who signs them.
    pub signing: Signing,
    /// Where it is noted whether mail is taken.
    pub trouble: Arc<Trouble>,
    /// Where it is noted whether text messages are.
    pub sms_trouble: Arc<Trouble>,
    /// Where it is noted whether push messages are.
    pub push_trouble: Arc<Trouble>,
}

/// What is said of a subscription to which no message can go any more, before its push service is asked.
const FORMER_KEY: &str = "the browser subscribed under a key that another one took the place of";

/// Which template, for what, and in which languages.
type Asked = (String, Purpose, Vec<String>);

/// Templates compiled under one version of the definitions.
#[derive(Default)]
struct Compilations {
    version: u64,
    catalogue: Catalogue,
    /// What computed traits are asked with, and when it was read.
    learned: Option<(Timestamp, (Catalogue, Sources))>,
    /// By name, purpose, and the languages in which their words are looked up.
    by_name: BTreeMap<Asked, Result<(Arc<Compiled>, Lists), String>>,
}

/// Sends claimed messages one after the other until the queue ends. Start as many as there are slots.
pub async fn deliver(
    shared: Arc<Deliverers>,
    queue: Arc<tokio::sync::Mutex<mpsc::Receiver<Claim>>>,
    reader: SqliteReader,
) {
    let mut compilations = Compilations::default();
    loop {
        let next = queue.lock().await.recv().await;
        let Some(Claim { mut message, record, heard }) = next else { return };
        let back = match begins(&shared, &message).await {
            false => Some(Outcome::TakenBack),
            true if heard.anything() => Some(Outcome::Overtaken),
            true => None,
        };
        let Ended { outcome, told } = match back {
            None => send(&shared, &reader, &mut compilations, (&mut message, record)).await,
            Some(outcome) => {
                let because = outcome.back_because().map_or("", ReasonCode::words);
                because.clone_into(&mut message.note);
                Ended { outcome, told: Vec::new() }
            }
        };
        // First, so that whoever looks for another channel knows that this address is none.
        if !told.is_empty()
            && let Err(error) = shared.desk.accept(told, Vec::new()).await
        {
            tracing::error!(%error, "could not note what was said of an address");
        }
        if let Err(error) = shared.desk.settle(message, outcome) {
            // It stays claimed, and the next start finds it uncertain.
            tracing::error!(%error, "could not note what became of a message");
        }
    }
}

/// Waits until it is the message's turn to leave; whether that came in time. The longer ago the last
/// look, the less it is worth: a stale claim goes back to be looked at.
async fn begins(shared: &Deliverers, message: &Message) -> bool {
    let left_ms = CLAIM_BEGINS_MS - clock::now().since(message.claimed_at);
    let Ok(left_ms) = u64::try_from(left_ms) else { return false };
    let patience = Duration::from_millis(left_ms);
    if message.channel == Over::Sms {
        shared.sms.turn(patience).await
    } else if message.channel == Over::Push {
        // Each browser has its own push service, which says itself when it is enough.
        true
    } else {
        shared.channel.turn(patience).await
    }
}

/// Renders messages as they would leave, and sends none: for histories that are made up.
#[derive(Default)]
pub struct Rendering {
    compilations: Compilations,
}

impl std::fmt::Debug for Rendering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendering({} templates)", self.compilations.by_name.len())
    }
}

impl Rendering {
    /// Fills in what would have been sent, or why it could not have been.
    pub fn render(
        &mut self,
        program: &Program,
        reader: &SqliteReader,
        message: &mut Message,
        salt: KeySalt,
    ) -> Outcome {
        match prepare(program, reader, &mut self.compilations, (message, None), salt) {
            Ok(_) => Outcome::Sent,
            Err((outcome, why)) => {
                message.note = why;
                outcome
            }
        }
    }
}

/// What came of sending.
struct Ended {
    outcome: Outcome,
    /// What was said of the address, where that stops it.
    told: Vec<Event>,
}

/// What leaves.
#[expect(clippy::large_enum_variant, reason = "one at a time, and most are letters")]
enum Prepared {
    Letter(Letter, Email),
    Text(TextMessage),
    /// With the subscription, and when that began.
    Push(PushMessage, PushSubscription, Timestamp),
}

/// Why nothing leaves: what came of it, and the words for it.
type Unready = (Outcome, String);

/// Renders and sends one message; fills in what was rendered and what the provider said.
async fn send(
    shared: &Deliverers,
    reader: &SqliteReader,
    compilations: &mut Compilations,
    (message, record): (&mut Message, Option<Record>),
) -> Ended {
    let program = shared.desk.program();
    let claim = (&mut *message, record);
    let prepared = prepare(&program, reader, compilations, claim, shared.desk.salt());
    let mut browser = None;
    let sent = match prepared {
        Ok(Prepared::Letter(letter, mut email)) => {
            if shared.channel.takes_bytes() {
                let domain = letter.from.domain();
                shared.signing.signers().sign(&mut email, domain, letter.sent_at);
            }
            let sent = shared.channel.send(&letter, &email).await;
            shared.trouble.note(&sent, clock::now());
            sent
        }
        Ok(Prepared::Text(text)) => {
            if let Err(why) = may_be_stopped(&program, &shared.sms, message, shared.desk.salt()) {
                why.clone_into(&mut message.note);
                return Ended { outcome: Outcome::Failed, told: Vec::new() };
            }
            let sent = shared.sms.send(&text).await;
            shared.sms_trouble.note(&sent, clock::now());
            sent
        }
        Ok(Prepared::Push(push, subscription, since)) => {
            let (now, leaving) = (clock::now(), shared.push.now());
            let outlived = leaving.outlived(since);
            // Push services compare it with clocks of their own.
            let seconds = clock::by_the_machine().0.div_euclid(1_000);
            let sent = match outlived {
                true => dead(FORMER_KEY),
                false => leaving.channel.send(&push, seconds).await,
            };
            // An endpoint that cannot be reached is a browser's word: only an answer tells of the shop.
            if !outlived && matches!(sent, Sent::Accepted { .. } | Sent::Refused { .. }) {
                shared.push_trouble.note(&sent, now);
            }
            browser = Some(subscription);
            sent
        }
        Err((outcome, why)) => {
            message.note = why;
            return Ended { outcome, told: Vec::new() };
        }
    };
    let stops = sent.address_is_dead() || sent.recipient_stopped();
    let unsent = match sent.may_be_taken_later() {
        true => Outcome::Postponed,
        false if stops => Outcome::Rejected,
        false if sent.recipient_unreached() => Outcome::Unreached,
        false => Outcome::Failed,
    };
    let (outcome, note) = match &sent {
        Sent::Accepted { provider_id, .. } => {
            (Outcome::Sent, provider_id.clone().unwrap_or_default())
        }
        Sent::Refused { code, text, .. } => (unsent, refusal(*code, text.reveal())),
        Sent::NotSent { text, .. } => (unsent, text.reveal().to_owned()),
        Sent::Uncertain { text, .. } => (Outcome::Uncertain, text.reveal().to_owned()),
    };
    message.note = note;
    tracing::debug!(message.id = message.id, ?outcome, "a message was settled");
    let told = said_of_address(&sent, (message, browser.as_ref()), clock::now());
    Ended { outcome, told }
}

fn prepare(
    program: &Program,
    reader: &SqliteReader,
    compilations: &mut Compilations,
    (message, record): (&mut Message, Option<Record>),
    salt: KeySalt,
) -> Result<Prepared, Unready> {
    let failed = |why: String| (Outcome::Failed, why);
    if compilations.version != program.version {
        let catalogue = Catalogue::new(program.catalogue.clone());
        *compilations =
            Compilations { version: program.version, catalogue, ..Compilations::default() };
    }
    let record = match record {
        Some(record) => Some(record),
        None => {
            let row = reader.person(message.person).map_err(|error| failed(error.to_string()))?;
            row.map(|(_, record)| record)
        }
    };
    let wish = record.as_ref().and_then(|record| stated(&record.profile));
    let languages = program.languages_for(&message.template, wish);
    let spoken = languages.first().cloned().unwrap_or_default();
    let compiled = compilations.compiled(program, &message.template, message.purpose, languages);
    let (compiled, lists) = compiled.map_err(failed)?;
    if lists.viewed || !program.traits.is_empty() {
        compilations.learn(reader, program).map_err(|error| failed(error.to_string()))?;
    }
    let computed = match &record {
        Some(record) => compilations.computed(reader, program, record),
        None => Ok(Vec::new()),
    };
    let computed = computed.map_err(|error| failed(error.to_string()))?;
    let person = (record.as_ref(), computed.as_slice());
    let catalogue = compilations.catalogue();
    let mut context = message_context(program, catalogue, person, message, salt, lists);
    context["stop_line"] = stop_line(&spoken).into();
    if let Some(record) = record.as_ref().filter(|_| lists.entry) {
        let entry = entry_context(reader, record, message);
        context["entry"] = entry.map_err(|error| failed(error.to_string()))?;
    }
    let mut rendered = compiled.render(&context).map_err(|error| failed(error.to_string()))?;
    let url_of = |line: &Line| product_url(program, catalogue, line);
    rendered.html = track(program, message, &rendered.html, url_of, salt);
    message.subject.clone_from(&rendered.subject);
    message.html.clone_from(&rendered.html);
    message.text.clone_from(&rendered.text);
    let mark = message_mark(salt);
    if message.channel == Over::Sms {
        let to = message.recipient.value().to_owned();
        let id = format!("{}.{mark}", message.id);
        return Ok(Prepared::Text(TextMessage { to, text: rendered.text, id }));
    }
    if let Some(shown) = &rendered.notification {
        let push = record.as_ref().and_then(|record| record.profile.push.of(&message.recipient));
        // Since the last look the browser has said that it wants none; another way may lead to the person.
        let gone =
            || (Outcome::Unreached, "the browser takes no push messages any more".to_owned());
        let push = push.cloned().ok_or_else(gone)?;
        let since =
            record.as_ref().and_then(|record| record.profile.push.since(&message.recipient));
        let made = notification(program, message, (&push, shown), url_of, salt).map_err(failed)?;
        return Ok(Prepared::Push(made, push, since.unwrap_or(Timestamp::EARLIEST)));
    }
    let name = record.as_ref().and_then(Record::display_name);
    let made = letter(program, message, rendered, (name, salt));
    let (letter, email) = made.map_err(failed)?;
    Ok(Prepared::Letter(letter, email))
}

/// The message as mail.
fn letter(
    program: &Program,
    message: &Message,
    rendered: Rendered,
    (name, salt): (Option<String>, KeySalt),
) -> Result<(Letter, Email), String> {
    let shop = &program.shop;
    let from = Mailbox::parse(&shop.from_name, &shop.from_email)
        .map_err(|_| "the shop has no valid sender address: state \"from\" in its definition")?;
    let to = Mailbox::parse(&name.unwrap_or_default(), message.recipient.value())
        .map_err(|_| "the address is no address that a mail server takes")?;
    let unsubscribe = match message.purpose {
        Purpose::Transactional => None,
        Purpose::Care | Purpose::Promotion => {
            let url = unsubscribe_url(program, message, salt);
            let parsed = Unsubscribe::parse(&url, None).map_err(|_| {
                "the shop has no https address for unsubscribing: state \"base url\" in its definition"
            })?;
            Some(parsed)
        }
    };
    let message_id = format!("{}.{}@{}", message.id, message_mark(salt), from.domain());
    let letter = Letter {
        from,
        bounces_to: None,
        reply_to: None,
        to,
        subject: rendered.subject,
        html: rendered.html,
        text: rendered.text,
        message_id: message_id.clone(),
        sent_at: clock::for_others(message.claimed_at),
        unsubscribe,
        // Postmark gives messages ids of its own, and repeats this beside them.
        headers: vec![("X-PM-Metadata-regulars-id".to_owned(), message_id)],
    };
    let email = Email::build(&letter).map_err(|error| error.to_string())?;
    Ok((letter, email))
}

impl Compilations {
    /// Products are learned from events: which, is read again once a minute and not for every message.
    fn learn(&mut self, reader: &SqliteReader, program: &Program) -> Result<(), StoreError> {
        let now = clock::now();
        if self.learned.as_ref().is_none_or(|learned| now.since(learned.0) >= MINUTE) {
            self.learned = Some((now, surroundings(reader, program)?));
        }
        Ok(())
    }

    /// With what was learned, where that was asked for.
    fn catalogue(&self) -> &Catalogue {
        self.learned.as_ref().map_or(&self.catalogue, |(_, (catalogue, _))| catalogue)
    }

    /// What the shop computes of a person, with what was learned.
    fn computed(
        &self,
        reader: &SqliteReader,
        program: &Program,
        record: &Record,
    ) -> Result<Vec<Computed>, StoreError> {
        if program.traits.is_empty() {
            return Ok(Vec::new());
        }
        let Some((_, (catalogue, sources))) = &self.learned else { return Ok(Vec::new()) };
        let known_to = reader.next_position()?;
        let world = World {
            program,
            catalogue,
            sources,
            stock: Stock::nothing(),
            sending: MayLeave::Nothing,
            room: 0,
            pace: None,
            known_to,
            memo: None,
        };
        Ok(computed(&world, record, clock::now()))
    }

    fn compiled(
        &mut self,
        program: &Program,
        name: &str,
        purpose: Purpose,
        languages: Vec<String>,
    ) -> Result<(Arc<Compiled>, Lists), String> {
        self.by_name
            .entry((name.to_owned(), purpose, languages))
            .or_insert_with_key(|(_, _, languages)| {
                let compiled = compile(program, name, purpose, languages)?;
                let lists = Lists::of(&compiled);
                Ok((Arc::new(compiled), lists))
            })
            .clone()
    }
}
