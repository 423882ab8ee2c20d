//! How mail is received: when too many complain, or too much comes back, offers and advice stop until
//! a person has looked.
//!
//! Mailbox providers keep a sender's mail out for weeks once it has annoyed enough people, so it is
//! cheaper to wait. Only what is told of our own messages counts.

use std::collections::BTreeMap;

use crate::event::{Channel, Event, Kind, Mode};
use crate::time::{DAY, Timestamp};

/// What became of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Messages that were claimed for sending.
    pub sent: u64,
    /// Messages that came back for good.
    pub bounced: u64,
    /// Messages that somebody complained of.
    pub complained: u64,
}

/// What is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// Complaints.
    Complaints,
    /// Messages that come back.
    Bounces,
}

impl Alarm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Complaints, Self::Bounces];

    /// The word where it is kept and told.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complaints => "complaints",
            Self::Bounces => "bounces",
        }
    }

    /// The alarm of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alarm| alarm.word() == word)
    }
}

impl Received {
    /// Of 1,000 messages so many complaints are allowed: Gmail and Yahoo ask whoever sends much to
    /// stay below 0.3 % (Google, "Email sender guidelines", 2024).
    pub const COMPLAINTS_PERMILLE_MAX: u64 = 3;
    /// Of 1,000 messages so many may come back: from 5 % on Amazon SES reviews an account
    /// (Amazon, "Reputation metrics").
    pub const BOUNCES_PERMILLE_MAX: u64 = 50;
    /// Fewer complaints are chance: the second of two hundred readers is no trend.
    pub const COMPLAINTS_MIN: u64 = 3;
    /// Fewer bounces are chance.
    pub const BOUNCES_MIN: u64 = 10;

    /// What is too much, if anything is; complaints weigh more.
    #[must_use]
    pub fn alarm(self) -> Option<Alarm> {
        let passes = |count: u64, permille: u64| {
            count.saturating_mul(1_000) > self.sent.saturating_mul(permille)
        };
        if self.complained >= Self::COMPLAINTS_MIN
            && passes(self.complained, Self::COMPLAINTS_PERMILLE_MAX)
        {
            return Some(Alarm::Complaints);
        }
        let bounces =
            self.bounced >= Self::BOUNCES_MIN && passes(self.bounced, Self::BOUNCES_PERMILLE_MAX);
        bounces.then_some(Alarm::Bounces)
    }
}

/// What became of messages by day (days since 1970, UTC), of the last days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reputation {
    /// By day.
    pub by_day: BTreeMap<i64, Received>,
}

impl Reputation {
    /// The days that count: today and those before it.
    pub const DAYS: i64 = 7;

    /// Takes in an event of the log. Whether it tells of a message that came back or was complained
    /// of: such an event counts only if `believed`, which is asked then alone.
    pub fn count(&mut self, event: &Event, mut believed: impl FnMut() -> bool) {
        if event.mode != Mode::Live || event.place.channel != Channel::Email {
            return;
        }
        let day = event.received_at.0.div_euclid(DAY);
        let ours = event.reference.is_some();
        let received = |by_day: &mut BTreeMap<i64, Received>, add: fn(&mut Received)| {
            add(by_day.entry(day).or_default());
        };
        if event.kind == Kind::MessageSent {
            received(&mut self.by_day, |day| day.sent += 1);
        } else if event.kind == Kind::MessageTakenBack {
            received(&mut self.by_day, |day| day.sent = day.sent.saturating_sub(1));
        } else if event.kind == Kind::EmailBounced && ours && believed() {
            received(&mut self.by_day, |day| day.bounced += 1);
        } else if event.kind == Kind::EmailMarkedAsSpam && ours && believed() {
            received(&mut self.by_day, |day| day.complained += 1);
        }
    }

    /// What the days that count come to, at `now`; earlier ones are let go of.
    pub fn received(&mut self, now: Timestamp) -> Received {
        let first = now.0.div_euclid(DAY) - Self::DAYS + 1;
        self.by_day.retain(|day, _| *day >= first);
        self.by_day.values().fold(Received::default(), |all, day| Received {
            sent: all.sent + day.sent,
            bounced: all.bounced + day.bounced,
            complained: all.complained + day.complained,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(sent: u64, bounced: u64, complained: u64) -> Option<Alarm> {
        Received { sent, bounced, complained }.alarm()
    }

    #[test]
    fn complaints_past_three_in_a_thousand_and_bounces_past_fifty_are_too_much() {
        assert_eq!(received(10_000, 0, 30), None);
        assert_eq!(received(10_000, 0, 31), Some(Alarm::Complaints));
        assert_eq!(received(10_000, 500, 0), None);
        assert_eq!(received(10_000, 501, 0), Some(Alarm::Bounces));
        assert_eq!(received(10_000, 501, 31), Some(Alarm::Complaints));
    }

    /// A small shop is not stopped by one angry reader, but by three of its few.
    #[test]
    fn chance_is_no_alarm() {
        assert_eq!(received(100, 9, 2), None);
        assert_eq!(received(100, 0, 3), Some(Alarm::Complaints));
        assert_eq!(received(100, 10, 0), Some(Alarm::Bounces));
        assert_eq!(received(0, 0, 0), None);
    }

    #[test]
    fn days_are_forgotten_after_a_week() {
        let mut reputation = Reputation::default();
        reputation.by_day.insert(0, Received { sent: 10, bounced: 10, complained: 0 });
        reputation.by_day.insert(6, Received { sent: 5, bounced: 0, complained: 0 });
        assert_eq!(reputation.received(Timestamp(6 * DAY)).sent, 15);
        assert_eq!(reputation.received(Timestamp(7 * DAY)).sent, 5);
        assert_eq!(reputation.by_day.len(), 1);
    }
}
