//! The language: what can be said parses, prints and reads back; what cannot is a mistake, never a crash.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::laws::cases;
use crate::condition::{
    Age, Asks, CartTest, Comparison, Condition, Day, Deed, Digest, End, FieldTest, Figure,
    FigureTest, Filter, Length, Limit, Literal, Mark, MarkOf, Number, Occasion, Of, Scope, Share,
    Stage, Thing, TicketTurn, TraitTest, Unit, Which, Window,
};
use crate::event::{Channel, Currency, Kind, Money, Purpose, parse_decimal};

/// A text as people and programs write it, with every sign that quotes must protect.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z][A-Za-z0-9 _.-]{0,12}[A-Za-z0-9]",
        "[\"\\\\(),a-zé🙂'%]{1,8}".prop_map(|text| format!("x{text}x")),
    ]
}

fn length() -> impl Strategy<Value = Length> {
    let unit = prop_oneof![
        Just(Unit::Seconds),
        Just(Unit::Minutes),
        Just(Unit::Hours),
        Just(Unit::Days),
        Just(Unit::Weeks),
        Just(Unit::Months),
        Just(Unit::Years),
    ];
    (1..400_u32, unit).prop_map(|(count, unit)| Length { count, unit })
}

fn channel() -> impl Strategy<Value = Channel> {
    proptest::sample::select(Channel::ALL.to_vec())
}

fn window() -> BoxedStrategy<Window> {
    prop_oneof![
        Just(Window::Ever),
        Just(Window::SinceEntry),
        length().prop_map(Window::Last),
        length().prop_map(Window::Before),
        day().prop_map(Window::Since),
        day().prop_map(Window::Until),
        (day(), day()).prop_map(|(a, b)| Window::Between((a.min(b), a.max(b)))),
        mark().prop_map(|mark| Window::BeforeMark(Box::new(mark))),
        mark().prop_map(|mark| Window::AfterMark(Box::new(mark))),
    ]
    .boxed()
}

/// Up to three that hang on each other. On the heap, since every window holds one.
fn mark() -> BoxedStrategy<Mark> {
    let mut window = Just(Window::Ever).boxed();
    for _ in 1..Mark::CHAIN_MAX {
        let further = (one_mark(window), any::<bool>()).prop_map(|(mark, before)| match before {
            true => Window::BeforeMark(Box::new(mark)),
            false => Window::AfterMark(Box::new(mark)),
        });
        window = prop_oneof![3 => Just(Window::Ever), 1 => further].boxed();
    }
    one_mark(window)
}

fn one_mark(window: BoxedStrategy<Window>) -> BoxedStrategy<Mark> {
    let of = prop_oneof![
        (option::of(channel()), filter(true))
            .prop_map(|(channel, filter)| (MarkOf::Order { channel }, filter)),
        (kind(), filter(false)).prop_map(|(kind, filter)| (MarkOf::Event(kind), filter)),
        channel().prop_map(|channel| (MarkOf::Touch(channel), Filter::default())),
    ];
    let near = prop_oneof![
        prop_oneof![Just(Which::First), Just(Which::Last)].prop_map(|which| (None, which)),
        (length(), prop_oneof![Just(Which::First), Just(Which::Last), Just(Which::Any)])
            .prop_map(|(length, which)| (Some(length), which)),
    ];
    let all = (near, of, window);
    all.prop_map(|((within, which), (of, filter), window)| Mark {
        within,
        which,
        of,
        filter,
        window,
    })
    .boxed()
}

