//! A fact: something that is so, with the moment it happened and what is to be said beside it.

use minicbor::{Decode, Encode};

use super::Told;
use super::detail::Detail;
use super::detail::filled;
use crate::time::Timestamp;

/// Something that is so, and since when, as far as it bears on an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Fact {
    /// What is so. No address, and no value of a trait that a condition does not itself name.
    #[n(0)]
    pub told: Told,
    /// What is said beside it, in this order.
    #[n(1)]
    pub asides: Vec<Aside>,
    /// When it happened, if it has a moment.
    #[n(2)]
    pub at: Option<Timestamp>,
}

impl Fact {
    /// What is so, and when it happened.
    #[must_use]
    pub fn new(told: Told, at: Option<Timestamp>) -> Self {
        Self { told, asides: Vec::new(), at }
    }

    /// The fact with something said beside it.
    #[must_use]
    pub fn beside(mut self, aside: Aside) -> Self {
        self.asides.push(aside);
        self
    }

    /// What kind of fact: `order`, `cart`, `feed`, `trait`, ...
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.told.kind()
    }

    /// The fact in plain English.
    #[must_use]
    pub fn text(&self) -> String {
        self.asides.iter().fold(self.told.to_string(), |text, aside| {
            let mut details = vec![("fact", Detail::Text(&text))];
            details.extend(aside.clock().map(|clock| ("clock", Detail::Text(clock))));
            filled(aside.english(), &details)
        })
    }

    /// The fact as files and the API show it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let details: serde_json::Map<String, serde_json::Value> = self
            .told
            .details()
            .iter()
            .map(|(name, detail)| ((*name).to_owned(), detail.to_json()))
            .collect();
        let mut json = serde_json::json!({
            "kind": self.kind(),
            "code": self.told.code(),
            "text": self.text(),
        });
        if !details.is_empty() {
            json["details"] = details.into();
        }
        if let Some(at) = self.at {
            json["at"] = at.to_string().into();
        }
        json
    }
}

macro_rules! asides {
    ($($n:literal $variant:ident $code:literal $english:literal $({ $field:ident })?;)*) => {
        /// What is said beside a fact.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
        pub enum Aside {
            $(#[doc = $english] #[n($n)] $variant $({
                /// The moment as the person's clock shows it: `18:47`, with the day if it is another.
                #[n(0)]
                $field: String,
            })?,)*
        }

        impl Aside {
            /// Every code with its English.
            pub const ALL: &'static [(&'static str, &'static str)] = &[$(($code, $english),)*];

            /// The code in the texts of pages.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)* }
            }

            /// The English, with places for the fact and the clock.
            #[must_use]
            pub const fn english(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $english,)* }
            }

            /// The moment it names, if it names one.
            #[must_use]
            pub fn clock(&self) -> Option<&str> {
                match self { $(Self::$variant $({ $field })? => asides!(@clock $($field)?),)* }
            }
        }
    };
    (@clock) => { None };
    (@clock $field:ident) => { Some($field) };
}

asides! {
    0 DayOnly "day_only" "{fact}, at an unknown time of the day";
    1 PerhapsOutside "perhaps_outside" "{fact}: whether that is in the time asked for is not known";
    2 NotCounted "not_counted" "{fact}; counted as not so";
    3 At "at" "{fact} at {clock}" { clock };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Channel, Currency, Kind, Money, Purpose};
    use crate::identity::IdentifierKind;
    use crate::reason::{Goods, Messages, Sort, Span, Whereabouts};
    use crate::source::FeedName;
    use crate::time::{DAY, HOUR};

    fn said(told: Told) -> String {
        Fact::new(told, None).text()
    }

    #[test]
    fn facts_are_sentences() {
        let bought = Told::Bought {
            goods: Goods::Named("T-shirt".to_owned()),
            place: Whereabouts::StoreNamed("lisbon-1".to_owned()),
        };
        assert_eq!(said(bought.clone()), "bought T-shirt in store lisbon-1");
        let beside = Fact::new(bought, None)
            .beside(Aside::DayOnly)
            .beside(Aside::At { clock: "18:47".to_owned() })
            .beside(Aside::NotCounted);
        assert_eq!(
            beside.text(),
            "bought T-shirt in store lisbon-1, at an unknown time of the day at 18:47; counted as not so"
        );
        let ordered = Told::Ordered { goods: Goods::Products(3), place: Whereabouts::Unknown };
        assert_eq!(said(ordered), "ordered 3 products");
        assert_eq!(said(Told::NoPurchase { of: Sort::Anything }), "no purchase is known");
        let shoes = Sort::Category("Shoes".to_owned());
        assert_eq!(said(Told::NoReturn { of: shoes }), "no return of category Shoes is known");
        let promotion = Purpose::Promotion;
        assert_eq!(
            said(Told::SaidNo { purpose: promotion, channel: Channel::Email }),
            "said no to promotion by email"
        );
        let feed = FeedName { source: "pos-2".to_owned(), feed: "till-3".to_owned() };
        assert_eq!(
            said(Told::FeedSilent { feed: feed.clone(), since: "18:02".to_owned() }),
            "till-3 of source pos-2 has not reported since 18:02"
        );
        let whole = FeedName { feed: String::new(), ..feed };
        assert_eq!(said(Told::FeedNeverHeard { feed: whole }), "source pos-2 has never reported");
        assert_eq!(
            said(Told::MessagesLately { messages: Messages(1), window: Span(7 * DAY) }),
            "1 message in 7 days, the latest"
        );
        let amount = Money { minor: 1_990, currency: Currency::EUR };
        assert_eq!(said(Told::SpentInAll { amount }), "19.90 EUR in all");
    }

    #[test]
    fn every_place_in_a_sentence_is_filled() {
        let all = [
            Told::TwinShares { percent: 50, identifier: IdentifierKind::Email, users: 2 },
            Told::NotHappened { event: Kind::StoreVisited },
            Told::DueFor { span: Span(24 * HOUR) },
        ];
        for told in all {
            let text = said(told);
            assert!(!text.contains(['{', '}']), "{text}");
        }
        for (code, english) in Told::ALL.iter().chain(Aside::ALL) {
            assert_eq!(english.matches('{').count(), english.matches('}').count(), "{code}");
        }
    }

    #[test]
    fn programs_read_the_values() {
        let told = Told::FeedSilent {
            feed: FeedName { source: "pos".to_owned(), feed: "till-3".to_owned() },
            since: "18:02".to_owned(),
        };
        let json = Fact::new(told, Some(Timestamp(0))).to_json();
        insta::assert_snapshot!(json, @r#"{"at":"1970-01-01T00:00:00Z","code":"feed_silent","details":{"feed":{"feed":"till-3","source":"pos"},"since":"18:02"},"kind":"feed","text":"till-3 of source pos has not reported since 18:02"}"#);
    }
}
