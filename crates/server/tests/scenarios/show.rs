//! What has come about, in words.

use jiff::tz::TimeZone;
use regulars_engine::decision::Decision;
use regulars_engine::event::{ConsentAnswer, Line};
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::journey::{EndCause, Enrollment, State, Visitor};
use regulars_engine::profile::{OpenLine, OrderRecord};
use regulars_engine::record::Record;
use regulars_engine::source::{Completeness, Rhythm};
use regulars_engine::time::{Precision, Timestamp};
use regulars_engine::truth::Truth;
use regulars_server::identity::{PastMoment, compared, household as lives_with, past};
use regulars_server::ui::{Language, WhoWords, explained};
use regulars_server::{segments, site, words};
use regulars_store::Reader;

use super::run::Running;

fn zone(running: &Running) -> TimeZone {
    running.dry.program().shop.zone.clone()
}

/// Decisions on a line each.
pub(crate) fn decisions(running: &mut Running, decisions: &[Decision]) -> Vec<String> {
    let zone = zone(running);
    let names = names(running);
    let name = |id| named(&names, id);
    decisions
        .iter()
        .map(|decision| words::decision_line(decision, &zone, &name, words::Told::Short))
        .collect()
}

/// Decisions with every fact.
pub(crate) fn why(running: &mut Running, decisions: &[Decision]) -> Vec<String> {
    let zone = zone(running);
    let names = names(running);
    let name = |id| named(&names, id);
    decisions.iter().flat_map(|decision| words::why_lines(decision, &zone, &name)).collect()
}

/// What to call each person; ids that a merge retired are among them where a decision bears one.
fn names(running: &mut Running) -> Vec<(PersonId, String)> {
    let all = persons(running);
    all.iter().map(|record| (record.id(), what_to_call(record))).collect()
}

fn named(names: &[(PersonId, String)], id: PersonId) -> String {
    names
        .iter()
        .find(|(held, _)| *held == id)
        .map_or_else(|| "somebody who was joined since".to_owned(), |(_, name)| name.clone())
}

fn what_to_call(record: &Record) -> String {
    let strongest = record.evidence.nodes.first().map(|node| node.identifier.value().to_owned());
    record.display_name().or(strongest).unwrap_or_default()
}

fn persons(running: &mut Running) -> Vec<Record> {
    let reader = running.dry.writer().reader();
    let found = reader.persons_after(PersonId(0), 10_000).expect("a store in memory reads");
    found.into_iter().map(|(_, _, record)| record).collect()
}

fn identifiers(record: &Record) -> String {
    let all = record.evidence.nodes.iter();
    let words =
        all.map(|node| format!("{} {}", word(&node.identifier.kind), node.identifier.value()));
    words.collect::<Vec<_>>().join(", ")
}

fn word(kind: &IdentifierKind) -> &str {
    match kind {
        IdentifierKind::UserId => "login",
        IdentifierKind::LoyaltyId => "card",
        IdentifierKind::AnonymousId => "device",
        other => other.word(),
    }
}

/// The persons there are, each by what they are known by.
pub(crate) fn people(running: &mut Running) -> Vec<String> {
    let mut lines: Vec<String> = persons(running)
        .iter()
        .map(|record| format!("{} ({} events)", identifiers(record), record.profile.events))
        .collect();
    lines.sort();
    lines
}

/// Every segment with whoever is kept in it.
pub(crate) fn segments(running: &mut Running) -> Vec<String> {
    let names = names(running);
    let program = std::sync::Arc::clone(running.dry.program());
    let reader = running.dry.writer().reader();
    let listed = segments::list(reader, &program).expect("a store in memory reads");
    listed
        .iter()
        .map(|listed| {
            let members = reader.segment_members(listed.number, PersonId(0), 1_000);
            let members = members.expect("a store in memory reads");
            assert_eq!(u64::try_from(members.len()), Ok(listed.members), "members are counted");
            let mut who: Vec<String> = members.iter().map(|id| named(&names, *id)).collect();
            who.sort();
            let who = if who.is_empty() { "nobody".to_owned() } else { who.join(", ") };
            format!("{:<10} {who}", listed.name)
        })
        .collect()
}