fn day() -> impl Strategy<Value = jiff::civil::Date> {
    (1990..2040_i16, 1..13_i8, 1..29_i8).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn order_window() -> impl Strategy<Value = Window> {
    prop_oneof![4 => window(), 1 => (1..9_u32).prop_map(Window::Latest)]
}

/// Tests that the fields allow.
fn field_test(orders: bool) -> BoxedStrategy<FieldTest> {
    let words = vec!["category", "product", "name", "store", "channel", "variant"];
    let texts = prop_oneof![
        text().prop_map(|text| TraitTest::Is(Literal::Text(text))),
        vec(text().prop_map(Literal::Text), 1..3).prop_map(TraitTest::OneOf),
        text().prop_map(|text| TraitTest::Contains(Literal::Text(text))),
        Just(TraitTest::Known),
    ];
    let anything = (
        prop_oneof![Just("brand".to_owned()), text().prop_map(|t| format!("my {t}"))],
        trait_test(),
    );
    let amounts = if orders { vec!["total", "price", "amount"] } else { vec!["price", "amount"] };
    let asks = (
        any::<bool>(),
        prop_oneof![
            (proptest::sample::select(words), texts).prop_map(|(f, t)| (f.to_owned(), t)),
            anything,
        ],
    );
    prop_oneof![
        3 => asks.prop_map(|(not, (field, test))| {
            let number = matches!(test, TraitTest::Number(_));
            let asks = if not && !number { Asks::IsNot(test) } else { Asks::Is(test) };
            FieldTest { field, asks }
        }),
        1 => (proptest::sample::select(amounts), limit(money())).prop_map(|(field, limit)| FieldTest {
            field: field.to_owned(),
            asks: Asks::Amount(limit),
        }),
    ]
        .boxed()
}

fn filter(orders: bool) -> BoxedStrategy<Filter> {
    prop_oneof![2 => Just(Filter::default()), 1 => vec(field_test(orders), 1..4).prop_map(Filter)]
        .boxed()
}

pub(super) fn figure() -> BoxedStrategy<Condition> {
    let whole = (-1_000_000..1_000_000_i64).prop_map(|digits| Number { digits, places: 0 });
    let reckoned = prop_oneof![
        Just(Digest::Sum),
        Just(Digest::Average),
        Just(Digest::Smallest),
        Just(Digest::Largest)
    ];
    let picked = prop_oneof![Just(Digest::First), Just(Digest::Last), Just(Digest::MostFrequent)];
    let custom = || "[a-z]{2}_[a-z]{3,8}";
    let made = |(digest, field, test): (Digest, Option<String>, FigureTest)| (digest, field, test);
    let kinds = prop_oneof![
        (reckoned, custom(), limit(whole.clone())).prop_map(|(d, f, l)| (
            d,
            Some(f),
            FigureTest::Number(l)
        )),
        (custom(), limit(whole)).prop_map(|(f, l)| (
            Digest::Different,
            Some(f),
            FigureTest::Number(l)
        )),
        limit(money()).prop_map(|l| (Digest::Sum, Some("price".to_owned()), FigureTest::Amount(l))),
        (picked, custom(), trait_test(), any::<bool>()).prop_map(|(d, f, t, not)| {
            let number = matches!(t, TraitTest::Number(_));
            let test = if not && !number { FigureTest::IsNot(t) } else { FigureTest::Is(t) };
            (d, Some(f), test)
        }),
        (comparison(), length()).prop_map(|(comparison, length)| {
            (Digest::TimeBetween, None, FigureTest::Time { comparison, length })
        }),
    ]
    .prop_map(made);
    let of_orders = (filter(true), option::of(channel()), order_window())
        .prop_map(|(filter, channel, window)| (Of::Orders, filter, channel, window));
    let of_events = (kind(), filter(false), window())
        .prop_map(|(kind, filter, window)| (Of::Event(kind), filter, None, window));
    (kinds, prop_oneof![of_orders, of_events])
        .prop_map(|((digest, field, test), (of, filter, channel, window))| Condition::Figure {
            figure: Figure { digest, field, of, filter, channel, window },
            test,
        })
        .boxed()
}

fn scope() -> BoxedStrategy<Scope> {
    (option::of(channel()), order_window())
        .prop_map(|(channel, window)| Scope { channel, window })
        .boxed()
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        Just(Comparison::AtLeast),
        Just(Comparison::AtMost),
        Just(Comparison::MoreThan),
        Just(Comparison::LessThan),
        Just(Comparison::Exactly),
    ]
}

fn limit<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Limit<T>> {
    (comparison(), value).prop_map(|(comparison, value)| Limit { comparison, value })
}

fn money() -> impl Strategy<Value = Money> {
    let currency = proptest::sample::select(vec!["EUR", "JPY", "KWD", "USD"]);
    (0..10_000_000_i64, currency)
        .prop_map(|(minor, code)| Money { minor, currency: Currency::parse(code).unwrap() })
}

