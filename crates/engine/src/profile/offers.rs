//! Offers of a person: what was given, what was given back, what was used. Sets, so that the order
//! of arrival does not matter and two records of one person count as one.

use minicbor::{Decode, Encode};

use super::Stamp;
use crate::event::{Event, Kind, Value};
use crate::work::OWN_SOURCE;

/// An offer at a moment: when it was given, or when its code was used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Grant {
    /// When: the claim of its message, the moment it was given by hand, or the use.
    #[n(0)]
    pub stamp: Stamp,
    /// The offer's name.
    #[n(1)]
    pub offer: String,
}

/// What the person's events say of offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Offers {
    /// What was given and not given back, in order.
    #[n(0)]
    pub given: Vec<Grant>,
    /// Claims whose offers were given back and gifts that staff took back, in order: each by the tie of
    /// the event that gave.
    #[n(1)]
    pub back: Vec<Stamp>,
    /// What was used, in order.
    #[n(2)]
    pub used: Vec<Grant>,
}

impl Offers {
    /// The most of each that are kept; the latest stay.
    pub const MAX: usize = 100;

    /// The offer that one of our own events speaks of.
    #[must_use]
    pub fn named(event: &Event) -> Option<&str> {
        let offer = event.properties.get("offer").and_then(Value::as_text);
        offer.filter(|_| event.source == OWN_SOURCE)
    }

    /// Takes in one of our own events that names an offer.
    pub fn fold(&mut self, event: &Event, stamp: Stamp, offer: &str) {
        let grant = || Grant { stamp, offer: offer.to_owned() };
        if matches!(event.kind, Kind::MessageSent | Kind::OfferGiven) {
            self.give(grant());
        } else if matches!(event.kind, Kind::MessageTakenBack | Kind::OfferTakenBack) {
            // Either refers to what gave; the second bears the moment at which it was taken back.
            self.give_back(Stamp::of_the_claim(event));
        } else if event.kind == Kind::OfferRedeemed {
            insert(&mut self.used, grant());
        }
    }

    /// Takes in those of other events of the same person.
    pub fn merge(&mut self, other: Self) {
        for grant in other.given {
            self.give(grant);
        }
        for claim in other.back {
            self.give_back(claim);
        }
        for grant in other.used {
            insert(&mut self.used, grant);
        }
    }

    fn give(&mut self, grant: Grant) {
        if !self.back.iter().any(|back| back.tie == grant.stamp.tie) {
            insert(&mut self.given, grant);
        }
    }

    /// What was given back counts for nothing, whichever of the two is heard of first.
    fn give_back(&mut self, back: Stamp) {
        insert(&mut self.back, back);
        self.given.retain(|grant| grant.stamp.tie != back.tie);
    }
}

fn insert<T: Ord>(all: &mut Vec<T>, one: T) {
    if let Err(index) = all.binary_search(&one) {
        all.insert(index, one);
        if all.len() > Offers::MAX {
            all.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn stamp(at: i64) -> Stamp {
        Stamp { at: Timestamp(at), tie: at.unsigned_abs() }
    }

    fn given(at: i64) -> Grant {
        Grant { stamp: stamp(at), offer: "welcome".to_owned() }
    }

    /// Two records of one person may hold the two in any order, before they are joined or after.
    #[test]
    fn what_was_given_back_counts_for_nothing_in_any_order() {
        let mut one = Offers::default();
        one.give(given(5));
        one.give(given(7));
        one.give_back(stamp(5));
        assert_eq!(one.given, [given(7)]);
        let (mut left, mut right) = (Offers::default(), Offers::default());
        left.give_back(stamp(5));
        right.give(given(7));
        right.give(given(5));
        let mut other = right.clone();
        other.merge(left.clone());
        left.merge(right);
        assert_eq!((&left, &other), (&one, &one));
    }
}