/// Why one person is in a segment or not.
pub(crate) fn membership(
    running: &mut Running,
    who: &str,
    segment: &str,
) -> Result<Vec<String>, String> {
    let Some(record) = found(running, who)? else { return Ok(vec!["nobody".to_owned()]) };
    let program = std::sync::Arc::clone(running.dry.program());
    let kept = program.standing.named(segment).ok_or("there is no such segment")?;
    let asked = (&kept.condition, Some(kept));
    let reader = running.dry.writer().reader();
    let why = segments::why(reader, &program, &record, asked, running.clock);
    let why = why.map_err(|error| error.to_string())?;
    let name = what_to_call(&record);
    Ok(explained(Language::English, &program, &name, &why, running.clock))
}

/// Why two are one person, or what stands against it.
pub(crate) fn why_two(
    running: &mut Running,
    one: &str,
    other: &str,
) -> Result<Vec<String>, String> {
    let rules = running.dry.program().identity.clone();
    let mut read = |who: &str| {
        let identifier = identifier(who)?;
        let all = persons(running);
        let found = all.into_iter().find(|record| record.evidence.holds(&identifier));
        let record = found.ok_or_else(|| format!("nobody is known by {who}"))?;
        Ok::<_, String>((record, Some(identifier)))
    };
    let (one, other) = (read(one)?, read(other)?);
    let found = compared(running.dry.writer().reader(), &rules, one, other);
    let found = found.map_err(|error| error.to_string())?;
    let mut lines = vec![if found.same_person() { "one person" } else { "two people" }.to_owned()];
    let who = WhoWords::new(Language::English, running.dry.program());
    lines.extend(found.reasons(&who).into_iter().map(|reason| format!("- {reason}")));
    Ok(lines)
}

/// How a person came together, moment by moment.
pub(crate) fn how(running: &mut Running, who: &str) -> Result<Vec<String>, String> {
    let zone = zone(running);
    let rules = running.dry.program().identity.clone();
    let Some(record) = found(running, who)? else { return Ok(vec!["nobody".to_owned()]) };
    let past = past(running.dry.writer().reader(), &rules, &record);
    let who = WhoWords::new(Language::English, running.dry.program());
    let mut lines = Vec::new();
    for PastMoment { moment, event } in past.map_err(|error| error.to_string())? {
        let at = words::moment(event.occurred.at, &zone);
        lines.push(format!("{at}  {} ({})", event.kind.name(), event.source));
        lines.extend(moment.steps.iter().map(|step| format!("- {}", who.step(step))));
    }
    Ok(lines)
}

/// Who lives with a person, and why.
pub(crate) fn household(running: &mut Running, who: &str) -> Result<Vec<String>, String> {
    let rules = running.dry.program().identity.clone();
    let Some(record) = found(running, who)? else { return Ok(vec!["nobody".to_owned()]) };
    let found = lives_with(running.dry.writer().reader(), &rules, &record);
    let who = WhoWords::new(Language::English, running.dry.program());
    let lines = who.household(&found.map_err(|error| error.to_string())?);
    Ok(if lines.is_empty() { vec!["alone".to_owned()] } else { lines })
}

/// An identifier as scenarios write it: `login maria`.
fn identifier(who: &str) -> Result<Identifier, String> {
    let (kind, value) = who.split_once(' ').ok_or("write for example: login maria")?;
    let kind = match kind {
        "login" => IdentifierKind::UserId,
        "card" => IdentifierKind::LoyaltyId,
        "device" => IdentifierKind::AnonymousId,
        other => IdentifierKind::parse(other),
    };
    Identifier::new(kind, value).ok_or_else(|| format!("\"{value}\" is no value"))
}

/// One person, by a kind of identifier and its value: `email maria@example.com`.
pub(crate) fn person(running: &mut Running, who: &str) -> Result<Vec<String>, String> {
    let Some(record) = found(running, who)? else { return Ok(vec!["nobody".to_owned()]) };
    let record = &record;
    let zone = zone(running);
    let mut lines = vec![format!("known by   {}", identifiers(record))];
    lines.extend(path(record, &zone));
    lines.extend(cart(running, record, &zone));
    lines.extend(orders(record, &zone));
    lines.extend(consents(record));
    lines.extend(journeys(running, record, &zone));
    Ok(lines)
}