fn thing() -> BoxedStrategy<Thing> {
    prop_oneof![text().prop_map(Thing::Product), text().prop_map(Thing::Category)].boxed()
}

fn kind() -> BoxedStrategy<Kind> {
    prop_oneof![
        proptest::sample::select(Kind::ALL.to_vec()),
        text().prop_map(|name| super::super::statement::kind_named(&name)),
    ]
    .boxed()
}

fn number() -> impl Strategy<Value = Number> {
    (-1_000_000_000..1_000_000_000_i64, 0..12_u32).prop_map(|(digits, places)| {
        let (digits, places) = parse_decimal(&Number { digits, places }.to_string()).unwrap();
        Number { digits, places }
    })
}

fn literal() -> BoxedStrategy<Literal> {
    prop_oneof![
        text().prop_map(Literal::Text),
        number().prop_map(Literal::Number),
        any::<bool>().prop_map(Literal::Bool),
    ]
    .boxed()
}

fn trait_test() -> BoxedStrategy<TraitTest> {
    prop_oneof![
        Just(TraitTest::Known),
        literal().prop_map(TraitTest::Is),
        vec(literal(), 1..4).prop_map(TraitTest::OneOf),
        literal().prop_map(TraitTest::Contains),
        limit(number()).prop_map(TraitTest::Number),
    ]
    .boxed()
}

fn age() -> impl Strategy<Value = Age> {
    prop_oneof![length().prop_map(Age::MoreThan), length().prop_map(Age::LessThan)]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![Just(End::First), Just(End::Last)]
}

#[expect(clippy::too_many_lines, reason = "one strategy for each statement")]
fn statement() -> impl Strategy<Value = Condition> {
    let cart = prop_oneof![
        Just(CartTest::Open),
        Just(CartTest::Empty),
        thing().prop_map(CartTest::Has),
        limit(money()).prop_map(CartTest::Value),
        length().prop_map(CartTest::Idle),
    ];
    let bought =
        (prop_oneof![Just(Deed::Bought), Just(Deed::Kept)], thing(), filter(true), scope())
            .prop_map(|(deed, thing, filter, scope)| Condition::Done {
                deed,
                thing,
                filter,
                scope,
            });
    let returned =
        (prop_oneof![thing(), Just(Thing::Anything)], window()).prop_map(|(thing, window)| {
            let filter = Filter::default();
            Condition::Done {
                deed: Deed::Returned,
                thing,
                filter,
                scope: Scope { channel: None, window },
            }
        });
    let ordered =
        (prop_oneof![Just(Deed::Bought), Just(Deed::Kept)], filter(true), scope()).prop_map(
            |(deed, filter, scope)| Condition::Done { deed, thing: Thing::Anything, filter, scope },
        );
    let counts = prop_oneof![
        (limit(0..1_000_u64), filter(true), scope())
            .prop_map(|(limit, filter, scope)| Condition::Orders { limit, filter, scope }),
        (limit(money()), scope()).prop_map(|(limit, scope)| {
            Condition::Spent { limit, filter: Filter::default(), scope }
        }),
        (kind(), limit(0..1_000_u64), filter(false), window()).prop_map(
            |(kind, limit, filter, window)| Condition::Event { kind, limit, filter, window }
        ),
        figure(),
    ];
    let ages = prop_oneof![
        (end(), option::of(channel()), filter(true), age()).prop_map(
            |(end, channel, filter, age)| Condition::OrderAge { end, channel, filter, age }
        ),
        (end(), kind(), filter(false), age())
            .prop_map(|(end, kind, filter, age)| Condition::EventAge { end, kind, filter, age }),
    ];
    let purpose =
        prop_oneof![Just(Purpose::Transactional), Just(Purpose::Care), Just(Purpose::Promotion)];
    let reach = prop_oneof![Just(Channel::Email), Just(Channel::Sms), Just(Channel::Push)];
    let person = prop_oneof![
        (text(), trait_test()).prop_map(|(name, test)| Condition::Trait {
            name,
            test,
            computed: None
        }),
        (channel(), purpose.clone())
            .prop_map(|(channel, purpose)| Condition::Consent { channel, purpose }),
        (reach.clone(), purpose)
            .prop_map(|(channel, purpose)| Condition::MayWrite { channel, purpose }),
        reach.prop_map(Condition::Reachable),
        Just(Condition::TicketOpen),
        length().prop_map(Condition::TicketWaits),
        (
            prop_oneof![Just(TicketTurn::Opened), Just(TicketTurn::Closed)],
            limit(0..9_u64),
            window()
        )
            .prop_map(|(turn, limit, window)| Condition::Tickets { turn, limit, window }),
        channel().prop_map(Condition::FirstSeen),
        (channel(), window()).prop_map(|(channel, window)| Condition::Touched { channel, window }),
        text().prop_map(Condition::Segment),
        text().prop_map(Condition::InList),
        (text(), limit(number())).prop_map(|(name, limit)| Condition::Score { name, limit }),
        proptest::sample::select(Stage::ALL.to_vec()).prop_map(Condition::Stage),
        calendar(),
    ];
    prop_oneof![
        Just(Condition::Always),
        Just(Condition::Never),
        cart.prop_map(Condition::Cart).boxed(),
        prop_oneof![Just(Share::Any), Just(Share::All)].prop_map(Condition::BoughtOfCart),
        bought.boxed(),
        returned.boxed(),
        ordered.boxed(),
        counts.boxed(),
        ages.boxed(),
        person.boxed(),
    ]
}

