//! What the oracle says of a decision, asked of the raw lines that had been received by then.
//!
//! The oracle is told whose identifiers are whose. It is asked twice: of what surely is the
//! person's, and of that together with what hangs on a value that several people share.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use regulars_engine::decision::{Decision, Verdict as Decided};
use regulars_engine::identity::{Class, Identifier, IdentifierKind, Ties};
use regulars_engine::reason::ReasonCode;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, Timestamp};
use regulars_sim::oracle::{self, ExpectedFeed, Question, Verdict};
use serde_json::{Value, json};

use super::play::{Told, moment};

/// What the oracle needs to know of a shop.
pub(crate) struct Shop {
    pub(crate) codes: BTreeMap<String, String>,
    pub(crate) feeds: Vec<ExpectedFeed>,
    pub(crate) zone: TimeZone,
}

/// A decision with what it was made of.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) decision: &'a Decision,
    /// The person as known then.
    pub(crate) record: &'a Record,
    /// The raw lines received until then.
    pub(crate) told: &'a Told,
    /// When the person entered.
    pub(crate) entered_at: Timestamp,
    /// Since when the message has been due; for exits the decision's own moment.
    pub(crate) due_at: Timestamp,
}

/// Others' lines are asked only whether their feed is alive: older ones say nothing of that.
const ALIVE_MS: i64 = 5 * DAY;

const ME: &str = "the person who is asked about";

impl Shop {
    /// What is wrong with a decision; `None` if the oracle agrees.
    pub(crate) fn disagrees(&self, case: &Case<'_>) -> Option<String> {
        let (own, shared) = known_by(case.record);
        let none = BTreeSet::new();
        let surely = self.ask(case, &own, &none);
        let more = (!shared.is_empty()).then(|| self.ask(case, &own, &shared));
        let perhaps = more.unwrap_or_else(|| surely.clone());
        let possibly_bought: Vec<&String> = match &perhaps {
            Verdict::StopBought(products) => products.iter().collect(),
            Verdict::Send(_) | Verdict::StopEmpty | Verdict::Hold(_) => Vec::new(),
        };
        let codes: Vec<ReasonCode> = case.decision.reasons.iter().map(|r| r.code).collect();
        let not_knowing = codes.contains(&ReasonCode::SentNotKnowing);
        let agrees = match case.decision.verdict {
            Decided::Send if not_knowing => matches!(surely, Verdict::Hold(_)),
            Decided::Send => {
                let mut products = case.decision.products.clone();
                products.sort();
                // A message names every line; the oracle asks of products, whatever the variant or cart.
                products.dedup();
                // What was believed to be in the cart at entry stays part of it, if it is open at all.
                let whenever = Case { entered_at: Timestamp::EARLIEST, ..*case };
                let open = || match self.ask(&whenever, &own, &none) {
                    Verdict::Send(open) => products.iter().all(|product| open.contains(product)),
                    Verdict::StopBought(_) | Verdict::StopEmpty | Verdict::Hold(_) => false,
                };
                let same = surely == Verdict::Send(products.clone());
                (same || matches!(surely, Verdict::Send(_)) && open())
                    && !possibly_bought.iter().any(|bought| products.contains(bought))
            }
            Decided::Exit => match surely {
                Verdict::StopBought(_) | Verdict::StopEmpty => true,
                // So does what had just been bought and was believed to be in the cart at entry.
                Verdict::Send(_) | Verdict::Hold(_) => {
                    let whenever = Case { entered_at: Timestamp::EARLIEST, ..*case };
                    codes == [ReasonCode::JoinedWithTwin]
                        || matches!(self.ask(&whenever, &own, &none), Verdict::StopBought(_))
                }
            },
            Decided::Hold | Decided::Skip => {
                let open = matches!(surely, Verdict::Send(_) | Verdict::Hold(_));
                // Whoever is held for what is not known is held by the oracle too.
                let asked = codes.iter().any(|code| {
                    matches!(
                        code,
                        ReasonCode::FeedBehind
                            | ReasonCode::UnmappedCode
                            | ReasonCode::OrderWithoutLines
                    )
                });
                open && (!asked || matches!(surely, Verdict::Hold(_)))
            }
            Decided::Enter
            | Decided::Assign
            | Decided::Goal
            | Decided::Set
            | Decided::Notify
            | Decided::Webhook
            | Decided::Move
            | Decided::Shown
            | Decided::Clicked
            | Decided::Dismissed
            | Decided::TakenBack
            | Decided::Decline
            | Decided::Done
            | Decided::Sent
            | Decided::Failed
            | Decided::Uncertain => true,
        };
        (!agrees).then(|| {
            format!(
                "decided {} of {:?} for {codes:?}; the oracle says {surely:?}, perhaps {perhaps:?}",
                case.decision.to_json(),
                case.decision.products,
            )
        })
    }