fn found(running: &mut Running, who: &str) -> Result<Option<Record>, String> {
    let wanted = identifier(who)?;
    Ok(persons(running).into_iter().find(|record| record.evidence.holds(&wanted)))
}

fn path(record: &Record, zone: &TimeZone) -> Vec<String> {
    let touches = record.profile.path.latest.iter();
    let line = |touch: &regulars_engine::profile::Touch| {
        let anonymous = if touch.anonymous { ", anonymous" } else { "" };
        let at = words::moment(touch.stamp.at, zone);
        format!("path       {at}  {} ({}{anonymous})", touch.kind.name(), touch.source)
    };
    touches.map(line).collect()
}

fn pieces(milli: i64) -> String {
    if milli % 1_000 == 0 { (milli / 1_000).to_string() } else { format!("0.{milli:03}") }
}

fn cart(running: &mut Running, record: &Record, zone: &TimeZone) -> Vec<String> {
    let now = running.clock;
    let catalogue = running.dry.writer().catalogue();
    let lines = record.profile.cart.lines(&record.profile.orders, catalogue, now);
    let line = |open: &OpenLine<'_>| {
        let what = match open.open {
            Truth::True => "open".to_owned(),
            Truth::False => format!("bought with {}", open.order.unwrap_or("?")),
            Truth::Unknown => {
                format!("perhaps bought with {}", open.order.unwrap_or("?"))
            }
        };
        let added = words::moment(open.added.at, zone);
        format!(
            "cart       {} x{}, added {added}: {what}",
            open.line.label(),
            pieces(open.quantity_milli)
        )
    };
    lines.iter().map(line).collect()
}

fn orders(record: &Record, zone: &TimeZone) -> Vec<String> {
    let line = |(key, order): (&String, &OrderRecord)| {
        let at = order.occurred().map_or_else(String::new, |occurred| match occurred.precision {
            Precision::Day => occurred.at.in_zone(zone).strftime("%-d %b %Y").to_string(),
            Precision::Minute | Precision::Instant => words::moment(occurred.at, zone),
        });
        let (place, what) = match &order.sale {
            Some(sale) => (sale.channel.word(), labels(&sale.lines)),
            None => ("unknown", "its sale is not known".to_owned()),
        };
        let came_back: Vec<String> = order
            .refunds
            .values()
            .map(|refund| format!(", returned {}", labels(&refund.lines)))
            .collect();
        let cancelled = if order.cancelled.is_some() { ", cancelled" } else { "" };
        let kept = if order.kept() { "" } else { "; not kept" };
        format!("order      {key} on {at} ({place}): {what}{}{cancelled}{kept}", came_back.concat())
    };
    record.profile.orders.by_key.iter().map(line).collect()
}

fn labels(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "nothing is said of what".to_owned();
    }
    lines.iter().map(Line::label).collect::<Vec<_>>().join(", ")
}

fn consents(record: &Record) -> Vec<String> {
    let all = record.profile.consents.by_key.iter();
    let line = |((identifier, channel, purpose), stated): (
        &(Identifier, regulars_engine::event::Channel, regulars_engine::event::Purpose),
        &regulars_engine::profile::ConsentRecord,
    )| {
        let answer = match stated.answer {
            ConsentAnswer::Given => "yes",
            ConsentAnswer::Withdrawn => "no",
        };
        format!(
            "consent    {answer} to {} by {} for {}",
            purpose.word(),
            channel.word(),
            identifier.value()
        )
    };
    all.map(line).collect()
}

