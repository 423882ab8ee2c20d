//! Laws: the evaluator against raw events, against time, and against what comes late.

use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::naive::Log;
use super::shop::{
    Question, at, branded, cart_event, checkout, consent, dated, event, game, line, order, over,
    ticket, with_trait,
};
use crate::condition::{
    ComputedTrait, ComputedTraits, Condition, Figure, Manner, Mark, first_sure, weigh,
};
use crate::event::{Channel, ConsentAnswer, Currency, Event, Kind, Value};
use crate::source::{Facts, Lacking, SourceSettings};
use crate::time::{DAY, HOUR, MINUTE, Precision, SECOND, Timestamp};
use crate::truth::Truth;

/// The end of every history: three weeks after clocks went forward in Europe.
const END: &str = "2026-04-19T12:00";

const IN_CARTS: [&str; 4] = ["tee", "hat", "boot", "tee-organic"];
const ON_RECEIPTS: [&str; 7] = ["tee", "hat", "boot", "4711", "4713", "4714", "9999"];
const KEYS: [&str; 4] = ["A-1", "A-2", "A-3", "A-4"];

/// What an event will be made of.
#[derive(Clone, Debug)]
struct Seed {
    minutes_ago: i64,
    delay_minutes: i64,
    what: u8,
    key: &'static str,
    cart: Vec<&'static str>,
    receipt: Vec<&'static str>,
    number: i64,
}

fn seed() -> impl Strategy<Value = Seed> {
    let ago = prop_oneof![1..600_000_i64, 1..20_000_i64, 1..600_i64];
    let delay = prop_oneof![Just(0_i64), 0..4_000_i64];
    let cart = subsequence(IN_CARTS.to_vec(), 1..3);
    let receipt = vec(select(ON_RECEIPTS.to_vec()), 0..3);
    (ago, delay, 0..30_u8, select(KEYS.to_vec()), cart, receipt, 0..6_i64).prop_map(
        |(minutes_ago, delay_minutes, what, key, cart, receipt, number)| Seed {
            minutes_ago,
            delay_minutes,
            what,
            key,
            cart,
            receipt,
            number,
        },
    )
}

impl Seed {
    /// The event; `index` makes its moment its own.
    fn event(&self, index: i64) -> Event {
        let moment = at(END).plus(-self.minutes_ago * MINUTE + index * SECOND);
        let made = self.made(moment);
        let received_at = moment.plus(self.delay_minutes * MINUTE).max(made.occurred.at);
        Event { received_at: received_at.min(at(END)), ..made }
    }

    fn made(&self, moment: Timestamp) -> Event {
        let receipt = |kind, moment| {
            let brands: Vec<&str> =
                (0..3).map(|n| if (self.number + n) % 2 == 0 { "acme" } else { "zenit" }).collect();
            branded(order(kind, self.key, moment, &self.receipt), &brands[..self.receipt.len()])
        };
        match self.what {
            0..=2 => cart_event(Kind::ProductAdded, moment, &self.cart[..1]),
            3 => cart_event(Kind::ProductRemoved, moment, &self.cart[..1]),
            4 => cart_event(Kind::CartViewed, moment, &self.cart),
            5 => event(Kind::CheckoutStepViewed, moment),
            28 | 29 => checkout(self.key, moment, &self.cart),
            6 | 7 => receipt(Kind::OrderCompleted, moment),
            8 => over(Channel::Web, receipt(Kind::OrderCompleted, moment)),
            9 => dated(receipt(Kind::OrderCompleted, moment), Precision::Minute),
            10 => {
                let day = Timestamp(moment.0 - moment.0.rem_euclid(DAY) + moment.0 % MINUTE);
                dated(receipt(Kind::OrderCompleted, day), Precision::Day)
            }
            11 => receipt(Kind::OrderUpdated, moment),
            12 => receipt(Kind::OrderRefunded, moment),
            13 => receipt(Kind::OrderCancelled, moment),
            14 => {
                let mut foreign = receipt(Kind::OrderCompleted, moment);
                if let Some(order) = &mut foreign.order {
                    order.currency = Currency::parse("USD").unwrap();
                }
                foreign
            }
            15 => cart_event(Kind::ProductViewed, moment, &self.cart[..1]),
            24..=26 => {
                let level = ["gold", "silver", "iron"][usize::try_from(self.number % 3).unwrap()];
                game(moment, self.number, level)
            }
            16 => over(Channel::Social, event(Kind::SocialPosted, moment)),
            17 => over(Channel::Ads, event(Kind::AdClicked, moment)),
            18 => event(Kind::Custom("Club Joined".to_owned()), moment),
            19 => consent(moment, ConsentAnswer::Given),
            20 => consent(moment, ConsentAnswer::Withdrawn),
            21 => ticket(
                if self.number % 2 == 0 { Kind::TicketOpened } else { Kind::TicketClosed },
                moment,
            ),
            22 => with_trait(moment, "city", Value::Text("Porto Novo".to_owned())),
            27 => {
                let days = ["1990-04-20", "1988-02-29", "2001-03-29", "1970-10-26"];
                let day = days[usize::try_from(self.number).unwrap() % days.len()];
                with_trait(moment, "birthday", Value::Text(day.to_owned()))
            }
            _ => with_trait(moment, "points", Value::Integer(self.number)),
        }
    }
}

