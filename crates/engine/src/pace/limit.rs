//! Which limits a message is under.

use super::plan::{Rate, To, WarmUp};
use super::provider::{is_known, provider_of};
use super::{LaneKey, Waits};
use crate::event::{Channel, Purpose};
use crate::identity::{Identifier, KeySalt};
use crate::program::{Program, Shop};
use crate::reason::{Fact, Messages, Reason, ReasonCode, Span, Told};
use crate::time::{DAY, MINUTE, Timestamp};

/// Where a message goes.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Over which channel.
    pub channel: Channel,
    /// To which address.
    pub recipient: &'a Identifier,
}

impl<'a> Target<'a> {
    /// The provider that receives it, of mail.
    fn provider(self) -> Option<&'a str> {
        let mail = self.channel == Channel::Email;
        let (_, domain) = self.recipient.value().rsplit_once('@').filter(|_| mail)?;
        Some(provider_of(domain))
    }

    /// What counts it: the lane of everybody, and that of its provider and our sending domain, which
    /// for other channels is the same.
    #[must_use]
    pub fn lanes(self, shop: &Shop, salt: KeySalt) -> [LaneKey; 2] {
        let everybody = LaneKey::of(salt, self.channel, None);
        let of = self.provider().map(|provider| (shop.sending_domain(), provider));
        [everybody, of.map_or(everybody, |of| LaneKey::of(salt, self.channel, Some(of)))]
    }
}

/// A limit that a message is under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit<'a> {
    pub(super) lane: LaneKey,
    pub(super) window_ms: i64,
    stated: Stated<'a>,
    /// The provider of the message.
    provider: &'a str,
    shop: &'a Shop,
    /// Whether some of its room is kept for messages that matter more.
    keeps: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stated<'a> {
    Rate(&'a Rate),
    WarmUp(&'a WarmUp),
}

/// The limits of a message.
pub(super) type Limits<'a> = Vec<Limit<'a>>;

/// Of every so many messages that a limit allows, one is kept for transactional messages, where the
/// shop sends any: whoever waits for a receipt does not wait behind an offer.
const KEPT_OF: u32 = 10;

impl<'a> Limit<'a> {
    /// Those that a message with this purpose is under.
    pub(super) fn of(
        program: &'a Program,
        target: Target<'a>,
        purpose: Purpose,
        salt: KeySalt,
    ) -> Limits<'a> {
        let shop = &program.shop;
        let pace = &shop.pace;
        let provider = target.provider().unwrap_or_default();
        let [everybody, own] = target.lanes(shop, salt);
        let rates = || pace.rates.iter().filter(|rate| rate.channel == target.channel);
        let names = |rate: &Rate| matches!(&rate.to, To::Provider(named) if named == provider);
        let named = rates().any(names);
        let rates = rates().filter(|rate| match rate.to {
            To::Everybody => true,
            To::Others => !named,
            To::Provider(_) => names(rate),
        });
        let mail = target.channel == Channel::Email;
        let plans = pace.warm_ups.iter().filter(|_| mail);
        let plans = plans.filter(|plan| plan.domain == shop.sending_domain());
        let keeps = purpose != Purpose::Transactional && program.serves_over(target.channel);
        let limit = |stated, lane, window_ms| Limit {
            lane,
            window_ms,
            stated,
            provider,
            shop,
            keeps: keeps && window_ms >= MINUTE,
        };
        let rates = rates.map(|rate| {
            let lane = if rate.to == To::Everybody { everybody } else { own };
            limit(Stated::Rate(rate), lane, rate.window_ms)
        });
        rates.chain(plans.map(|plan| limit(Stated::WarmUp(plan), own, DAY))).collect()
    }

    /// How many messages it allows at `now`; `None`: any number.
    pub(super) fn allowed(&self, now: Timestamp) -> Option<u32> {
        let all = match self.stated {
            Stated::Rate(rate) => rate.max,
            Stated::WarmUp(plan) => plan.allowed(plan.day(now, &self.shop.zone)?)?,
        };
        let kept = if self.keeps && all > 1 { all.div_ceil(KEPT_OF) } else { 0 };
        Some(all - kept)
    }

    /// When after `now` it allows another number; `None`: never.
    pub(super) fn changes(&self, now: Timestamp) -> Option<Timestamp> {
        let Stated::WarmUp(plan) = self.stated else { return None };
        let next = plan.day(now, &self.shop.zone)?.checked_add(1)?;
        plan.begins(next, &self.shop.zone).filter(|at| *at > now)
    }

    /// For whom a message waits that it gives no turn.
    pub(super) fn waits(&self, channel: Channel) -> Waits {
        let (to, warm_up) = match self.stated {
            Stated::Rate(rate) => (rate.to.clone(), false),
            Stated::WarmUp(_) if is_known(self.provider) => {
                (To::Provider(self.provider.to_owned()), true)
            }
            Stated::WarmUp(_) => (To::Others, true),
        };
        Waits { channel, to, warm_up }
    }

    /// Why a message waits that it gives no turn at `now`.
    pub(super) fn reason(&self, channel: Channel, now: Timestamp) -> Reason {
        let to = self.waits(channel).to;
        let (code, told) = match self.stated {
            Stated::Rate(rate) => (ReasonCode::Paced, rate.told()),
            Stated::WarmUp(plan) => (ReasonCode::WarmingUp, plan.told(&to, self.shop, now)),
        };
        Reason::with(code, vec![Fact::new(told, None)])
    }
}