fn journeys(running: &mut Running, record: &Record, zone: &TimeZone) -> Vec<String> {
    let program = std::sync::Arc::clone(running.dry.program());
    let line = |enrollment: &Enrollment| {
        let step = program
            .journey(&enrollment.journey, enrollment.version)
            .and_then(|journey| journey.steps.get(usize::try_from(enrollment.step).ok()?))
            .map_or_else(|| "its end".to_owned(), |step| step.name.clone());
        let state = match &enrollment.state {
            State::Waiting { until: Some(until) } => {
                format!("waits at {step} until {}", words::moment(*until, zone))
            }
            State::Waiting { until: None } => format!("waits at {step}"),
            State::Held { until, waits_for, .. } => {
                let feeds: Vec<String> = waits_for
                    .iter()
                    .map(|(feed, needed)| format!("{feed} up to {}", words::moment(*needed, zone)))
                    .collect();
                let feeds = if feeds.is_empty() {
                    String::new()
                } else {
                    format!(" for {}", feeds.join(", "))
                };
                format!("held at {step}{feeds}, at most until {}", words::moment(*until, zone))
            }
            State::Sending { .. } => format!("sending at {step}"),
            State::Ended { at, cause } => {
                format!("ended {} ({})", words::moment(*at, zone), ended(*cause))
            }
        };
        let entered = words::moment(enrollment.entered_at, zone);
        format!("journey    {} entered {entered}: {state}", enrollment.journey)
    };
    record.enrollments.iter().map(line).collect()
}

fn ended(cause: EndCause) -> &'static str {
    match cause {
        EndCause::Done => "went through all steps",
        EndCause::ExitRule => "an exit rule",
        EndCause::Goal => "the goal",
        EndCause::Merged => "another enrollment of the joined person goes on",
        EndCause::Removed => "removed",
        EndCause::KeptOut => "kept out to measure",
    }
}

/// Every feed, and how complete it is up to its normal lag.
pub(crate) fn sources(running: &mut Running) -> Vec<String> {
    let (now, zone) = (running.clock, zone(running));
    let sources = running.dry.writer().sources();
    let line =
        |(name, feed): (&regulars_engine::source::FeedName, &regulars_engine::source::Feed)| {
            let habit = sources.settings_of(&name.source).habit_of(&name.feed);
            let until = now.plus(-habit.lag_ms);
            let complete = match (feed.completeness(habit, until, now), habit.rhythm) {
                (Completeness::Known, _) => "complete by its own word".to_owned(),
                (Completeness::Presumed, _) => "presumed complete".to_owned(),
                (Completeness::Behind, Rhythm::Live) => "silent".to_owned(),
                (Completeness::Behind, Rhythm::Batch) => match feed.complete_through {
                    Some(through) => format!("complete to {}", words::moment(through, &zone)),
                    None => "never said to be complete".to_owned(),
                },
            };
            format!(
                "{name}: {} events, last heard {}, {complete}",
                feed.events,
                heard(feed.heard_at, &zone)
            )
        };
    sources.feeds.iter().map(line).collect()
}

fn heard(at: Timestamp, zone: &TimeZone) -> String {
    words::moment(at, zone)
}

/// What became of the lines so far.
pub(crate) fn received(running: &mut Running) -> Vec<String> {
    let receipt = running.dry.receipt();
    vec![format!(
        "{} accepted, {} repeated, {} in conflict, {} not understood",
        receipt.accepted,
        receipt.duplicates,
        receipt.conflicts,
        running.rejected.len()
    )]
}

/// What each slot of the shop's own site shows: to a browser that is merely recognised by its device,
/// and to whoever else the shop's server vouches for.
pub(crate) fn site(running: &mut Running, who: &str) -> Result<Vec<String>, String> {
    let visitor = identifier(who)?;
    let browser = visitor.kind == IdentifierKind::AnonymousId;
    let known = if browser { Visitor::Browser } else { Visitor::Login };
    let (program, now) = (std::sync::Arc::clone(running.dry.program()), running.clock);
    let slots: Vec<String> = program.shop.slots.iter().map(|slot| slot.name.clone()).collect();
    let reader = running.dry.writer().reader();
    let look = || {
        let mut looker = site::Looker::new(reader, program.clone(), now)?;
        let asked = site::Asked { visitor, known, slots, language: None };
        site::look(reader, &mut looker, &program, &asked, now)
    };
    let said = look().expect("a store in memory reads");
    let line = |(slot, said): (String, site::Said)| match said {
        site::Said::Message(parts, _) => {
            let texts = [parts.title, parts.text, parts.button, parts.link];
            let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
            format!("{slot:<10} {}", texts.join(" | "))
        }
        site::Said::Nothing(why) => format!("{slot:<10} ({})", why.word()),
    };
    Ok(said.into_iter().map(line).collect())
}
