//! What a tool that hears the online shop alone would have sent of late, beside Regulars: the shop's
//! own log is played twice through the same journeys, and every message is weighed on all that is
//! known today. Nothing is sent, and nothing is changed.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::decision::{Decision, Message, Verdict};
use regulars_engine::event::{Event, LogPosition, Purpose};
use regulars_engine::identity::{Identifier, PersonId};
use regulars_engine::measure::{
    Mistake, Side, Today, Weighed, Wrong, heard_by_silo, siloed, weigh,
};
use regulars_engine::program::Program;
use regulars_engine::reason::Reason;
use regulars_engine::time::{DAY, Timestamp};
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, SqliteReader, Store, StoreError};
use serde_json::{Value, json};

use super::message::step_of;
use super::regret::{heard, history, members};
use super::sum_json;
use crate::dry_run::{DryRun, Replayed, Step, arrivals, replay};
use crate::http::api::former_ids;
use crate::writer::{GoOn, Writer, WriterError, surroundings};

/// Both sides, and people to whom the difference happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// From when on messages count.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// The sources that the tool does not hear, by name.
    pub unheard: Vec<String>,
    /// Events of these days, and how many of them it does not hear.
    pub events: (u64, u64),
    /// What the tool would have sent.
    pub silo: Side,
    /// What Regulars would have.
    pub regulars: Side,
    /// Some of the messages that only the tool sends and that are wrong, the dearest first.
    pub examples: Vec<Example>,
}

/// A message that the tool would have sent and should not have.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// To whom, as known today.
    pub person: PersonId,
    /// Of which journey.
    pub journey: String,
    /// At which step.
    pub step: String,
    /// When.
    pub at: Timestamp,
    /// Why it is wrong.
    pub wrong: Wrong,
    /// What Regulars decided last about that person in that journey, up to then.
    pub instead: Instead,
}

/// A decision of Regulars, or that there was none to take.
#[derive(Clone, Debug, PartialEq)]
pub struct Instead {
    /// When; where nothing was decided, when the tool would have sent.
    pub at: Timestamp,
    /// At which step; empty for ends.
    pub step: String,
    /// What; `None`: the person was not in the journey, so that nothing had to be decided.
    pub verdict: Option<Verdict>,
    /// Why; the first reason. Where the decision bears none, what forbids the message.
    pub reason: Reason,
}

/// Messages of one step to one person that are no further apart are the same one, held meanwhile.
const SAME_MS: i64 = 2 * DAY;

/// So many people are told of.
const EXAMPLES: usize = 12;

/// A message that would have gone.
struct Candidate {
    /// Under the id 0: it stands in no log.
    message: Message,
    entered_at: Timestamp,
    /// The strongest identifier of whoever it would have gone to, as the run knew them.
    handle: Identifier,
}

/// Plays the log twice and weighs what would have gone from `from` on; `None`: `go_on` said no.
///
/// # Errors
/// If the store cannot be read, or one in memory fails.
pub fn compare(
    reader: &SqliteReader,
    program: &Program,
    (from, until): (Timestamp, Timestamp),
    go_on: GoOn<'_>,
) -> Result<Option<Comparison>, WriterError> {
    let (catalogue, sources) = surroundings(reader, program)?;
    let today = Today { program, catalogue: &catalogue, sources: &sources };
    let order = arrivals(reader, Some(until))?;
    let mut counted = Counted { done: 0, whole: 2 * order.len() as u64, go_on };
    let hears = |event: &Event| {
        event.source == OWN_SOURCE || heard_by_silo(program.source(&event.source).channel)
    };
    let span = Replayed { order: &order, from, until, each: false, hears: &hears };
    let mut of_silo = Gathered::default();
    if !of_silo.play(reader, siloed(program), &span, &mut counted)? {
        return Ok(None);
    }
    let found = weighed(reader, today, &of_silo.candidates, &mut counted)?;
    let Some((silo, mut examples)) = found else { return Ok(None) };
    let whom = Whom::of(reader, &examples)?;
    let mut of_regulars = Gathered { whom, ..Gathered::default() };
    let span = Replayed { hears: &|_| true, ..span };
    if !of_regulars.play(reader, program.clone(), &span, &mut counted)? {
        return Ok(None);
    }
    let found = weighed(reader, today, &of_regulars.candidates, &mut counted)?;
    let Some((regulars, _)) = found else { return Ok(None) };
    // What Regulars sends too is no difference; what neither could know of is told by regret.
    examples.retain(|example| !of_regulars.whom.sent_too(example));
    examples.truncate(EXAMPLES);
    for example in &mut examples {
        if let Some(instead) = of_regulars.whom.instead_of(example) {
            example.instead = instead;
        }
    }
    let heard_of = sources.feeds.keys().map(|feed| feed.source.as_str());
    let stated = program.sources.keys().map(String::as_str);
    let mut unheard: BTreeSet<&str> = heard_of.chain(stated).collect();
    unheard.retain(|name| *name != OWN_SOURCE && !heard_by_silo(program.source(name).channel));
    Ok(Some(Comparison {
        from,
        until,
        unheard: unheard.into_iter().map(str::to_owned).collect(),
        events: (of_regulars.heard, of_regulars.heard - of_silo.heard),
        silo,
        regulars,
        examples,
    }))
}