fn calendar() -> BoxedStrategy<Condition> {
    let of = prop_oneof![text().prop_map(Occasion::Trait), Just(Occasion::FirstOrder)];
    prop_oneof![
        (of, 0..300_u32).prop_map(|(of, ahead)| Condition::Anniversary { of, ahead }),
        proptest::sample::subsequence(Day::ALL.to_vec(), 1..7).prop_map(Condition::Weekday),
        limit(0..24_u64).prop_map(Condition::Hour),
    ]
    .boxed()
}

/// Any condition that the language can say.
pub(super) fn condition() -> impl Strategy<Value = Condition> {
    let any = statement().prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| Condition::Not(Box::new(part))),
            vec(inner.clone(), 2..4).prop_map(Condition::All),
            vec(inner, 2..4).prop_map(Condition::Any),
        ]
    });
    any.prop_filter("it is short enough", |condition| {
        condition.to_string().len() <= Condition::LENGTH_MAX
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(4_000)) })]

    /// What is printed is what was meant: files, pages and hashes can hold the printed form.
    #[test]
    fn a_printed_condition_reads_back_as_itself(condition in condition()) {
        let text = condition.to_string();
        prop_assert_eq!(Condition::parse(&text), Ok(condition), "{}", text);
    }

    /// Keywords in capitals, and more white space, mean the same.
    #[test]
    fn case_and_space_mean_nothing(condition in condition()) {
        let spaced: String = outside_quotes(&condition.to_string());
        prop_assert_eq!(Condition::parse(&spaced), Ok(condition), "{}", spaced);
    }

    /// The JSON form carries everything, so that pages can build conditions without words.
    #[test]
    fn json_reads_back_as_itself(condition in condition()) {
        let json = serde_json::to_string(&condition.to_json()).unwrap();
        let read = Condition::from_json(serde_json::from_str(&json).unwrap());
        prop_assert_eq!(read, Ok(condition), "{}", json);
    }

    /// Whatever is typed in a field gives a condition or mistakes that lie inside the text.
    #[test]
    fn no_text_is_a_crash(text in "\\PC{0,80}") {
        no_crash(&text);
    }

    /// The same with texts that are nearly right: words of the language in any order.
    #[test]
    fn no_salad_of_words_is_a_crash(words in vec(word(), 0..24)) {
        no_crash(&words.join(" "));
    }

    /// The same with conditions that lost, doubled or changed a sign.
    #[test]
    fn no_typing_error_is_a_crash(condition in condition(), place in any::<u16>(), sign in "\\PC?") {
        let text = condition.to_string();
        let mut place = usize::from(place) % (text.len() + 1);
        while !text.is_char_boundary(place) {
            place -= 1;
        }
        let rest: String = text[place..].chars().skip(1).collect();
        no_crash(&format!("{}{sign}{rest}", &text[..place]));
    }
}