pub(super) fn history() -> impl Strategy<Value = Vec<Event>> {
    vec(seed(), 0..14).prop_map(|mut seeds| {
        seeds.sort_by_key(|seed| -seed.minutes_ago);
        let mut events: Vec<Event> = seeds.iter().zip(0..).map(|(s, n)| s.event(n)).collect();
        events.sort_by_key(|event| event.occurred.at);
        events
    })
}

fn length() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..100_u32).prop_map(|n| format!("{n} days")),
        (1..100_u32).prop_map(|n| format!("{n} hours")),
        (1..60_u32).prop_map(|n| format!("{n} weeks")),
        (1..14_u32).prop_map(|n| format!("{n} months")),
        Just("1 year".to_owned()),
        (1..600_u32).prop_map(|n| format!("{n} minutes")),
    ]
}

fn window() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        length().prop_map(|length| format!(" in the last {length}")),
        length().prop_map(|length| format!(" more than {length} ago")),
        Just(" since entry".to_owned()),
        day().prop_map(|day| format!(" since {day}")),
        day().prop_map(|day| format!(" before {day}")),
        (day(), 0..40_i32).prop_map(|(day, more)| {
            let last = day.checked_add(jiff::Span::new().days(more)).unwrap();
            format!(" between {day} and {last}")
        }),
        mark(),
        mark(),
    ]
}

/// Before or after something else on the way, near it or anywhere, which may itself come before or
/// after something.
fn mark() -> impl Strategy<Value = String> {
    let mut chain = Just(String::new()).boxed();
    for _ in 1..Mark::CHAIN_MAX {
        chain = prop_oneof![2 => Just(String::new()), 1 => one_mark(chain)].boxed();
    }
    one_mark(chain)
}

/// A mark that is told by what `further` says.
fn one_mark(further: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let of = prop_oneof![
        2 => (select(vec!["", " in store"]), order_filter())
            .prop_map(|(channel, filter)| format!("order{channel}{filter}")),
        2 => game_filter().prop_map(|filter| format!("\"Game Played\"{filter}")),
        3 => select(vec!["\"Product Viewed\"", "\"Order Completed\"", "touch on social",
                         "touch in store"]).prop_map(str::to_owned),
    ];
    let near = length().prop_map(|length| format!(" within {length}"));
    let near = prop_oneof![near, Just(String::new())];
    let which = select(vec!["the first", "the last", "any"]);
    (near, select(vec!["before", "after"]), which, of, further)
        .prop_map(|(near, side, which, of, further)| format!("{near} {side} {which} {of}{further}"))
}