/// How far both runs are together.
struct Counted<'g> {
    done: u64,
    whole: u64,
    go_on: GoOn<'g>,
}

impl Counted<'_> {
    fn advance(&mut self, events: u64) -> bool {
        self.done += events;
        (self.go_on)(self.done, self.whole)
    }
}

/// What comes of one run.
#[derive(Default)]
struct Gathered {
    candidates: Vec<Candidate>,
    /// When persons last entered journeys.
    entered: BTreeMap<(PersonId, String), Timestamp>,
    /// Events of the days that count.
    heard: u64,
    whom: Whom,
}

impl Gathered {
    fn play(
        &mut self,
        reader: &SqliteReader,
        program: Program,
        span: &Replayed<'_>,
        counted: &mut Counted<'_>,
    ) -> Result<bool, WriterError> {
        let mut dry_run = DryRun::begin_beside(reader, program)?;
        replay(reader, &mut dry_run, span, &mut |step| match step {
            Step::Arriving { read, counted: heard } => {
                self.heard += heard;
                Ok(counted.advance(read))
            }
            Step::Decided(writer, decisions) => {
                let mut decisions = decisions.into_iter();
                decisions.try_for_each(|one| self.take(writer, one))?;
                Ok::<_, WriterError>(counted.advance(0))
            }
        })
    }

    fn take<S: Store>(&mut self, writer: &Writer<S>, decision: Decision) -> Result<(), StoreError> {
        self.whom.note(writer, &decision)?;
        let of = (decision.person, decision.journey.clone());
        if decision.verdict == Verdict::Enter {
            self.entered.insert(of, decision.at);
            return Ok(());
        }
        let Some(id) = decision.message.filter(|_| decision.verdict == Verdict::Send) else {
            return Ok(());
        };
        let Some(message) = writer.message(id)? else { return Ok(()) };
        if message.purpose == Purpose::Transactional {
            return Ok(());
        }
        let Some(record) = writer.person(decision.person)? else { return Ok(()) };
        let enrollments = record.enrollments.iter();
        let own = enrollments.filter(|own| own.journey == message.journey);
        // The state may be a later one, in which she has left already, and may bear another's id.
        let ids = former_ids(&record).into_iter().chain([of.0]);
        let heard = ids.filter_map(|id| self.entered.get(&(id, of.1.clone())).copied());
        let entered = own.map(|own| own.entered_at).chain(heard);
        let entered = entered.filter(|at| *at <= message.claimed_at).max();
        let handle = record.evidence.nodes.first().map(|node| node.identifier.clone());
        self.candidates.push(Candidate {
            entered_at: entered.unwrap_or(message.claimed_at),
            handle: handle.unwrap_or_else(|| message.recipient.clone()),
            message: Message { id: 0, ..message },
        });
        Ok(())
    }
}

/// Weighs what would have gone; those that should not have are told, the dearest first, then the latest.
/// `None`: it was stopped.
fn weighed(
    reader: &SqliteReader,
    today: Today<'_>,
    candidates: &[Candidate],
    counted: &mut Counted<'_>,
) -> Result<Option<(Side, Vec<Example>)>, StoreError> {
    let (mut side, mut examples) = (Side::default(), Vec::new());
    for candidate in candidates {
        if !counted.advance(0) {
            return Ok(None);
        }
        let found = weighed_one(reader, today, candidate)?;
        let (person, weighed) = found.unwrap_or((PersonId::default(), Weighed::Unclear));
        side.add(&weighed);
        if let Weighed::Wrong(wrong) = weighed {
            let message = &candidate.message;
            examples.push(Example {
                person,
                journey: message.journey.clone(),
                step: message.step.clone(),
                at: message.claimed_at,
                instead: Instead {
                    at: message.claimed_at,
                    step: String::new(),
                    verdict: None,
                    reason: wrong.reason.clone(),
                },
                wrong,
            });
        }
    }
    let worth = |example: &Example| {
        let money = example.wrong.given_away.iter().flatten();
        money.map(|money| money.minor).sum::<i64>()
    };
    examples.sort_by_key(|example| std::cmp::Reverse((worth(example), example.at)));
    let mut told = BTreeSet::new();
    examples.retain(|example| told.insert(example.person));
    examples.truncate(EXAMPLES * 2);
    Ok(Some((side, examples)))
}

/// `None`: whoever it would have gone to is not known any more, or the step is gone.
fn weighed_one(
    reader: &SqliteReader,
    today: Today<'_>,
    candidate: &Candidate,
) -> Result<Option<(PersonId, Weighed)>, StoreError> {
    let Some(holder) = reader.holder(candidate.handle.key(reader.salt()))? else { return Ok(None) };
    let Some((_, record)) = reader.person(holder)? else { return Ok(None) };
    let message = &candidate.message;
    let Some((journey, send)) = step_of(today.program, &record, message) else { return Ok(None) };
    let entries = history(reader, &record)?;
    let case = regulars_engine::measure::Case {
        message,
        known_to: LogPosition(0),
        journey,
        send,
        entered_at: candidate.entered_at,
        handle: &candidate.handle,
        members: &members(&record),
        heard: &heard(&entries),
    };
    Ok(Some((record.id(), weigh(today, &case))))
}