/// Every word and sign that means something somewhere.
const WORDS: &[&str] = &[
    "always",
    "never",
    "not",
    "no",
    "and",
    "or",
    "(",
    ")",
    ",",
    "cart",
    "is",
    "open",
    "empty",
    "has",
    "value",
    "event",
    "for",
    "bought",
    "ordered",
    "kept",
    "returned",
    "done",
    "any",
    "all",
    "product",
    "products",
    "of",
    "the",
    "category",
    "anything",
    "orders",
    "spent",
    "first",
    "last",
    "order",
    "seen",
    "through",
    "trait",
    "known",
    "one",
    "contains",
    "consent",
    "to",
    "email",
    "promotion",
    "reachable",
    "by",
    "ticket",
    "touched",
    "social",
    "in",
    "segment",
    "since",
    "entry",
    "more",
    "less",
    "than",
    "at",
    "least",
    "most",
    "exactly",
    "times",
    "ago",
    "3",
    "-1",
    "30.5",
    "EUR",
    "days",
    "hour",
    "\"tee\"",
    "\"",
    "\\",
    "99999999999999999999",
    "1,000",
    "3d",
    ">=",
    "'x'",
    "é",
    "store",
    "where",
    "sum",
    "average",
    "smallest",
    "most",
    "frequent",
    "number",
    "different",
    "time",
    "between",
    "before",
    "after",
    "within",
    "2 days",
    "touch",
    "2026-11-27",
    "total",
    "brand",
];

fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(WORDS)
}

fn no_crash(text: &str) {
    match Condition::parse(text) {
        Ok(condition) => assert_eq!(Condition::parse(&condition.to_string()), Ok(condition)),
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(
                    text.get(problem.at.clone()).is_some(),
                    "{problem:?} lies outside of {text:?}"
                );
                assert!(!problem.message.is_empty() && !problem.cure.is_empty());
            }
        }
    }
}

fn outside_quotes(text: &str) -> String {
    // Trait names and what stands in quotes keep their case.
    let mut spaced = String::from(" \n");
    let mut quoted = false;
    let mut escaped = false;
    let mut words_left_alone = false;
    for c in text.chars() {
        let quote = c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        if quote {
            quoted = !quoted;
        }
        if !quoted && c == ' ' {
            words_left_alone = spaced.to_lowercase().ends_with("trait");
            spaced.push_str(" \t ");
        } else if quoted || words_left_alone {
            spaced.push(c);
        } else {
            spaced.extend(c.to_uppercase());
        }
    }
    spaced
}

#[test]
fn the_deepest_and_the_longest_are_bounded() {
    let deep = format!("{}always", "not ".repeat(Condition::DEPTH_MAX - 1));
    assert!(Condition::parse(&deep).is_ok());
    let problems = Condition::parse(&format!("not {deep}")).unwrap_err();
    assert!(problems[0].message.contains("deeper"), "{problems:?}");
    assert!(Condition::parse(&"(".repeat(4_000)).is_err());
    assert!(Condition::parse(&"not ".repeat(1_000)).is_err());
    let long = vec!["always"; 1_000].join(" or ");
    assert!(Condition::parse(&long).unwrap_err()[0].message.contains("longer"));
}

#[test]
fn synonyms_and_sugar_have_one_printed_form() {
    let printed = |text: &str| Condition::parse(text).unwrap().to_string();
    assert_eq!(printed("TRUE"), "always");
    assert_eq!(printed("cart is not open"), "not cart is open");
    assert_eq!(printed("has bought anything in store"), "has ordered in store");
    assert_eq!(
        printed("has not bought product \"tee\" since entry"),
        "not has bought product \"tee\" since entry"
    );
    assert_eq!(printed("no consent to mail marketing"), "not consent to email promotion");
    assert_eq!(printed("event \"product viewed\" at least once"), "has done \"Product Viewed\"");
    assert_eq!(printed("event \"X\" more than 3 days ago"), "has done \"X\" more than 3 days ago");
    assert_eq!(printed("event \"X\" fewer than 3 times"), "event \"X\" less than 3 times");
    assert_eq!(printed("orders online at least 2"), "orders on web at least 2");
    assert_eq!(printed("trait city is not \"Porto\""), "not trait city is \"Porto\"");
    assert_eq!(printed("has ordered within the past 90 days"), "has ordered in the last 90 days");
    assert_eq!(
        printed("((cart is open)) and (always or (never))"),
        "cart is open and (always or never)"
    );
}