    /// What the oracle says of the person's cart at the moment of the decision.
    pub(crate) fn ask(
        &self,
        case: &Case<'_>,
        own: &BTreeSet<Identifier>,
        shared: &BTreeSet<Identifier>,
    ) -> Verdict {
        let mine = case.told.numbers(own.iter().chain(shared));
        let mut lines = self.signs_of_life(case, &mine);
        for number in mine {
            let mut line = case.told.lines[number].clone();
            line["userId"] = ME.into();
            lines.push(line);
        }
        oracle::decide(
            &lines,
            &Question {
                identifiers: &BTreeSet::from([ME.to_owned()]),
                codes: &self.codes,
                feeds: &self.feeds,
                zone: &self.zone,
                entered_at: moment(case.entered_at),
                due_at: moment(case.due_at),
                now: moment(case.decision.at),
            },
        )
    }
}

impl Shop {
    /// What others' lines say of whether their feeds are alive. Where silence says nothing, only the last word
    /// counts by which each feed had told everything.
    fn signs_of_life(&self, case: &Case<'_>, mine: &BTreeSet<usize>) -> Vec<Value> {
        if self.feeds.iter().all(|feed| feed.silence_max.is_none()) {
            let complete = case.told.complete.iter();
            return complete
                .map(|((source, feed), through)| {
                    let through = through.to_string();
                    json!({ "type": "watermark", "source": source, "feed": feed,
                        "completeThrough": through, "receivedAt": through })
                })
                .collect();
        }
        let all = &case.told.lines;
        let lately = moment(case.decision.at.plus(-ALIVE_MS)).to_string();
        let late = |line: &&Value| line["receivedAt"].as_str().is_none_or(|at| *at >= *lately);
        let first = all.len() - all.iter().rev().take_while(late).count();
        let feeds: BTreeSet<&str> = self.feeds.iter().map(|feed| feed.source.as_str()).collect();
        let others = (first..all.len()).filter(|number| !mine.contains(number));
        let others = others
            .map(|number| &all[number])
            .filter(|line| line["source"].as_str().is_some_and(|source| feeds.contains(source)));
        others
            .map(|line| {
                json!({ "type": line["type"], "source": line["source"], "feed": line["feed"],
                    "receivedAt": line["receivedAt"], "messageId": line["messageId"],
                    "completeThrough": line["completeThrough"] })
            })
            .collect()
    }
}

/// What surely is the person's, and what several people share with her.
pub(crate) fn known_by(record: &Record) -> (BTreeSet<Identifier>, BTreeSet<Identifier>) {
    let own: BTreeSet<Identifier> =
        record.evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
    let far = record.evidence.edges.iter().filter(|edge| edge.ties == Ties::Seen);
    let shared = far.map(|edge| edge.weak.clone()).filter(|weak| !own.contains(weak)).collect();
    (own, shared)
}

/// Whether the person was seen on a device that others use too: then events of the device are the
/// person's at some times only, which the oracle does not know.
pub(crate) fn shares_a_device(record: &Record) -> bool {
    let (_, shared) = known_by(record);
    shared.iter().any(|identifier| identifier.kind.class() == Class::Device)
}

/// Everything that a raw line names, read naively.
pub(crate) fn identifiers(line: &Value) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut add = |kind: IdentifierKind, value: &Value| {
        let Some(text) = value.as_str() else { return };
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        // Spanish tills leave the prefix out.
        let text = match kind {
            IdentifierKind::Phone if bare.len() == 9 => format!("+34{bare}"),
            _ => text.to_owned(),
        };
        found.extend(Identifier::new(kind, &text));
    };
    add(IdentifierKind::UserId, &line["userId"]);
    add(IdentifierKind::AnonymousId, &line["anonymousId"]);
    for members in [&line["properties"], &line["traits"]] {
        add(IdentifierKind::Email, &members["email"]);
        add(IdentifierKind::Phone, &members["phone"]);
        add(IdentifierKind::LoyaltyId, &members["loyalty_id"]);
    }
    found
}