/// People whose decisions are kept in mind, by what they are known by: a run gives them ids of its own.
#[derive(Default)]
struct Whom {
    known_by: BTreeMap<Identifier, PersonId>,
    decided: BTreeMap<(PersonId, String), Vec<Decided>>,
}

/// A decision of the run of Regulars.
struct Decided {
    at: Timestamp,
    step: String,
    verdict: Verdict,
    reason: Option<Reason>,
}

impl Whom {
    fn of(reader: &SqliteReader, examples: &[Example]) -> Result<Self, StoreError> {
        let mut whom = Self::default();
        for example in examples {
            let Some((_, record)) = reader.person(example.person)? else { continue };
            let nodes = record.evidence.nodes.iter();
            whom.known_by.extend(nodes.map(|node| (node.identifier.clone(), example.person)));
        }
        Ok(whom)
    }

    /// Notes a decision about one of them; `writer` is that of the run.
    fn note<S: Store>(
        &mut self,
        writer: &Writer<S>,
        decision: &Decision,
    ) -> Result<(), StoreError> {
        let tells = match decision.verdict {
            Verdict::Send | Verdict::Hold | Verdict::Skip => true,
            Verdict::Enter | Verdict::Exit | Verdict::Goal | Verdict::Decline => true,
            Verdict::Done
            | Verdict::Sent
            | Verdict::Failed
            | Verdict::Uncertain
            | Verdict::Assign
            | Verdict::Set
            | Verdict::Notify
            | Verdict::Webhook
            | Verdict::Move
            | Verdict::Shown
            | Verdict::Clicked
            | Verdict::Dismissed
            | Verdict::TakenBack => false,
        };
        if !tells || self.known_by.is_empty() {
            return Ok(());
        }
        let Some(record) = writer.person(decision.person)? else { return Ok(()) };
        let mut nodes = record.evidence.nodes.iter();
        let known = nodes.find_map(|node| self.known_by.get(&node.identifier).copied());
        if let Some(person) = known {
            let of = (person, decision.journey.clone());
            self.decided.entry(of).or_default().push(Decided {
                at: decision.at,
                step: decision.step.clone(),
                verdict: decision.verdict,
                reason: decision.reasons.first().cloned(),
            });
        }
        Ok(())
    }

    /// Whether Regulars sends the same, perhaps after it was held.
    fn sent_too(&self, example: &Example) -> bool {
        let of = (example.person, example.journey.clone());
        self.decided.get(&of).into_iter().flatten().any(|one| {
            one.verdict == Verdict::Send
                && one.step == example.step
                && (-SAME_MS..=SAME_MS).contains(&one.at.since(example.at))
        })
    }

    /// The last decision up to when the tool's message would have gone.
    fn instead_of(&self, example: &Example) -> Option<Instead> {
        let decided = self.decided.get(&(example.person, example.journey.clone()))?;
        let last = decided.iter().rev().find(|one| one.at <= example.at)?;
        Some(Instead {
            at: last.at,
            step: last.step.clone(),
            verdict: Some(last.verdict),
            reason: last.reason.clone().unwrap_or_else(|| example.wrong.reason.clone()),
        })
    }
}

impl Comparison {
    /// The days that count.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::try_from(self.until.since(self.from) / DAY).unwrap_or(u32::MAX)
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "from": self.from.to_string(),
            "until": self.until.to_string(),
            "sources_not_heard": self.unheard,
            "events": self.events.0,
            "events_not_heard": self.events.1,
            "silo": side_json(&self.silo),
            "regulars": side_json(&self.regulars),
            "examples": self.examples.iter().map(Example::to_json).collect::<Vec<_>>(),
        })
    }
}

fn side_json(side: &Side) -> Value {
    let wrong: BTreeMap<&str, u64> = Mistake::ALL
        .iter()
        .map(|one| (one.word(), side.wrong.get(one).copied().unwrap_or(0)))
        .collect();
    json!({
        "messages": side.messages,
        "left_out": side.unclear,
        "wrong": side.wrong_in_all(),
        "wrong_by_mistake": wrong,
        "offers_given_away": sum_json("messages", Some(&side.offers)),
    })
}

impl Example {
    fn to_json(&self) -> Value {
        let given = self.wrong.given_away.iter().flatten().map(ToString::to_string);
        json!({
            "person": self.person.to_string(),
            "journey": self.journey,
            "step": self.step,
            "at": self.at.to_string(),
            "mistake": self.wrong.mistake.word(),
            "reason": self.wrong.reason.to_json(),
            "given_away": given.collect::<Vec<_>>(),
            "regulars": {
                "at": self.instead.at.to_string(),
                "decision": self.instead.verdict.map_or("nothing", Verdict::word),
                "reason": self.instead.reason.to_json(),
            },
        })
    }
}
