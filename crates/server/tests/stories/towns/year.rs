//! A year of a town, moment by moment: what arrives, what is decided, what goes wrong, and the judge.
//!
//! Every commit is looked at before the next one. A batch is one commit, so whatever stands in it was known when
//! it claimed something.

use std::collections::{BTreeMap, VecDeque};

use jiff::SignedDuration;
use regulars_engine::decision::{Decision, Message, Verdict};
use regulars_engine::event::{Channel, Document, Mode};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::journey::Enrollment;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, HOUR, MINUTE, Timestamp};
use regulars_server::staff::{self, Statement, Word};
use regulars_server::writer::{rebuild, stray_member};
use regulars_store::{Account, Reader, Sending, SqliteStore, compare};
use serde_json::{Value, json};

use super::judge::Judge;
use super::machine::Machine;
use super::shop::{Definitions, Edition};
use super::tally::{Fault, Tally};
use super::told::told;
use super::{Setting, shop, story};
use crate::play::{Draws, Lines, Told, at, moment};
use crate::second_opinion::known_by;
use crate::town::shop as town_shop;

/// Once in so many lines the program is killed.
const KILLED_IN: usize = 900;
/// Once in so many lines the machine's clock is put.
const PUT_IN: usize = 900;
/// Once in so many lines staff say that two people are one.
const JOINED_IN: usize = 1_000;
/// Once in so many lines somebody is erased.
const ERASED_IN: usize = 3_000;
/// Once in so many lines sending is switched off for a while.
const PAUSED_IN: usize = 2_000;
/// One receipt of a till in so many is corrected.
const CORRECTED_IN: usize = 6;
/// One batch in so many holds what came over minutes.
const TOGETHER_IN: usize = 5;
/// How many lines of a file are one batch.
const FILE_BATCH: usize = 40;
/// One claim in so many is answered with a no.
const NO_IN: usize = 9;

/// One code in so many is used.
const USED_IN: usize = 2;

/// So many decisions are kept, to be told.
const DECISIONS: usize = 10_000;

/// What is still to come, beside the town's own lines.
enum Coming {
    Line(Value),
    Parted(Identifier, Identifier),
    SendingOn,
    Edit(Definitions),
}

