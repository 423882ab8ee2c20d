//! Pace: what the shop states of how fast messages leave, who waits for a turn, and setting it.

use regulars_engine::definition::{Change, ObjectKind, with_pace};
use regulars_engine::pace::{Pace, Rate, To, Waits, WarmUpStage};
use regulars_engine::program::Shop;
use regulars_engine::reason::{Fact, Told};
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, Store, StoreError};
use serde_json::{Value, json};

use crate::writer::{ObjectChange, PublishError, Writer};

/// Messages that wait for one limit to let them go.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The limit.
    pub waits: Waits,
    /// How many persons have a message that waits.
    pub persons: u64,
    /// When the next of them go.
    pub next: Timestamp,
    /// What the shop states of it; empty if that holds no more, and they go at the next look.
    pub rules: Vec<Told>,
}

/// What waits for its turn, by limit.
///
/// # Errors
/// If the store cannot be read.
pub fn queues<R: Reader>(
    reader: &R,
    shop: &Shop,
    now: Timestamp,
) -> Result<Vec<Queue>, StoreError> {
    let waiting = reader.waiting(OWN_SOURCE)?;
    let queues = waiting.into_iter().filter_map(|waiting| {
        let waits = Waits::parse(&waiting.feed)?;
        let rules = waits.rules(shop, now);
        Some(Queue { waits, persons: waiting.persons, next: waiting.first, rules })
    });
    Ok(queues.collect())
}

/// What is stated of pace, and what waits, as programs read it.
#[must_use]
pub fn pace_json(shop: &Shop, queues: &[Queue], now: Timestamp) -> Value {
    let limit = |rate: &Rate| {
        json!({
            "messages": rate.max,
            "per_seconds": rate.window_ms / 1_000,
            "channel": rate.channel.word(),
            "to": to_word(&rate.to),
            "text": rate.told().to_string(),
        })
    };
    let plans = shop.pace.warm_ups.iter().map(|plan| {
        let day = plan.day(now, &shop.zone);
        json!({
            "domain": plan.domain,
            "since": plan.since.to_string(),
            "first_day": plan.first,
            "growth_percent": plan.growth_permille.saturating_sub(1_000) / 10,
            "full": plan.full,
            "day": day.map(|day| day + 1),
            "allowed_today": day.and_then(|day| plan.allowed(day)),
            "stage": stage_word(plan.stage(shop, now)),
        })
    });
    let queue = |queue: &Queue| {
        json!({
            "channel": queue.waits.channel.word(),
            "to": to_word(&queue.waits.to),
            "warm_up": queue.waits.warm_up,
            "persons": queue.persons,
            "next": queue.next.to_string(),
            "because": queue.rules.iter().map(|told| Fact::new(told.clone(), None).to_json()).collect::<Vec<_>>(),
        })
    };
    json!({
        "limits": shop.pace.rates.iter().map(limit).collect::<Vec<_>>(),
        "warm_ups": plans.collect::<Vec<_>>(),
        "waiting": queues.iter().map(queue).collect::<Vec<_>>(),
    })
}

/// The word of a stage in the API.
const fn stage_word(stage: WarmUpStage) -> &'static str {
    match stage {
        WarmUpStage::OfAnother => "other domain",
        WarmUpStage::Ahead => "ahead",
        WarmUpStage::InForce => "in force",
        WarmUpStage::Over => "over",
    }
}

/// To whom, as files say it; `None`: to everybody.
fn to_word(to: &To) -> Option<&str> {
    match to {
        To::Everybody => None,
        To::Others => Some("others"),
        To::Provider(provider) => Some(provider),
    }
}

/// Publishes the shop with another pace; everything else of it stays as it is in force.
///
/// # Errors
/// If it holds mistakes, somebody else published meanwhile, or the store fails.
pub(crate) fn set<S: Store>(
    writer: &mut Writer<S>,
    change: impl FnOnce(&mut Pace),
    now: Timestamp,
) -> Result<Vec<Change>, PublishError> {
    let program = writer.program();
    let mut pace = program.shop.pace.clone();
    change(&mut pace);
    let shop = program.objects.iter().find(|(name, _)| name.kind == ObjectKind::Shop);
    let Some((object, held)) = shop else { return Ok(Vec::new()) };
    let change = ObjectChange {
        object: object.clone(),
        text: Some(with_pace(&held.canonical, &pace)),
        beside: String::new(),
        expected: Some(held.version),
    };
    writer.publish_object(&change, now)
}
