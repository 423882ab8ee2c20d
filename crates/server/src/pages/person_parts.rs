//! The parts of a person's page, each a function of the row.

use regulars_engine::condition::Likeness;
use regulars_engine::event::{self, CodeKind, ConsentAnswer};
use regulars_engine::guard::{Address, addresses, paused, permitted};
use regulars_engine::identity::{AlikeCards, Class, Edge, Identifier, Step, Tied, Ties, Topic};
use regulars_engine::journey::{EndCause, Enrollment, State};
use regulars_engine::product::Catalogue;
use regulars_engine::profile::{OpenLine, OrderRecord};
use regulars_engine::program::Program;
use regulars_engine::reason::{Fact as EngineFact, Reason as EngineReason, ReasonCode};
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_engine::truth::Truth;
use regulars_store::{Entry, SqliteReader, StoreError};

use super::{convert, household};
use crate::identity::{PastMoment, PossibleTwin, alike_by, past, possible_twins};
use crate::staff;
use crate::ui::model::{
    AlikeRow, Cart, CartLine, Channel, ChannelReach, ClosedBecause, ConsentState, Contact, EdgeHow,
    EnrollmentRow, EnrollmentState, EventKind, EvidenceEdge, Fact, FactValue, HistoryRow,
    HistoryStep, HistoryWord, IdentifierKind, IdentifierRow, IdentifierUse, Identity, Money,
    OrderRow, OrderState, Precision, PurposeReach, Reach, TimelineItem, Touchpoint, Twin,
};

/// Addresses and cards, the strongest kind first; devices are nobody's address.
pub(super) fn contacts(record: &Record) -> Vec<Contact> {
    let nodes = record.evidence.nodes.iter();
    nodes
        .filter(|node| node.identifier.kind.class() < Class::Device)
        .take(8)
        .map(|node| Contact {
            kind: convert::identifier_kind(&node.identifier.kind),
            value: node.identifier.value().to_owned(),
        })
        .collect()
}

/// Whether and how the person can be contacted, by the same rule as the guard's.
pub(super) fn reach(program: &Program, record: &Record, now: Timestamp) -> Vec<ChannelReach> {
    event::Channel::OF_MESSAGES
        .into_iter()
        .map(|channel| ChannelReach {
            channel: convert::channel(channel),
            address: addresses(record, channel).first().map(|id| id.value().to_owned()),
            purposes: [
                event::Purpose::Promotion,
                event::Purpose::Care,
                event::Purpose::Transactional,
            ]
            .into_iter()
            .map(|purpose| purpose_reach(program, record, channel, purpose, now))
            .collect(),
        })
        .filter(|reach| reach.channel == Channel::Email || reach.address.is_some())
        .collect()
}

fn purpose_reach(
    program: &Program,
    record: &Record,
    channel: event::Channel,
    purpose: event::Purpose,
    now: Timestamp,
) -> PurposeReach {
    let stated = record
        .profile
        .consents
        .by_key
        .iter()
        .filter(|((_, of, held), _)| *of == channel && *held == purpose)
        .map(|(_, stated)| stated)
        .max_by_key(|stated| (stated.answer, stated.stamp));
    let found = permitted(program, record, &[], (channel, purpose), now);
    let reach = match &found {
        Address::Found(address) => match paused(record, &[], address, channel, now) {
            Some((until, reason)) if purpose != event::Purpose::Transactional => {
                Reach::Later(convert::reason(&reason), Some(until.0))
            }
            Some(_) | None => Reach::Yes,
        },
        Address::Refused(reason) => Reach::No(convert::reason(reason)),
    };
    let unconfirmed =
        matches!(&found, Address::Refused(reason) if reason.code == ReasonCode::ConsentUnconfirmed);
    let consent = match (stated.map(|stated| stated.answer), purpose) {
        (_, event::Purpose::Transactional) => ConsentState::NotNeeded,
        (Some(ConsentAnswer::Given), _) if unconfirmed => ConsentState::Unconfirmed,
        (Some(ConsentAnswer::Given), _) => ConsentState::Granted,
        (Some(ConsentAnswer::Withdrawn), _) => ConsentState::Withdrawn,
        (None, event::Purpose::Care) => ConsentState::NotNeeded,
        (None, event::Purpose::Promotion) if matches!(found, Address::Found(_)) => {
            ConsentState::SoftOptIn
        }
        (None, event::Purpose::Promotion) => ConsentState::NeverAsked,
    };
    PurposeReach {
        purpose: convert::purpose(purpose),
        consent,
        said_at: stated.map(|stated| stated.stamp.at.0),
        said_where: stated.map(|stated| stated.source.clone()),
        reach,
    }
}

