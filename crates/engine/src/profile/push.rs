//! The browsers that take push messages: of each the last subscription, and whether it still stands.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::Stamp;
use crate::event::{Event, Kind, PushSubscription};
use crate::identity::Identifier;
use crate::time::Timestamp;

/// What one browser and its push service said. Each part keeps its latest statement, so that the order
/// of arrival plays no part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Browser {
    /// The last subscription.
    #[n(0)]
    subscribed: Option<(Stamp, PushSubscription)>,
    /// When it last said that it wants none.
    #[n(1)]
    ended: Option<Stamp>,
    /// The subscription that its push service said last to be dead. One that began meanwhile lives.
    #[n(2)]
    dead: Option<(Stamp, PushSubscription)>,
}

impl Browser {
    fn merge(&mut self, other: Self) {
        self.subscribed = self.subscribed.take().max(other.subscribed);
        self.ended = self.ended.max(other.ended);
        self.dead = self.dead.take().max(other.dead);
    }

    fn live(&self) -> Option<&PushSubscription> {
        let (since, subscription) = self.subscribed.as_ref()?;
        let ended = self.ended.is_some_and(|at| at > *since);
        let dead = self.dead.as_ref().is_some_and(|(at, dead)| at > since && dead == subscription);
        (!ended && !dead).then_some(subscription)
    }
}

/// The subscriptions of a person's browsers, by the browser's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Subscriptions {
    #[n(0)]
    browsers: BTreeMap<Identifier, Browser>,
}

impl Subscriptions {
    /// The most browsers kept of a person; those with the smallest names stay.
    pub const BROWSERS_MAX: usize = 50;

    /// Whether an event says anything of a subscription.
    #[must_use]
    pub fn touched_by(event: &Event) -> bool {
        matches!(event.kind, Kind::PushSubscribed | Kind::PushSubscriptionEnded)
    }

    /// Takes in what an event says of the subscription of the browser that it names.
    pub fn fold(&mut self, event: &Event, stamp: Stamp) {
        let Some(browser) = event.browser() else { return };
        let push = event.push.clone().map(|subscription| (stamp, subscription));
        let said = match (&event.kind, push) {
            (Kind::PushSubscribed, subscribed) => Browser { subscribed, ..Browser::default() },
            (_, None) => Browser { ended: Some(stamp), ..Browser::default() },
            (_, dead) => Browser { dead, ..Browser::default() },
        };
        self.browsers.entry(browser.clone()).or_default().merge(said);
        self.bound();
    }

    /// Takes in what other events of the same person said.
    pub fn merge(&mut self, other: Self) {
        for (browser, said) in other.browsers {
            self.browsers.entry(browser).or_default().merge(said);
        }
        self.bound();
    }

    /// The subscription of a browser, if it stands.
    #[must_use]
    pub fn of(&self, browser: &Identifier) -> Option<&PushSubscription> {
        self.browsers.get(browser)?.live()
    }

    /// When the last subscription of a browser began, whether or not it stands.
    #[must_use]
    pub fn since(&self, browser: &Identifier) -> Option<Timestamp> {
        Some(self.browsers.get(browser)?.subscribed.as_ref()?.0.at)
    }

    /// The browsers whose subscriptions stand, the one that subscribed last first. Two names of one
    /// browser are one: the later stays.
    #[must_use]
    pub fn live(&self) -> Vec<&Identifier> {
        let live = self.browsers.iter().filter_map(|(browser, said)| {
            let subscription = said.live()?;
            Some((said.subscribed.as_ref()?.0, browser, subscription.endpoint()))
        });
        let mut live: Vec<_> = live.collect();
        live.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(right.1)));
        let mut seen = std::collections::BTreeSet::new();
        live.retain(|(_, _, endpoint)| seen.insert(*endpoint));
        live.into_iter().map(|(_, browser, _)| browser).collect()
    }

    fn bound(&mut self) {
        while self.browsers.len() > Self::BROWSERS_MAX {
            self.browsers.pop_last();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::IdentifierKind;

    fn browser(name: &str) -> Identifier {
        Identifier::new(IdentifierKind::AnonymousId, name).unwrap()
    }

    fn subscription(name: &str) -> PushSubscription {
        let (point, auth) = (format!("B{}", "a".repeat(86)), "b".repeat(22));
        PushSubscription::new(&format!("https://push.example/{name}"), &point, &auth).unwrap()
    }

    fn said(at: i64, kind: Kind, of: &str, push: Option<&str>) -> Event {
        let identifiers = vec![browser(of)];
        let push = push.map(subscription);
        let id = format!("{at}-{of}");
        Event { identifiers, push, ..Event::bare("web", id, kind, Timestamp(at)) }
    }

    fn fold<'e>(events: impl IntoIterator<Item = &'e Event>) -> Subscriptions {
        let mut all = Subscriptions::default();
        events.into_iter().for_each(|event| all.fold(event, Stamp::of(event)));
        all
    }

    #[test]
    fn a_dead_subscription_ends_and_one_that_began_meanwhile_lives() {
        let (begins, ends) = (Kind::PushSubscribed, Kind::PushSubscriptionEnded);
        let live = |events: &[Event]| fold(events).of(&browser("b")).cloned();
        let begun = said(10, begins.clone(), "b", Some("one"));
        assert_eq!(live(std::slice::from_ref(&begun)), Some(subscription("one")));
        let dead = said(30, ends.clone(), "b", Some("one"));
        assert_eq!(live(&[begun.clone(), dead.clone()]), None);
        let again = said(20, begins, "b", Some("two"));
        assert_eq!(live(&[begun, dead, again.clone()]), Some(subscription("two")));
        assert_eq!(live(&[again, said(40, ends, "b", None)]), None, "its own word ends any");
    }

    #[test]
    fn the_browser_that_subscribed_last_comes_first_and_two_names_of_one_are_one() {
        let begins = |at, of, push| said(at, Kind::PushSubscribed, of, Some(push));
        let all = fold(&[begins(1, "a", "one"), begins(2, "b", "two"), begins(3, "c", "one")]);
        assert_eq!(all.live(), [&browser("c"), &browser("b")]);
    }

    proptest! {
        /// Merging halves equals folding all in any order, so that late events, merges and un-merges
        /// need no special case.
        #[test]
        fn merge_is_fold_of_the_union(
            moments in prop::collection::vec((0_i64..9, 0_u8..3, 0_usize..4, 0_u8..2), 0..14),
            cut in 0_usize..14,
        ) {
            let events: Vec<Event> = moments.iter().enumerate().map(|(number, (at, of, what, push))| {
                let kind = [Kind::PushSubscribed, Kind::PushSubscriptionEnded][what % 2].clone();
                let name = push.to_string();
                let push = (kind == Kind::PushSubscribed || *what > 1).then_some(name.as_str());
                Event { message_id: number.to_string(), ..said(*at, kind, &of.to_string(), push) }
            }).collect();
            let (left, right) = events.split_at(cut.min(events.len()));
            let mut merged = fold(right.iter().rev());
            merged.merge(fold(left));
            prop_assert_eq!(merged, fold(&events));
        }
    }
}