/// A day of the history, often one on which clocks change somewhere.
fn day() -> impl Strategy<Value = jiff::civil::Date> {
    let of = |ago: i32| {
        let end = jiff::civil::date(2026, 4, 19);
        end.checked_sub(jiff::Span::new().days(ago)).unwrap()
    };
    prop_oneof![Just(of(21)), Just(of(22)), (0..400_i32).prop_map(of), (0..5_i32).prop_map(of)]
}

/// A window of orders.
fn order_window() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => window(),
        1 => (2..4_u32).prop_map(|n| format!(" on the last {n} orders")),
    ]
}

fn game_filter() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        " where level is \"gold\"",
        " where points at least 3",
        " where (level is not \"iron\" and points less than 5)",
    ])
}

fn order_filter() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        " where total at least 30 EUR",
        " where store is \"lisbon-1\"",
        " where brand is \"acme\"",
        " where (category is \"Clothing\" and brand is \"zenit\")",
    ])
}

/// Statements with filters, and figures.
fn detailed() -> impl Strategy<Value = String> {
    let game = "event \"Game Played\"";
    let numeric = select(vec!["sum of", "average", "smallest", "largest", "number of different"]);
    let picks = select(vec!["first", "last", "most frequent"]);
    prop_oneof![
        3 => (game_filter(), comparison(), 0..4_u32, window())
            .prop_map(move |(f, c, n, w)| format!("{game}{f} {c} {n} times{w}")),
        1 => (game_filter(), window()).prop_map(|(f, w)| format!("has done \"Game Played\"{f}{w}")),
        1 => (select(vec!["first", "last"]), game_filter(), age())
            .prop_map(|(end, f, age)| format!("{end} \"Game Played\"{f} {age}")),
        1 => (comparison(), 0..3_u32, window()).prop_map(|(c, n, w)| {
            format!("event \"Product Viewed\" where category is \"Clothing\" {c} {n} times{w}")
        }),
        3 => (numeric, game_filter(), comparison(), 0..12_u32, window())
            .prop_map(move |(d, f, c, n, w)| format!("{d} points of {game}{f} {c} {n}{w}")),
        2 => (picks, game_filter(), select(vec!["gold", "silver"]), window(), any::<bool>())
            .prop_map(move |(d, f, level, w, not)| {
                let not = if not { "not " } else { "" };
                format!("{d} level of {game}{f} is {not}\"{level}\"{w}")
            }),
        1 => (comparison(), 1..60_u32, window())
            .prop_map(move |(c, n, w)| format!("time between {game} {c} {n} days{w}")),
        3 => (channel(), order_filter(), comparison(), 0..4_u32, order_window())
            .prop_map(|(ch, f, c, n, w)| format!("orders{ch}{f} {c} {n}{w}")),
        2 => (select(vec!["sum of", "average", "smallest", "largest"]), channel(), order_filter(),
              comparison(), 0..90_u32, order_window())
            .prop_map(|(d, ch, f, c, n, w)| format!("{d} total of orders{ch}{f} {c} {n} EUR{w}")),
        1 => (order_filter(), comparison(), 0..5_u32, order_window())
            .prop_map(|(f, c, n, w)| format!("sum of quantity of orders{f} {c} {n}{w}")),
        1 => (comparison(), 1..60_u32, order_window())
            .prop_map(|(c, n, w)| format!("time between orders {c} {n} days{w}")),
        1 => (select(vec!["bought anything", "bought category \"Clothing\""]), channel(), order_window())
            .prop_map(|(what, ch, w)| format!("has {what} where total at least 20 EUR{ch}{w}")),
    ]
}

fn comparison() -> impl Strategy<Value = &'static str> {
    select(vec!["at least", "at most", "more than", "less than", "exactly"])
}

fn channel() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", " in store", " on web"])
}

fn thing() -> impl Strategy<Value = &'static str> {
    select(vec![
        "product \"tee\"",
        "product \"hat\"",
        "product \"tee-organic\"",
        "category \"Clothing\"",
        "category \"Shoes\"",
    ])
}