impl Rate {
    /// The limit in words.
    #[must_use]
    pub fn told(&self) -> Told {
        let (messages, window) = (Messages(self.max.into()), Span(self.window_ms));
        match &self.to {
            To::Everybody => Told::PaceToAll { messages, window },
            To::Others => Told::PaceToOthers { messages, window },
            To::Provider(provider) => Told::PaceTo { messages, window, provider: provider.clone() },
        }
    }
}

/// How far a warm-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarmUpStage {
    /// It is for a domain that mail does not come from.
    OfAnother,
    /// It has not begun.
    Ahead,
    /// It limits what leaves.
    InForce,
    /// The domain is warm.
    Over,
}

impl WarmUp {
    /// What it allows on the day of `now`, in words.
    #[must_use]
    pub fn told(&self, to: &To, shop: &Shop, now: Timestamp) -> Told {
        let day = self.day(now, &shop.zone).unwrap_or_default();
        let messages = Messages(self.allowed(day).unwrap_or(self.full).into());
        let day = u64::from(day) + 1;
        match to {
            To::Provider(provider) => Told::WarmUpTo { day, messages, provider: provider.clone() },
            To::Everybody | To::Others => Told::WarmUpToOthers { day, messages },
        }
    }

    /// How far it is at `now`.
    #[must_use]
    pub fn stage(&self, shop: &Shop, now: Timestamp) -> WarmUpStage {
        let day = self.day(now, &shop.zone);
        match day.map(|day| self.allowed(day)) {
            _ if self.domain != shop.sending_domain() => WarmUpStage::OfAnother,
            None => WarmUpStage::Ahead,
            Some(Some(_)) => WarmUpStage::InForce,
            Some(None) => WarmUpStage::Over,
        }
    }
}

impl Waits {
    /// What the shop states of it at `now`, in words; nothing if that holds no more.
    #[must_use]
    pub fn rules(&self, shop: &Shop, now: Timestamp) -> Vec<Told> {
        if self.warm_up {
            let plans = shop.pace.warm_ups.iter();
            let plans = plans.filter(|plan| plan.stage(shop, now) == WarmUpStage::InForce);
            return plans.map(|plan| plan.told(&self.to, shop, now)).collect();
        }
        let rates = shop.pace.rates.iter();
        let rates = rates.filter(|rate| rate.channel == self.channel && rate.to == self.to);
        rates.map(Rate::told).collect()
    }
}
