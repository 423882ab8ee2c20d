//! A year of a town, moment by moment: what arrives, what is decided, what goes wrong, and the judge.

use std::collections::{BTreeMap, VecDeque};

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::Channel;
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, HOUR, MINUTE, Timestamp};
use regulars_server::staff::{self, Statement, Word};
use regulars_store::{Account, Reader};
use serde_json::{Value, json};

use super::judge::Judge;
use super::machine::Machine;
use super::shop::defined;
use super::tally::{Fault, Tally};
use super::told::told;
use super::{Setting, story};
use crate::play::{Draws, Lines, Told, at, moment};
use crate::town::shop;

/// Once in so many lines the program is killed.
const KILLED_IN: usize = 900;
/// Once in so many lines the machine's clock is put.
const PUT_IN: usize = 900;
/// Once in so many lines staff say that two people are one.
const JOINED_IN: usize = 1_000;
/// One claim in so many is answered with a no.
const NO_IN: usize = 9;

/// So many decisions are kept, to be told.
const DECISIONS: usize = 10_000;

/// What is still to come, beside the town's own lines.
enum Coming {
    Line(Value),
    Parted(Identifier, Identifier),
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
    let machine = Machine::begin(defined(&town, setting.planted), start);
    let mut year = Year {
        setting,
        read: Lines::of(machine.writer.program()),
        machine,
        told: Told::default(),
        judge: Judge::new(shop(&town, None)),
        tally: Tally::default(),
        draws: Draws::new(setting.seed),
        coming: BTreeMap::new(),
        logins: Vec::new(),
        made: 0,
        midnight: start.plus(DAY),
        doomed: false,
        lately: VecDeque::new(),
    };
    for told in told(&town, setting) {
        let comes_at = Timestamp(told.at.as_millisecond());
        year.come(comes_at)?;
        year.go_wrong()?;
        year.arrive(comes_at, told.line)?;
    }
    let end = start.plus(DAY * i64::from(setting.days));
    year.come(end)?;
    year.pass(end)?;
    year.balance()?;
    Ok(year.tally)
}

impl Year<'_> {
    /// Lets what was planned come, as far as it is time.
    fn come(&mut self, until: Timestamp) -> Result<(), String> {
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), coming) = entry.remove_entry();
            match coming {
                Coming::Line(line) => self.arrive(at, line)?,
                Coming::Parted(one, other) => {
                    self.pass(at)?;
                    let words = [Statement::TakenBack, Statement::Apart];
                    let word = words[self.draws.below(2)];
                    self.say(word, &one, &other)?;
                }
            }
        }
        Ok(())
    }

    /// Lets a line arrive, when it comes, or when the program is there again.
    fn arrive(&mut self, comes_at: Timestamp, mut line: Value) -> Result<(), String> {
        self.pass(comes_at.max(self.machine.truth))?;
        let at = comes_at.max(self.machine.truth);
        // Whoever sends again says when it does.
        if let Some(sent_at) = line["sentAt"].as_str() {
            let sent_at = crate::play::at(sent_at).plus(at.since(comes_at));
            line["sentAt"] = sent_at.to_string().into();
        }
        line["receivedAt"] = self.machine.now.to_string().into();
        if line.get("messageId").is_none() {
            self.made += 1;
            line["messageId"] = format!("made-{}", self.made).into();
        }
        let event = self.read.event(&line);
        if line["type"] == "identify" {
            self.logins.extend(line["userId"].as_str().map(str::to_owned));
        }
        self.told.push(slim(line));
        self.tally.lines += 1;
        let decisions = self.machine.accept(event, &mut self.draws);
        self.look(&decisions)
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
            let parted = (self.machine.truth.plus(days * DAY), self.made);
            self.made += 1;
            self.say(Statement::Same, &one, &other)?;
            self.coming.insert(parted, Coming::Parted(one, other));
        }
        Ok(())
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
        for decision in decisions {
            self.tally.note(decision);
            self.lately.push_back(decision.clone());
            if self.lately.len() > DECISIONS {
                self.lately.pop_front();
            }
            if !matches!(decision.verdict, Verdict::Send | Verdict::Failed) {
                continue;
            }
            let reader = self.machine.writer.reader();
            let found = reader.person(decision.person).unwrap();
            let record = found.expect("an old id leads to somebody").1;
            if let Some(wrong) = self.judge.look(&self.told, &record, decision) {
                let mut lately = self.judge.lately(&record);
                lately.extend(self.decided_of(&record));
                return Err(story::tell(
                    self.setting,
                    &self.told,
                    &record,
                    (decision, &wrong, lately),
                ));
            }
            if decision.verdict == Verdict::Send && self.draws.below(NO_IN) == 0 {
                self.will_say_no(decision);
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
        self.made += 1;
        self.coming.insert((no_at, self.made), Coming::Line(line));
        if self.draws.below(2) == 0 {
            let days = i64::try_from(1 + self.draws.below(20)).unwrap();
            self.made += 1;
            let yes = Coming::Line(consent("Consent Given"));
            self.coming.insert((no_at.plus(days * DAY), self.made), yes);
        }
    }

    /// Whether whoever entered left, went through, or is inside: at every step, and over all.
    fn balance(&self) -> Result<(), String> {
        let steps = self.machine.writer.reader().accounts().unwrap();
        if let Some(step) = steps.iter().find(|step| !step.balances()) {
            return Err(story::unbalanced(self.setting, self.machine.now, &format!("{step:?}")));
        }
        let count = |verdict| self.tally.count(verdict);
        let inside: u64 = steps.iter().map(Account::present).sum();
        let ended = count(Verdict::Exit) + count(Verdict::Goal) + count(Verdict::Done);
        let entered = count(Verdict::Enter);
        if entered != ended + usize::try_from(inside).unwrap() {
            let words =
                format!("{entered} entered, {ended} left or went through, {inside} are inside");
            return Err(story::unbalanced(self.setting, self.machine.now, &words));
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