/// What is in the cart, and what a purchase closed.
pub(super) fn cart(record: &Record, catalogue: &Catalogue, now: Timestamp) -> Cart {
    let lines = record.profile.cart.lines(&record.profile.orders, catalogue, now);
    let (closed, open): (Vec<OpenLine<'_>>, Vec<OpenLine<'_>>) =
        lines.into_iter().partition(|line| line.open == Truth::False);
    Cart {
        worth: worth(&open),
        open: open.into_iter().map(|line| cart_line(record, line)).collect(),
        closed: closed.into_iter().map(|line| cart_line(record, line)).collect(),
    }
}

/// What the lines come to, where all that are priced count in one currency.
fn worth(lines: &[OpenLine<'_>]) -> Option<Money> {
    let mut priced =
        lines.iter().filter_map(|line| Some((line.line.total_minor?, line.line.currency?)));
    let (first, currency) = priced.next()?;
    let sum = priced
        .try_fold(first, |sum, (minor, of)| (of == currency).then(|| sum.saturating_add(minor)))?;
    Some(convert::money(sum, currency))
}

fn cart_line(record: &Record, line: OpenLine<'_>) -> CartLine {
    let order = line.order.and_then(|key| record.profile.orders.by_key.get(key));
    let bought = order.filter(|_| line.open == Truth::False);
    let pieces = u32::try_from(line.quantity_milli / 1000).unwrap_or(1).max(1);
    let each = line.line.price().map(|price| convert::money(price.minor, price.currency));
    CartLine {
        product: line.line.label().to_owned(),
        variant: line.line.code(CodeKind::Variant).map(str::to_owned),
        quantity: pieces,
        price: each,
        added_at: line.added.at.0,
        channel: Channel::Web,
        closed: bought
            .and_then(|order| order.occurred().map(|at| (ClosedBecause::Bought, at.at.0))),
        closed_where: bought.and_then(place_of),
    }
}

fn place_of(order: &OrderRecord) -> Option<String> {
    let sale = order.sale.as_ref()?;
    sale.store.clone().or_else(|| Some(sale.channel.word().to_owned()))
}

/// Where the person stands in journeys, running ones first.
pub(super) fn enrollments(program: &Program, record: &Record) -> Vec<EnrollmentRow> {
    let mut rows: Vec<EnrollmentRow> =
        record.enrollments.iter().map(|enrollment| enrollment_row(program, enrollment)).collect();
    rows.sort_by_key(|row| (row.ended_at.is_some(), std::cmp::Reverse(row.entered_at)));
    rows
}

fn enrollment_row(program: &Program, enrollment: &Enrollment) -> EnrollmentRow {
    let journey = program.journey(&enrollment.journey, enrollment.version);
    let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
    let step = journey.and_then(|journey| journey.steps.get(number));
    let (state, ended_at, reasons) = match &enrollment.state {
        State::Waiting { .. } | State::Sending { .. } => {
            (EnrollmentState::Waiting, None, Vec::new())
        }
        State::Held { reasons, .. } => (EnrollmentState::Held, None, convert::reasons(reasons)),
        State::Ended { at, cause: EndCause::Done | EndCause::Goal } => {
            (EnrollmentState::Completed, Some(at.0), Vec::new())
        }
        State::Ended { at, cause } => {
            let reason = convert::reason(&EngineReason::bare(cause.told().1));
            (EnrollmentState::Exited, Some(at.0), vec![reason])
        }
    };
    let steps = journey.map_or(0, |journey| u32::try_from(journey.steps.len()).unwrap_or(0));
    EnrollmentRow {
        journey: enrollment.journey.clone(),
        journey_id: enrollment.journey.clone(),
        state,
        step: step.map(|step| step.name.clone()),
        entered_at: enrollment.entered_at.0,
        due_at: enrollment.due_at().filter(|at| *at < Timestamp::LATEST).map(|at| at.0),
        ended_at,
        reasons,
        progress: (steps > 0).then(|| (enrollment.step.min(steps), steps)),
    }
}

/// The touchpoints in order, the anonymous part marked.
pub(super) fn path(record: &Record) -> Vec<Touchpoint> {
    let latest = &record.profile.path.latest;
    let first = record.profile.path.first.iter().filter(|first| !latest.contains(first));
    first
        .chain(latest)
        .map(|touch| Touchpoint {
            at: touch.stamp.at.0,
            precision: Precision::Instant,
            channel: convert::channel(touch.channel),
            kind: EventKind::named(touch.kind.name()),
            label: None,
            anonymous: touch.anonymous,
        })
        .collect()
}

/// One event of the timeline.
pub(super) fn item(entry: &Entry) -> TimelineItem {
    let event = &entry.logged.event;
    let source = if event.feed.is_empty() {
        event.source.clone()
    } else {
        format!("{} · {}", event.source, event.feed)
    };
    let amount = event
        .order
        .as_ref()
        .and_then(|order| order.total_minor.map(|minor| convert::money(minor, order.currency)));
    let mut facts: Vec<Fact> = event
        .properties
        .iter()
        .take(30)
        .map(|(name, value)| {
            let text = value.as_text().map_or_else(|| value.to_json().to_string(), str::to_owned);
            Fact { name: name.clone(), value: FactValue::Text(text), at: None }
        })
        .collect();
    if let Some(order) = &event.order {
        let value = FactValue::Text(order.key.clone());
        facts.insert(0, Fact { name: "order".to_owned(), value, at: None });
    }
    TimelineItem {
        id: entry.logged.position.0.to_string(),
        at: event.occurred.at.0,
        precision: convert::precision(event.occurred.precision),
        received_at: event.received_at.0,
        channel: convert::channel(event.place.channel),
        kind: EventKind::named(event.kind.name()),
        label: label(event),
        source,
        amount,
        anonymous: event.anchor().is_none_or(|anchor| anchor.kind.class() >= Class::Device),
        facts,
    }
}

fn label(event: &event::Event) -> Option<String> {
    if let event::Kind::Custom(name) = &event.kind {
        return Some(name.clone());
    }
    if !event.lines.is_empty() {
        let labels: Vec<&str> = event.lines.iter().take(3).map(event::Line::label).collect();
        let more = event.lines.len().saturating_sub(3);
        let tail = if more > 0 { format!(" +{more}") } else { String::new() };
        return Some(labels.join(", ") + &tail);
    }
    let named = ["name", "title", "query", "path", "url", "store_id"];
    named
        .iter()
        .find_map(|name| event.properties.get(*name).and_then(event::Value::as_text))
        .map(str::to_owned)
        .or_else(|| event.place.store.clone())
}

/// Orders of all channels, newest first.
pub(super) fn orders(record: &Record) -> Vec<OrderRow> {
    let mut rows: Vec<OrderRow> =
        record.profile.orders.by_key.iter().map(|(key, order)| order_row(key, order)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows
}

fn order_row(key: &str, order: &OrderRecord) -> OrderRow {
    let occurred = order.occurred().unwrap_or_default();
    let back: i64 = order.refunds.values().map(|refund| refund.total_minor).sum();
    let state = if order.cancelled.is_some() {
        OrderState::Cancelled
    } else if order.refunds.is_empty() {
        OrderState::Kept
    } else if order.kept() {
        OrderState::PartlyReturned
    } else {
        OrderState::Returned
    };
    let sale = order.sale.as_ref();
    let currency = sale.map_or(event::Currency::EUR, |sale| sale.currency);
    let lines = sale.map(|sale| sale.lines.as_slice()).unwrap_or_default();
    OrderRow {
        number: key.to_owned(),
        at: occurred.at.0,
        precision: convert::precision(occurred.precision),
        channel: sale.map_or(Channel::Other, |sale| convert::channel(sale.channel)),
        place: place_of(order),
        lines: lines
            .iter()
            .map(|line| {
                let pieces = u32::try_from(line.quantity_milli / 1000).unwrap_or(1).max(1);
                (pieces, line.label().to_owned())
            })
            .collect(),
        total: sale.map(|sale| convert::money(sale.total_minor, currency)),
        returned: (back > 0).then(|| convert::money(back, currency)),
        state,
        sources: Vec::new(),
    }
}

/// Why these records are one person, and who else may be.
pub(super) fn identity(
    reader: &SqliteReader,
    program: &Program,
    record: &Record,
) -> Result<Identity, StoreError> {
    let evidence = &record.evidence;
    let seen = || evidence.edges.iter().filter(|edge| edge.ties == Ties::Seen);
    let span = |edges: &mut dyn Iterator<Item = &Edge>| {
        edges.fold((0, i64::MAX, i64::MIN), |(seen, first, last), edge| {
            (seen + 1, first.min(edge.first_at.0), last.max(edge.last_at.0))
        })
    };
    let identifiers = evidence
        .nodes
        .iter()
        .map(|node| {
            let own = &node.identifier;
            let mut touching = seen().filter(|edge| edge.strong == *own || edge.weak == *own);
            let (seen_with, first, last) = span(&mut touching);
            let alone = evidence.nodes.len() == 1 && seen_with > 1;
            IdentifierRow {
                kind: convert::identifier_kind(&own.kind),
                value: own.value().to_owned(),
                class: convert::identifier_class(own.kind.class()),
                used: if alone { IdentifierUse::Shared } else { IdentifierUse::Joins },
                seen_with,
                first_at: if seen_with == 0 { 0 } else { first },
                last_at: if seen_with == 0 { 0 } else { last },
            }
        })
        .collect();
    let ends = |edge: &&Edge| evidence.holds(&edge.strong) && evidence.holds(&edge.weak);
    Ok(Identity {
        person_id: record.id().to_string(),
        identifiers,
        evidence: seen().filter(ends).map(edge_row).collect(),
        alike: (alike_by(reader, &program.identity, record)?.into_iter())
            .filter_map(|tied| match tied {
                Tied::Alike(cards) => Some(alike_row(*cards)),
                Tied::Seen(_) => None,
            })
            .collect(),
        said: (staff::standing(record, Topic::Person).into_iter())
            .chain(staff::standing(record, Topic::Home))
            .map(edge_row)
            .collect(),
        household: household::rows(reader, program, record)?,
        twins: twins(reader, record)?,
        history: history(&past(reader, &program.identity, record)?),
    })
}

/// How a person came together, for people to read.
fn history(past: &[PastMoment]) -> Vec<HistoryRow> {
    let all = |names: &[Identifier]| names.iter().map(end).collect::<Vec<_>>();
    let step = |step: &Step| {
        let groups = |parts: &[Vec<Identifier>]| parts.iter().map(|part| all(part)).collect();
        let (word, groups) = match step {
            Step::Named(names) => (HistoryWord::Named, vec![all(names)]),
            Step::Joined(parts) => (HistoryWord::Joined, groups(parts)),
            Step::Parted(parts) => (HistoryWord::Parted, groups(parts)),
            Step::Stated(_, one, other) => {
                let both = [one.clone(), other.clone()];
                (HistoryWord::Stated, vec![all(&both)])
            }
        };
        HistoryStep { word, groups }
    };
    past.iter()
        .map(|PastMoment { moment, event }| HistoryRow {
            at: event.occurred.at.0,
            kind: EventKind::named(event.kind.name()),
            steps: moment.steps.iter().map(step).collect(),
        })
        .collect()
}

fn end(name: &Identifier) -> (IdentifierKind, String) {
    (convert::identifier_kind(&name.kind), name.value().to_owned())
}

fn alike_row(cards: AlikeCards) -> AlikeRow {
    let AlikeCards { one, other, percent, points, .. } = cards;
    let told = Likeness::Alike { points }.told(percent);
    AlikeRow { left: end(&one), right: end(&other), fact: EngineFact::new(told, None) }
}

fn edge_row(edge: &Edge) -> EvidenceEdge {
    EvidenceEdge {
        left: end(&edge.strong),
        right: end(&edge.weak),
        how: match edge.ties {
            Ties::Seen | Ties::TakenBack | Ties::Unsure | Ties::HomeTakenBack => EdgeHow::Seen,
            Ties::HomeSame => EdgeHow::SaidTogether,
            Ties::HomeApart => EdgeHow::SaidNotTogether,
            Ties::AssertedSame => EdgeHow::SaidSame,
            Ties::AssertedApart => EdgeHow::SaidApart,
        },
        first_at: edge.first_at.0,
        last_at: edge.last_at.0,
    }
}

/// Whoever may be the same person, with the figure that the guard goes by.
fn twins(reader: &SqliteReader, record: &Record) -> Result<Vec<Twin>, StoreError> {
    let twin = |twin: PossibleTwin| {
        let id = twin.record.id();
        Twin {
            name: convert::name_of(Some(&twin.record), id),
            person_id: id.to_string(),
            permille: u16::from(twin.percent) * 10,
            why: Some(EngineFact::new(twin.because.told(twin.percent), None)),
            factors: Vec::new(),
        }
    };
    Ok(possible_twins(reader, record)?.into_iter().map(twin).collect())
}