/// What everything of a town is in.
pub(super) struct Year<'s> {
    pub(super) setting: &'s Setting,
    machine: Machine,
    read: Lines,
    told: Told,
    judge: Judge,
    tally: Tally,
    draws: Draws,
    coming: BTreeMap<(Timestamp, usize), Coming>,
    logins: Vec<String>,
    made: usize,
    midnight: Timestamp,
    /// The source and feed whose receipts come as documents.
    documents: (String, String),
    /// Whose its last receipt was.
    buyer: [(&'static str, Value); 3],
    /// Whether the program is killed as soon as a message is on its way.
    doomed: bool,
    /// What was decided lately, of everybody.
    lately: VecDeque<Decision>,
}

/// Lets a town live through its days.
///
/// # Errors
/// The story of the first claim that was forbidden.
pub(super) fn live(setting: &Setting) -> Result<Tally, String> {
    let town = setting.town();
    let start = at(setting.start);
    let defined = |edition| shop::defined(&town, setting.planted, edition);
    let machine = Machine::begin(&defined(Edition::First), start);
    let mut year = Year {
        setting,
        read: Lines::of(machine.writer.program()),
        machine,
        told: Told::default(),
        judge: Judge::new(town_shop(&town, None)),
        tally: Tally::default(),
        draws: Draws::new(setting.seed),
        coming: BTreeMap::new(),
        logins: Vec::new(),
        made: 0,
        midnight: start.plus(DAY),
        documents: town.tills().first().map(|till| (till.source(), till.feed())).unwrap(),
        buyer: ["email", "phone", "loyalty_id"].map(|key| (key, Value::Null)),
        doomed: false,
        lately: VecDeque::new(),
    };
    let edited_at = start.plus(i64::from(setting.days) * DAY / 2);
    year.plan(edited_at, Coming::Edit(defined(Edition::Edited)));
    let mut coming = told(&town, setting).into_iter().peekable();
    while let Some(first) = coming.next() {
        let (most, wait_max) = year.together(first.mode);
        let (until, mode) = (first.at + wait_max, first.mode);
        let mut batch = vec![first];
        while batch.len() < most {
            let next = coming.next_if(|next| next.mode == mode && next.at <= until);
            let Some(next) = next else { break };
            batch.push(next);
        }
        let comes_at = Timestamp(batch.last().map_or(0, |last| last.at.as_millisecond()));
        year.come(comes_at)?;
        year.go_wrong()?;
        year.arrive(comes_at, batch)?;
    }
    let end = start.plus(DAY * i64::from(setting.days));
    year.come(end)?;
    year.pass(end)?;
    year.balance()?;
    year.verify()?;
    Ok(year.tally)
}

impl Year<'_> {
    /// How many lines come in one batch at the most, and how long the first of them waits for the others.
    fn together(&mut self, mode: Mode) -> (usize, SignedDuration) {
        match (mode, self.draws.below(TOGETHER_IN)) {
            (Mode::Backfill, _) => (FILE_BATCH, SignedDuration::ZERO),
            (Mode::Live, 0) => {
                let minutes = 1 + self.draws.below(40);
                let wait_max = SignedDuration::from_mins(i64::try_from(minutes).unwrap());
                (2 + self.draws.below(12), wait_max)
            }
            // What comes in the same millisecond is one batch.
            (Mode::Live, _) => (8, SignedDuration::ZERO),
        }
    }

    fn plan(&mut self, at: Timestamp, coming: Coming) {
        self.made += 1;
        self.coming.insert((at, self.made), coming);
    }

    /// Lets what was planned come, as far as it is time.
    fn come(&mut self, until: Timestamp) -> Result<(), String> {
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), coming) = entry.remove_entry();
            match coming {
                Coming::Line(line) => {
                    let at = jiff::Timestamp::from_millisecond(at.0).unwrap();
                    let line = super::told::Told { at, mode: Mode::Live, line };
                    self.arrive(Timestamp(at.as_millisecond()), vec![line])?;
                }
                Coming::Parted(one, other) => {
                    self.pass(at)?;
                    let words = [Statement::TakenBack, Statement::Apart];
                    let word = words[self.draws.below(2)];
                    self.say(word, &one, &other)?;
                }
                Coming::SendingOn => {
                    self.pass(at)?;
                    self.machine.switch(Sending::On);
                }
                Coming::Edit(files) => {
                    self.pass(at)?;
                    let decisions = self.machine.publish(&files);
                    self.judge.edited_at = Some(self.machine.now);
                    self.look(&decisions)?;
                }
            }
        }
        Ok(())
    }

    /// Lets lines arrive in one batch, when they come, or when the program is there again.
    fn arrive(&mut self, comes_at: Timestamp, batch: Vec<super::told::Told>) -> Result<(), String> {
        self.pass(comes_at.max(self.machine.truth))?;
        let at = comes_at.max(self.machine.truth);
        let mode = batch.first().map(|told| told.mode).unwrap_or_default();
        self.tally.fault(Fault::Together, usize::from(batch.len() > 1));
        self.tally.fault(Fault::History, usize::from(mode == Mode::Backfill));
        let mut events = Vec::new();
        for super::told::Told { at: told_at, mut line, .. } in batch {
            // Whoever sends again says when it does.
            if let Some(sent_at) = line["sentAt"].as_str() {
                let later_ms = at.0 - told_at.as_millisecond();
                let sent_at = crate::play::at(sent_at).plus(later_ms);
                line["sentAt"] = sent_at.to_string().into();
            }
            line["receivedAt"] = self.machine.now.to_string().into();
            if line.get("messageId").is_none() {
                self.made += 1;
                line["messageId"] = format!("made-{}", self.made).into();
            }
            let mut event = self.read.event_in(&line, mode);
            if line["type"] == "identify" {
                self.logins.extend(line["userId"].as_str().map(str::to_owned));
            }
            self.tally.lines += 1;
            if self.is_document(&line) {
                event.document = Document::Versioned;
                self.will_be_corrected(&line);
                self.told.push_version(slim(line));
            } else {
                self.told.push(slim(line));
            }
            events.push(event);
        }
        let decisions = self.machine.accept(events, &mut self.draws);
        let started = decisions.iter().find(|decision| {
            mode == Mode::Backfill && matches!(decision.verdict, Verdict::Enter | Verdict::Send)
        });
        if let Some(decision) = started {
            let words = format!("history started {}", decision.to_json());
            return Err(story::happened(self.setting, self.machine.now, &words));
        }
        self.look(&decisions)
    }

    /// Whether a line is a receipt of the till whose receipts come as documents, which may be corrected.
    fn is_document(&self, line: &Value) -> bool {
        let (source, feed) = &self.documents;
        line["event"] == "Order Completed" && line["source"] == *source && line["feed"] == *feed
    }

    /// Now and then a receipt is corrected, hours or days later: it was somebody else's, or nobody's, or
    /// not of all that; or it comes again as it was.
    fn will_be_corrected(&mut self, line: &Value) {
        let buyer = |line: &Value| {
            let of = |key: &str| line["properties"][key].clone();
            ["email", "phone", "loyalty_id"].map(|key| (key, of(key)))
        };
        let before = std::mem::replace(&mut self.buyer, buyer(line));
        if self.draws.below(CORRECTED_IN) != 0 {
            return;
        }
        let mut again = line.clone();
        let properties = &mut again["properties"];
        match self.draws.below(4) {
            0 => before.into_iter().for_each(|(key, value)| properties[key] = value),
            1 => before.iter().for_each(|(key, _)| properties[*key] = Value::Null),
            2 => drop(properties["products"].as_array_mut().and_then(Vec::pop)),
            _ => properties["note"] = "corrected".into(),
        }
        self.tally.fault(Fault::Corrected, 1);
        let minutes = [20, 300, 3_000][self.draws.below(3)];
        self.plan(self.machine.truth.plus(minutes * MINUTE), Coming::Line(again));
    }

    /// Lets time go on, midnight by midnight.
    fn pass(&mut self, until: Timestamp) -> Result<(), String> {
        while self.midnight <= until {
            let midnight = self.midnight;
            self.run(midnight)?;
            self.balance()?;
            self.tally.midnights += 1;
            self.midnight = midnight.plus(DAY);
        }
        self.run(until)
    }

    fn run(&mut self, until: Timestamp) -> Result<(), String> {
        while let Some(decisions) = self.machine.go_on(until, &mut self.draws) {
            self.look(&decisions)?;
            if self.doomed && decisions.iter().any(|decision| decision.verdict == Verdict::Send) {
                self.kill()?;
            }
        }
        self.machine.be(until);
        let decisions = self.machine.writer.take_decided();
        self.look(&decisions)
    }

    /// Now and then the program is killed, its clock is put, and staff say that two people are one.
    fn go_wrong(&mut self) -> Result<(), String> {
        if self.draws.below(PUT_IN) == 0 {
            let ahead_ms = self.another_clock();
            self.machine.ahead_ms = ahead_ms;
            let truth = self.machine.truth;
            self.pass(truth)?;
        }
        if self.draws.below(KILLED_IN) == 0 {
            // Every other time as soon as a message is on its way.
            self.doomed |= self.draws.below(2) == 0;
            if !self.doomed {
                self.kill()?;
            }
        }
        if self.draws.below(JOINED_IN) == 0 && self.logins.len() > 1 {
            let login = |draws: &mut Draws, logins: &[String]| {
                let name = &logins[draws.below(logins.len())];
                Identifier::new(IdentifierKind::UserId, name).unwrap()
            };
            let one = login(&mut self.draws, &self.logins);
            let other = login(&mut self.draws, &self.logins);
            let days = i64::try_from(1 + self.draws.below(12)).unwrap();
            self.say(Statement::Same, &one, &other)?;
            self.plan(self.machine.truth.plus(days * DAY), Coming::Parted(one, other));
        }
        if self.draws.below(PAUSED_IN) == 0 && self.machine.sending == Sending::On {
            self.machine.switch(Sending::Off);
            self.tally.fault(Fault::Paused, 1);
            let hours = i64::try_from(1 + self.draws.below(40)).unwrap();
            self.plan(self.machine.truth.plus(hours * HOUR), Coming::SendingOn);
        }
        if self.draws.below(ERASED_IN) == 0 && !self.logins.is_empty() {
            let name = &self.logins[self.draws.below(self.logins.len())];
            let login = Identifier::new(IdentifierKind::UserId, name).unwrap();
            self.erase(&login)?;
        }
        Ok(())
    }

    /// Somebody asks to be forgotten: from then on nothing that was told of them counts, nothing that will be
    /// told is theirs, and nothing goes to any address of theirs.
    fn erase(&mut self, login: &Identifier) -> Result<(), String> {
        let Some(record) = self.holder(login) else { return Ok(()) };
        let (own, _) = known_by(&record);
        let inside = record.enrollments.iter().filter(|row| Enrollment::runs(row)).count();
        let decisions = self.machine.erase(record.id(), &mut self.draws);
        self.told.forget(&own);
        self.tally.erased(inside);
        self.look(&decisions)
    }

    /// The program ends, and is there again minutes or hours later, now and then with another clock.
    fn kill(&mut self) -> Result<(), String> {
        self.doomed = false;
        let down_min = i64::try_from(self.draws.below(4) * self.draws.below(60)).unwrap();
        let ahead_ms = match self.draws.below(5) {
            0 => self.another_clock(),
            _ => self.machine.ahead_ms,
        };
        let (caught, decisions) = self.machine.kill(down_min, ahead_ms);
        self.tally.fault(Fault::Killed, 1);
        self.tally.fault(Fault::Caught, caught);
        self.look(&decisions)
    }

    /// How far the machine's clock is ahead from now on: it is right every other time, else wrong by minutes
    /// or hours, forward or back.
    fn another_clock(&mut self) -> i64 {
        let minutes = match self.draws.below(4) {
            0 | 1 => 0,
            2 => self.draws.below(30),
            _ => self.draws.below(6 * 60),
        };
        let ahead_ms = i64::try_from(minutes).unwrap() * MINUTE;
        let ahead_ms = if self.draws.below(2) == 0 { ahead_ms } else { -ahead_ms };
        let before = self.machine.ahead_ms;
        if ahead_ms != before {
            let fault = if ahead_ms > before { Fault::ClockForward } else { Fault::ClockBack };
            self.tally.fault(fault, 1);
        }
        ahead_ms
    }

    /// Staff say something of two logins.
    fn say(&mut self, word: Statement, one: &Identifier, other: &Identifier) -> Result<(), String> {
        let (Some(left), Some(right)) = (self.holder(one), self.holder(other)) else {
            return Ok(());
        };
        let pairs = staff::pairs(&left, &right, word);
        if pairs.is_empty() {
            return Ok(());
        }
        let fault = if word == Statement::Same { Fault::Joined } else { Fault::Parted };
        self.tally.fault(fault, 1);
        let word = Word { statement: word, by: "ana", because: "" };
        staff::state(&mut self.machine.writer, &pairs, word, self.machine.now).unwrap();
        let decisions = self.machine.writer.take_decided();
        self.look(&decisions)
    }

    fn holder(&self, identifier: &Identifier) -> Option<Record> {
        let writer = &self.machine.writer;
        let person = writer.reader().holder(identifier.key(writer.salt())).unwrap()?;
        Some(writer.reader().person(person).unwrap()?.1)
    }

    /// Looks at what was decided in one commit.
    fn look(&mut self, decisions: &[Decision]) -> Result<(), String> {
        for message in self.machine.take_taken_back() {
            self.judge.taken_back(&message);
        }
        let claimed = self.machine.take_claimed();
        for decision in decisions {
            self.tally.note(decision);
            self.lately.push_back(decision.clone());
            if self.lately.len() > DECISIONS {
                self.lately.pop_front();
            }
            if !matches!(decision.verdict, Verdict::Send | Verdict::Failed) {
                continue;
            }
            if decision.verdict == Verdict::Failed {
                self.judge.failed(decision);
                continue;
            }
            let reader = self.machine.writer.reader();
            let found = reader.person(decision.person).unwrap();
            let record = found.expect("an old id leads to somebody").1;
            let message = claimed.iter().find(|message| Some(message.id) == decision.message);
            let offer = message.and_then(|message| message.offer.as_ref());
            let code = offer.map(|offer| offer.code.as_str());
            let off = (self.machine.sending != Sending::On)
                .then(|| "sending was switched off".to_owned());
            let wrong = off.or_else(|| self.judge.look(&self.told, &record, decision, code));
            if let Some(wrong) = wrong {
                let mut lately = self.judge.lately(&record);
                lately.extend(self.decided_of(&record));
                return Err(story::tell(
                    self.setting,
                    &self.told,
                    &record,
                    (decision, &wrong, lately),
                ));
            }
            if self.draws.below(NO_IN) == 0 {
                self.will_say_no(decision);
            }
            if let Some(message) = message.filter(|_| self.draws.below(USED_IN) == 0) {
                self.will_use_its_code(message);
            }
        }
        Ok(())
    }

    /// What was decided of a person lately.
    fn decided_of(&self, record: &Record) -> Vec<String> {
        let hers = self.lately.iter().filter(|decision| decision.person == record.id());
        let told = hers.map(|decision| {
            let codes: Vec<&str> =
                decision.reasons.iter().map(|reason| reason.code.code()).collect();
            let (at, verdict) = (decision.at, decision.verdict.word());
            format!("{at} {verdict} {} {} {codes:?}", decision.journey, decision.step)
        });
        let told: Vec<String> = told.collect();
        told[told.len().saturating_sub(16)..].to_vec()
    }

    /// Whoever got a message says no within days, by one of the ways there are; half of them say yes again.
    fn will_say_no(&mut self, decision: &Decision) {
        let Some(recipient) = &decision.recipient else { return };
        let sms = decision.channel == Some(Channel::Sms);
        let (member, channel) = if sms { ("phone", "sms") } else { ("email", "email") };
        let hours = [0, 1, 30, 72][self.draws.below(4)];
        let seconds = i64::try_from(self.draws.below(3_600)).unwrap();
        let no_at = self.machine.truth.plus(hours * HOUR + seconds * 1_000);
        let consent = |event: &str| {
            json!({ "type": "track", "source": "desk", "event": event,
                "properties": { member: recipient.value(), "channel": channel, "purpose": "promotion" } })
        };
        let mail = |event: &str| {
            json!({ "type": "track", "source": "mail", "event": event,
                "properties": { "email": recipient.value() } })
        };
        let line = match self.draws.below(6) {
            0 if !sms => mail("Unsubscribed"),
            1 if !sms => mail("Email Marked as Spam"),
            2 if sms => json!({ "type": "track", "source": "sms", "event": "SMS Bounced",
                "properties": { "phone": recipient.value() } }),
            // Told later than it was said.
            3 => {
                let mut line = consent("Consent Withdrawn");
                line["timestamp"] = moment(no_at.plus(-2 * HOUR)).to_string().into();
                line
            }
            _ => consent("Consent Withdrawn"),
        };
        self.tally.fault(Fault::SaidNo, 1);
        let yes = consent("Consent Given");
        self.plan(no_at, Coming::Line(line));
        if self.draws.below(2) == 0 {
            let days = i64::try_from(1 + self.draws.below(20)).unwrap();
            self.plan(no_at.plus(days * DAY), Coming::Line(yes));
        }
    }

    /// Whoever got a code uses it at a till within days, for what the message was about; some bring it back.
    fn will_use_its_code(&mut self, message: &Message) {
        let Some(offer) = &message.offer else { return };
        let products: Vec<Value> = message
            .lines
            .iter()
            .filter_map(|line| line.codes.first())
            .map(|code| json!({ "product_id": code.value, "quantity": 1, "price": 20 }))
            .collect();
        if products.is_empty() {
            return;
        }
        self.made += 1;
        let order = format!("coupon-{}", self.made);
        let told = |event: &str, coupon: &Value| {
            json!({ "type": "track", "source": "shop", "event": event,
                "properties": { "email": message.recipient.value(), "order_id": order,
                    "currency": "EUR", "coupon": coupon, "products": products } })
        };
        let hours = i64::try_from(1 + self.draws.below(200)).unwrap();
        let used_at = self.machine.truth.plus(hours * HOUR);
        self.tally.fault(Fault::CodeUsed, 1);
        self.plan(used_at, Coming::Line(told("Order Completed", &offer.code.as_str().into())));
        if self.draws.below(3) == 0 {
            let back = Coming::Line(told("Order Refunded", &Value::Null));
            self.plan(used_at.plus(3 * DAY), back);
        }
    }

    /// Whether the store is sound, and what is derived is what its log says when it is folded again.
    fn verify(&self) -> Result<(), String> {
        let now = self.machine.now;
        let kept = self.machine.writer.reader();
        let amiss = |words: &str| Err(story::happened(self.setting, now, words));
        if let Some(problem) = kept.check(&mut |_, _| {}).unwrap().first() {
            return amiss(&format!("{}: {}", problem.table, problem.what));
        }
        let into = SqliteStore::in_memory().unwrap();
        let built = rebuild::<SqliteStore, SqliteStore>(kept, into, &mut |_, _| {}).unwrap();
        if let Some(difference) = compare(kept, built.reader(), &mut |_, _| {}).unwrap() {
            return amiss(&format!("not what the log says: {difference}"));
        }
        let stray = stray_member(kept, built.reader(), now, &mut |_, _| {}).unwrap();
        stray.map_or(Ok(()), |person| {
            amiss(&format!("person {person} is not in the segments that the log says"))
        })
    }

    /// Whether whoever entered left, went through, or is inside: at every step, and over all.
    fn balance(&self) -> Result<(), String> {
        let steps = self.machine.writer.reader().accounts().unwrap();
        if let Some(step) = steps.iter().find(|step| !step.balances()) {
            let words = format!("accounts do not balance: {step:?}");
            return Err(story::happened(self.setting, self.machine.now, &words));
        }
        let count = |verdict| self.tally.count(verdict);
        let inside: u64 = steps.iter().map(Account::present).sum();
        let ended = count(Verdict::Exit) + count(Verdict::Goal) + count(Verdict::Done);
        let (entered, erased) = (count(Verdict::Enter), self.tally.erased_inside);
        if entered != ended + erased + usize::try_from(inside).unwrap() {
            let words = format!(
                "accounts do not balance: {entered} entered, {ended} left or went through, \
                 {erased} were erased, {inside} are inside"
            );
            return Err(story::happened(self.setting, self.machine.now, &words));
        }
        Ok(())
    }
}

/// What of a line the judge may ask for.
fn slim(mut line: Value) -> Value {
    let zone = line["context"]["timezone"].take();
    line["context"] = json!({ "timezone": zone });
    if let Some(products) = line["properties"]["products"].as_array_mut() {
        for product in products {
            let members = product.as_object_mut().unwrap();
            members.retain(|key, _| !matches!(key.as_str(), "name" | "category" | "price"));
        }
    }
    if let Some(traits) = line.get_mut("traits").and_then(Value::as_object_mut) {
        traits.remove("address");
    }
    line
}