fn age() -> impl Strategy<Value = String> {
    (select(vec!["more", "less"]), length())
        .prop_map(|(side, length)| format!("{side} than {length} ago"))
}

fn kind() -> impl Strategy<Value = &'static str> {
    select(vec![
        "Product Viewed",
        "Order Completed",
        "Club Joined",
        "Social Posted",
        "Product Added",
    ])
}

/// What the shop of these laws computes: a trait of each kind.
fn traits() -> ComputedTraits {
    let made = [
        ("rounds", "number of different points of event \"Game Played\""),
        (
            "score",
            "sum of points of event \"Game Played\" where level is \"gold\" in the last 40 days",
        ),
        ("usual", "average points of event \"Game Played\""),
        ("favourite", "most frequent level of event \"Game Played\" in the last 90 days"),
        ("beginning", "first level of event \"Game Played\""),
        ("lately", "last level of event \"Game Played\" more than 2 days ago"),
        ("basket", "average total of orders on the last 3 orders"),
        ("worth", "sum of total of orders in store in the last 6 months"),
        ("rhythm", "time between orders"),
    ];
    let computed = |(name, text)| {
        let figure = Figure::parse(text).unwrap();
        (str::to_owned(name), Arc::new(ComputedTrait::new(name, figure, Currency::EUR)))
    };
    made.into_iter().map(computed).collect()
}

/// A condition as the shop of these laws understands it.
fn read(text: &str) -> Condition {
    let mut condition = Condition::parse(text).unwrap();
    condition.take_traits(&traits());
    condition
}

/// Statements on traits that are computed.
fn of_traits() -> impl Strategy<Value = String> {
    let numeric = select(vec!["rounds", "score", "usual", "basket", "worth", "rhythm"]);
    let picked = select(vec!["favourite", "beginning", "lately"]);
    let level = select(vec![
        "is \"gold\"",
        "is one of (\"silver\", \"IRON\")",
        "contains \"ol\"",
        "is known",
    ]);
    prop_oneof![
        (numeric, comparison(), 0..60_u32).prop_map(|(name, c, n)| format!("trait {name} {c} {n}")),
        (picked, level).prop_map(|(name, test)| format!("trait {name} {test}")),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let still = select(vec![
        "cart is open",
        "cart is empty",
        "cart has product \"tee\"",
        "cart has category \"Clothing\"",
        "has bought any product of the cart",
        "has bought all products of the cart",
        "consent to email promotion",
        "reachable by email",
        "reachable by sms",
        "reachable by email for promotion",
        "reachable by sms for promotion",
        "ticket is open",
        "first seen through social",
        "first seen through store",
        "trait city is \"porto novo\"",
        "trait city contains \"NOVO\"",
        "trait points at least 3",
        "trait points is one of (1, 2)",
        "trait points is known",
        "always",
    ]);
    let any = "has returned anything";
    prop_oneof![
        3 => still.prop_map(str::to_owned),
        1 => length().prop_map(|length| format!("no cart event for {length}")),
        1 => (comparison(), 0..90_u32).prop_map(|(c, n)| format!("cart value {c} {n} EUR")),
        2 => (select(vec!["bought", "kept"]), thing(), channel(), window())
            .prop_map(|(deed, thing, channel, window)| format!("has {deed} {thing}{channel}{window}")),
        1 => (thing(), window()).prop_map(|(thing, window)| format!("has returned {thing}{window}")),
        1 => window().prop_map(move |window| format!("{any}{window}")),
        1 => (channel(), window()).prop_map(|(channel, window)| format!("has ordered{channel}{window}")),
        2 => (channel(), comparison(), 0..4_u32, window())
            .prop_map(|(channel, c, n, window)| format!("orders{channel} {c} {n}{window}")),
        2 => (channel(), comparison(), 0..90_u32, window())
            .prop_map(|(channel, c, n, window)| format!("spent{channel} {c} {n} EUR{window}")),
        2 => (select(vec!["first", "last"]), channel(), age())
            .prop_map(|(end, channel, age)| format!("{end} order{channel} {age}")),
        2 => (kind(), comparison(), 0..4_u32, window())
            .prop_map(|(kind, c, n, window)| format!("event \"{kind}\" {c} {n} times{window}")),
        1 => (select(vec!["first", "last"]), kind(), age())
            .prop_map(|(end, kind, age)| format!("{end} \"{kind}\" {age}")),
        8 => detailed(),
        3 => of_traits(),
        2 => (select(vec!["trait birthday", "first order"]), 1..60_u32)
            .prop_map(|(of, days)| format!("anniversary of {of} in the next {days} days")),
        1 => select(vec!["anniversary of trait birthday is today", "weekday is sunday",
                         "weekday is one of (monday, saturday)"]).prop_map(str::to_owned),
        1 => (comparison(), 0..24_u32).prop_map(|(c, n)| format!("hour {c} {n}")),
        1 => length().prop_map(|length| format!("ticket is open for more than {length}")),
        1 => (select(vec!["ticket opened", "ticket closed", "tickets at most 1", "tickets closed exactly 1"]), window())
            .prop_map(|(tickets, window)| format!("{tickets}{window}")),
        1 => (select(vec!["social", "store", "web"]), window())
            .prop_map(|(channel, window)| format!("touched {channel}{window}")),
    ]
}

pub(super) fn condition() -> impl Strategy<Value = String> {
    statement().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("not ({part})")),
            vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(") and ("))),
            vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(") or ("))),
        ]
    })
}

