//! Double opt-in: a yes that counts once whoever reads the address has confirmed it.
//!
//! Anybody can type somebody's address into a form. Where the shop asks twice, a yes therefore waits
//! for a click in a message to the address itself. A no in between takes confirmations back with it.

use super::ConsentRecord;
use crate::event::{Channel, ConsentAnswer, Purpose};
use crate::time::{DAY, Timestamp};

/// For which yes the shop asks twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoubleOptIn {
    /// Over which channel.
    pub channel: Channel,
    /// For what.
    pub purpose: Purpose,
    /// A yes of before this moment needs no confirmation.
    pub since: Option<Timestamp>,
    /// Milliseconds for which the link in the message that asks can be used.
    pub within_ms: i64,
}

impl DoubleOptIn {
    /// How long the link can be used where the shop says nothing.
    pub const WITHIN_MS: i64 = 7 * DAY;
}

impl ConsentRecord {
    /// Whether the statement is a yes that counts, given whether the shop asks twice for it.
    #[must_use]
    pub fn grants(&self, asked: Option<&DoubleOptIn>) -> bool {
        self.answer == ConsentAnswer::Given
            && asked.is_none_or(|asked| self.confirmed() || self.older_than(asked.since))
    }

    /// Whether the statement is a yes that waits to be confirmed.
    #[must_use]
    pub fn waits(&self, asked: Option<&DoubleOptIn>) -> bool {
        self.answer == ConsentAnswer::Given && !self.grants(asked)
    }

    /// Whether a yes was confirmed, and no no came after that.
    fn confirmed(&self) -> bool {
        let refused_at = self.last_no_at();
        self.confirmed_at.is_some_and(|at| refused_at.is_none_or(|no| no < at))
    }

    /// Whether the yes has stood since before a moment: this one, or an earlier one that no no
    /// came after.
    fn older_than(&self, since: Option<Timestamp>) -> bool {
        let Some(since) = since else { return false };
        let unbroken = |yes: &Timestamp| self.last_no_at().is_none_or(|no| no < *yes);
        let first = self.first_yes_at().filter(unbroken).unwrap_or(self.stamp.at);
        first.min(self.stamp.at) < since
    }

    /// The latest no there ever was.
    fn last_no_at(&self) -> Option<Timestamp> {
        let own = (self.answer == ConsentAnswer::Withdrawn).then_some(self.stamp.at);
        self.refused_at.max(own)
    }

    /// The earliest yes there ever was.
    fn first_yes_at(&self) -> Option<Timestamp> {
        let own = (self.answer == ConsentAnswer::Given).then_some(self.stamp.at);
        [self.yes_before, own].into_iter().flatten().min()
    }

    /// The later of two statements with what both know of earlier ones, whichever came first. What
    /// the statement says itself is not kept twice.
    pub(super) fn remember(&mut self, other: &Self, later: bool) {
        let confirmed_at = self.confirmed_at.max(other.confirmed_at);
        let no = self.last_no_at().max(other.last_no_at());
        let yes = [self.first_yes_at(), other.first_yes_at()].into_iter().flatten().min();
        if later {
            self.clone_from(other);
        }
        let own = Some(self.stamp.at);
        let given = self.answer == ConsentAnswer::Given;
        self.confirmed_at = confirmed_at;
        self.refused_at = no.filter(|_| given || no != own);
        self.yes_before = yes.filter(|_| !given || yes != own);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::profile::Stamp;

    const ASKED: DoubleOptIn = DoubleOptIn {
        channel: Channel::Email,
        purpose: Purpose::Promotion,
        since: Some(Timestamp(100)),
        within_ms: DoubleOptIn::WITHIN_MS,
    };

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Word {
        Yes,
        No,
        Confirmed,
    }

    fn record(word: Word, at: i64) -> ConsentRecord {
        ConsentRecord {
            stamp: Stamp { at: Timestamp(at), tie: 0 },
            answer: if word == Word::No { ConsentAnswer::Withdrawn } else { ConsentAnswer::Given },
            source: "web".to_owned(),
            wording: None,
            confirmed_at: (word == Word::Confirmed).then_some(Timestamp(at)),
            refused_at: None,
            yes_before: None,
        }
    }

    fn fold(words: &[(Word, i64)]) -> ConsentRecord {
        let (first, rest) = words.split_first().unwrap();
        let mut held = record(first.0, first.1);
        for (word, at) in rest {
            held.state(record(*word, *at));
        }
        held
    }

    #[test]
    fn a_yes_counts_once_it_is_confirmed_and_until_a_no() {
        use Word::{Confirmed, No, Yes};
        let counts = |words: &[(Word, i64)]| fold(words).grants(Some(&ASKED));
        assert!(!counts(&[(Yes, 200)]));
        assert!(fold(&[(Yes, 200)]).grants(None));
        assert!(fold(&[(Yes, 200)]).waits(Some(&ASKED)));
        assert!(counts(&[(Yes, 200), (Confirmed, 210)]));
        // A site that says yes again at every login asks for no second click.
        assert!(counts(&[(Yes, 200), (Confirmed, 210), (Yes, 300)]));
        assert!(!counts(&[(Yes, 200), (Confirmed, 210), (No, 220)]));
        assert!(!counts(&[(Yes, 200), (Confirmed, 210), (No, 220), (Yes, 230)]));
        assert!(counts(&[(Yes, 200), (No, 220), (Yes, 230), (Confirmed, 240)]));
    }

    #[test]
    fn a_yes_of_before_the_shop_asked_twice_goes_on() {
        use Word::{No, Yes};
        let counts = |words: &[(Word, i64)]| fold(words).grants(Some(&ASKED));
        assert!(counts(&[(Yes, 99)]));
        assert!(!counts(&[(Yes, 100)]));
        assert!(counts(&[(Yes, 50), (Yes, 200)]));
        assert!(!counts(&[(Yes, 50), (No, 60), (Yes, 200)]));
        assert!(counts(&[(No, 40), (Yes, 50), (Yes, 200)]));
    }

    proptest! {
        /// Statements and confirmations may arrive in any order, and in two halves that are joined.
        #[test]
        fn what_counts_depends_on_times_alone(
            words in proptest::collection::vec(
                (prop_oneof![Just(Word::Yes), Just(Word::No), Just(Word::Confirmed)], 0_i64..12), 1..10),
            cut in 0_usize..10,
        ) {
            let mut turned = words.clone();
            turned.reverse();
            prop_assert_eq!(fold(&words), fold(&turned));
            let cut = cut.min(words.len());
            if cut > 0 && cut < words.len() {
                let mut joined = fold(&words[..cut]);
                joined.state(fold(&words[cut..]));
                prop_assert_eq!(joined, fold(&words));
            }
        }
    }
}