/// A person with a history, asked at the end of it: in some zone, inside a journey or not.
fn question() -> impl Strategy<Value = Question> {
    let zones = vec!["Europe/Madrid", "America/Sao_Paulo", "Pacific/Apia", "UTC"];
    let entry = prop_oneof![
        Just(None),
        (1..30_000_i64, subsequence(IN_CARTS.to_vec(), 0..3)).prop_map(Some),
    ];
    let behind = prop_oneof![Just(0_i64), 0..120_i64, 0..10_000_i64, Just(1_000_000_i64)];
    (history(), entry, select(zones), behind, 0..300_i64).prop_map(
        |(events, entry, zone, behind, later)| {
            let mut question = Question::about(events);
            question.zone = TimeZone::get(zone).unwrap();
            question.now = at(END).plus(later * MINUTE);
            question.complete_to = question.now.plus(-behind * MINUTE);
            question.entry = entry.map(|(ago, lines)| {
                (at(END).plus(-ago * MINUTE), lines.into_iter().map(line).collect())
            });
            question
        },
    )
}

const SINCE_ENTRY: &str = "since entry";

/// Outside a journey, "since entry" has no meaning; inside, everything has.
fn fits(question: &Question, condition: &str) -> bool {
    question.entry.is_some() || !condition.contains(SINCE_ENTRY)
}

/// Moments between two, their neighbours first.
fn between(now: Timestamp, next: Option<Timestamp>) -> Vec<Timestamp> {
    match next {
        Some(next) => {
            let span = next.since(now);
            [1, span / 3, span * 2 / 3, span - 1]
                .into_iter()
                .filter(|ms| (1..span).contains(ms))
                .map(|ms| now.plus(ms))
                .collect()
        }
        None => [1, HOUR + 2, 40 * DAY, 3 * 366 * DAY].map(|ms| now.plus(ms)).to_vec(),
    }
}

/// How many cases each law is tried with: a share, or as many as `cargo xtask laws` asks for.
pub(super) fn cases(share: u32) -> u32 {
    std::env::var("REGULARS_LAW_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(share)
}

fn config(share: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..ProptestConfig::with_cases(cases(share))
    }
}

proptest! {
    #![proptest_config(config(6_000))]

    /// Folding loses nothing that the language asks for: an evaluator that reads every raw event
    /// each time, and shares no code with this one, gives the same answer.
    #[test]
    fn as_known_it_is_what_the_raw_events_say(question in question(), text in condition()) {
        prop_assume!(fits(&question, &text));
        let condition = read(&text);
        let question = question.declared(&condition);
        let answer = question.ask(&condition, Manner::AsKnown);
        let log = Log {
            events: &question.events,
            entry: question.entry.as_ref().map(|(at, lines)| (*at, lines.as_slice())),
            zone: &question.zone,
            now: question.now,
        };
        let computing = answer.facts.iter().any(|fact| fact.kind() == "computing");
        prop_assert!(
            computing || answer.truth == Truth::from(log.holds(&condition)),
            "{text}\n{answer:#?}"
        );
    }

    /// Nothing has to poll: until the next moment, asking again gives the same answer.
    #[test]
    fn the_answer_stays_until_its_next_moment(
        question in question(),
        text in condition(),
        certain in any::<bool>(),
    ) {
        let manner = if certain { Manner::ForCertain } else { Manner::AsKnown };
        let condition = read(&text);
        let question = question.declared(&condition);
        let first = question.with(manner, |asked| weigh(&condition, asked));
        prop_assert!(first.next.is_none_or(|next| next > question.now));
        for now in between(question.now, first.next) {
            let later = Question { now, ..question.clone() };
            let truth = later.with(manner, |asked| weigh(&condition, asked)).truth;
            prop_assert_eq!(truth, first.truth, "{} at {} of {:?}", text, now, first);
        }
    }

    /// The same from a moment inside the history, when a part of it is still to come.
    #[test]
    fn it_stays_so_in_the_past_too(
        question in question(),
        text in condition(),
        ago in 0..600_000_i64,
        certain in any::<bool>(),
    ) {
        let manner = if certain { Manner::ForCertain } else { Manner::AsKnown };
        let condition = read(&text);
        let question = question.declared(&condition);
        let past = Question { now: question.now.plus(-ago * MINUTE), ..question };
        let first = past.with(manner, |asked| weigh(&condition, asked));
        for now in between(past.now, first.next) {
            let later = Question { now, ..past.clone() };
            let truth = later.with(manner, |asked| weigh(&condition, asked)).truth;
            prop_assert_eq!(truth, first.truth, "{} at {} of {:?}", text, now, first);
        }
    }

    /// No timer is wasted: a single statement really turns at its next moment.
    #[test]
    fn a_statement_turns_at_its_next_moment(question in question(), text in statement()) {
        let condition = read(&text);
        let question = question.declared(&condition);
        let first = question.with(Manner::AsKnown, |asked| weigh(&condition, asked));
        if let Some(now) = first.next {
            let computing = |question: &Question| {
                let answer = question.ask(&condition, Manner::AsKnown);
                answer.facts.iter().any(|fact| fact.kind() == "computing")
            };
            let then = Question { now, ..question.clone() };
            let truth = then.with(Manner::AsKnown, |asked| weigh(&condition, asked)).truth;
            prop_assert!(
                truth != first.truth || computing(&question) || computing(&then),
                "{text}: {first:?} and the same then"
            );
        }
    }

    /// Not knowing only takes away: what is certain is also what is known.
    #[test]
    fn what_is_certain_is_known(question in question(), text in condition()) {
        let condition = read(&text);
        let question = question.declared(&condition);
        let certain = question.ask(&condition, Manner::ForCertain);
        let known = question.ask(&condition, Manner::AsKnown);
        prop_assert!(certain.truth == Truth::Unknown || certain.truth == known.truth, "{text}");
        prop_assert_ne!(known.truth, Truth::Unknown);
        // An unknown says why; a certain answer has nothing to explain away.
        prop_assert_eq!(certain.truth == Truth::Unknown, !certain.unknown_because.is_empty(), "{}\n{:#?}", text, certain);
        prop_assert!(known.unknown_because.is_empty() && known.waits_for.is_empty());
        let weighed = question.with(Manner::ForCertain, |asked| weigh(&condition, asked));
        prop_assert_eq!((weighed.truth, weighed.next), (certain.truth, certain.next));
        let sure = question.with(Manner::ForCertain, |asked| {
            first_sure(std::slice::from_ref(&condition), asked).is_some()
        });
        prop_assert_eq!(sure, certain.truth == Truth::True);
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    /// Certain means certain: whatever a feed that is behind brings later, the answer stands.
    #[test]
    fn nothing_late_takes_back_what_was_certain(
        question in question(),
        texts in vec(condition(), 6),
        late in vec((0..1_000_i64, any::<u8>(), select(KEYS.to_vec()), vec(select(ON_RECEIPTS.to_vec()), 0..3)), 1..4),
    ) {
        let events: Vec<Event> = late
            .iter()
            .zip(0..)
            .filter_map(|((share, pick, key, lines), number)| {
                late_event(&question, *share, usize::from(*pick), (number, key), lines)
            })
            .collect();
        prop_assume!(!events.is_empty());
        for text in texts.iter().filter(|text| fits(&question, text)) {
            let condition = Condition::parse(text).unwrap();
            let before = question.clone().declared(&condition);
            let certain = before.ask(&condition, Manner::ForCertain).truth;
            if certain == Truth::Unknown {
                continue;
            }
            let events = question.events.iter().chain(&events).cloned().collect();
            let told = Question { events, complete_to: Timestamp::EARLIEST, ..before };
            let told = told.declared(&condition);
            for manner in [Manner::ForCertain, Manner::AsKnown] {
                let answer = told.ask(&condition, manner);
                prop_assert_eq!(answer.truth, certain, "{} after {:?}", text, told);
            }
        }
    }
}

/// Something that a feed which is behind may still tell: as far into its silence as `share` says,
/// in thousandths. `None`: no feed is behind.
fn late_event(
    question: &Question,
    share: i64,
    pick: usize,
    (number, key): (usize, &str),
    lines: &[&str],
) -> Option<Event> {
    let Question { sources, complete_to, now, .. } = question;
    let open: Vec<(usize, Lacking)> = (0..10)
        .flat_map(|what| {
            let facts = match what {
                0..=3 => Facts::Orders,
                4 => Facts::Kind(Kind::ProductViewed),
                5 => Facts::Kind(Kind::Custom("Club Joined".to_owned())),
                6 => Facts::Kind(Kind::SocialPosted),
                7 => Facts::Carts,
                _ => Facts::Tickets,
            };
            let lacking = sources.missing(&facts, *complete_to, *now, false).0;
            lacking.into_iter().map(move |lacking| (what, lacking))
        })
        .collect();
    let (what, lacking) = open.get(pick % open.len().max(1))?;
    let feed = &lacking.feed;
    let from = sources.feeds[feed].heard_at.plus(-SourceSettings::LAG_MS);
    let span = lacking.needed_until.since(from);
    let moment = from.plus(1 + (span - 1) * share / 1_000);
    let new = format!("late-{number}");
    // A feed that has told everything up to some moment has told of every sale before it, so what
    // comes back late had been sold.
    let sold = question.profile.orders.by_key.get(key).is_some_and(|o| o.sale.is_some());
    let event = match what {
        2 if sold => order(Kind::OrderRefunded, key, moment, lines),
        3 if sold => order(Kind::OrderCancelled, key, moment, &[]),
        0..=3 => order(Kind::OrderCompleted, &new, moment, lines),
        4 => event(Kind::ProductViewed, moment),
        5 => event(Kind::Custom("Club Joined".to_owned()), moment),
        6 => over(Channel::Social, event(Kind::SocialPosted, moment)),
        7 => event(Kind::CheckoutStepViewed, moment),
        8 => ticket(Kind::TicketOpened, moment),
        _ => ticket(Kind::TicketClosed, moment),
    };
    let sold_online = *what <= 3 && feed.source == "web";
    let event = if sold_online { over(Channel::Web, event) } else { event };
    Some(Event { received_at: question.now, ..event })
}
