//! Maria, Jane, and a visitor nobody knows.

use regulars_server::ui::model::{
    Cart, CartLine, Channel, ChannelReach, ClosedBecause, ConsentState, Contact, DecisionKind,
    DecisionRow, EdgeHow, EnrollmentRow, EnrollmentState, EvidenceEdge, Hit, HitContact,
    HouseholdRow, HouseholdWhy, IdentifierClass, IdentifierKind, IdentifierRow, IdentifierUse,
    Identity, MessageRow, MessageStatus, OrderRow, OrderState, PeopleModel, PersonHeader,
    PersonModel, Precision, Purpose, PurposeReach, Reach, Twin, TwinFactor,
};
use regulars_server::ui::scored::Sentence;

use regulars_engine::event::{Channel as Over, Purpose as For};
use regulars_engine::reason::{Goods, Told, Whereabouts};

use super::{DAY, HOUR, MINUTE, NOW, because, capped, euro, history, till_behind, twin};

pub(crate) fn people(query: &str) -> PeopleModel {
    let wanted = query.trim().to_lowercase();
    let hits: Vec<Hit> = if wanted.is_empty() { Vec::new() } else { all_hits(&wanted) };
    PeopleModel { query: query.to_owned(), total: hits.len() as u64 * 7, hits, people: 48_213 }
}

fn all_hits(wanted: &str) -> Vec<Hit> {
    use IdentifierKind::{Browser, Email, LoyaltyCard, Order, Phone};
    let person =
        |id: &str, name: Option<&str>, contacts: &[(IdentifierKind, &str)], ago, orders, spent| {
            Hit {
                id: id.to_owned(),
                name: name.map(str::to_owned),
                contacts: contacts
                    .iter()
                    .map(|(kind, value)| HitContact {
                        kind: *kind,
                        value: (*value).to_owned(),
                        matched: value.to_lowercase().contains(wanted),
                    })
                    .collect(),
                last_at: Some(NOW - ago),
                orders,
                spent: (spent > 0).then(|| euro(spent)),
            }
        };
    let all = vec![
        person(
            "p102938",
            Some("María García Soto"),
            &[
                (Email, "maria.garcia@example.com"),
                (Phone, "+34 600 111 222"),
                (LoyaltyCard, "CL 4410 2231"),
            ],
            32 * MINUTE,
            6,
            41_820,
        ),
        person(
            "p208831",
            Some("María Gómez"),
            &[(Email, "m.garcia.soto@example.org"), (Order, "GV3-88119")],
            2 * HOUR,
            1,
            1_990,
        ),
        person(
            "p31337",
            Some("Jane Whitmore-Castellanos de la Vega"),
            &[
                (Email, "jane.whitmore.castellanos.de.la.vega@example.co.uk"),
                (Phone, "+44 7700 900123"),
            ],
            3 * HOUR,
            2,
            25_400,
        ),
        person(
            "p55012",
            Some("Ana Beltrán"),
            &[(Email, "ana.beltran@example.com")],
            DAY,
            12,
            130_450,
        ),
        person(
            "p90333",
            Some("Владимир Петров"),
            &[(Email, "v.petrov@example.ru"), (Phone, "+7 900 123-45-67")],
            190 * DAY,
            3,
            22_000,
        ),
        person("p70001", None, &[(Browser, "a-71f0c2")], 5 * MINUTE, 0, 0),
    ];
    let found = |hit: &Hit| {
        hit.name.as_ref().is_some_and(|name| name.to_lowercase().contains(wanted))
            || hit.contacts.iter().any(|contact| contact.matched)
    };
    all.into_iter().filter(found).collect()
}

pub(crate) fn person(id: &str, channel: &str, paged: bool) -> Option<PersonModel> {
    let mut model = match id {
        "p102938" => maria(),
        "p31337" => jane(),
        "p70001" => visitor(),
        _ => return None,
    };
    model.timeline = history::page(model.timeline, Channel::from_word(channel), paged);
    Some(model)
}

fn contact(kind: IdentifierKind, value: &str) -> Contact {
    Contact { kind, value: value.to_owned() }
}

fn maria() -> PersonModel {
    PersonModel {
        version: "1".to_owned(),
        header: PersonHeader {
            id: "p102938".to_owned(),
            name: Some("María García Soto".to_owned()),
            contacts: vec![
                contact(IdentifierKind::Email, "maria.garcia@example.com"),
                contact(IdentifierKind::Phone, "+34 600 111 222"),
                contact(IdentifierKind::LoyaltyCard, "CL 4410 2231"),
            ],
            first_at: Some(NOW - 412 * DAY),
            known_since: Some(NOW - 410 * DAY),
            last_at: Some(NOW - 32 * MINUTE),
            orders: 6,
            spent: vec![euro(41_820)],
            returns: 1,
            events: 248,
        },
        reach: reach(),
        scores: scores(),
        cart: cart(),
        journeys: enrollments(),
        site: Vec::new(),
        decisions: decisions(),
        path: history::maria_path(),
        timeline: history::maria(),
        orders: orders(),
        messages: messages(),
        identity: identity(),
    }
}

fn purpose(
    purpose: Purpose,
    consent: ConsentState,
    said_at: Option<i64>,
    place: Option<&str>,
    reach: Reach,
) -> PurposeReach {
    PurposeReach { purpose, consent, said_at, said_where: place.map(str::to_owned), reach }
}

fn scores() -> Vec<Sentence> {
    let one = |about: &str, value: &str, meaning: &str| Sentence {
        about: about.to_owned(),
        value: value.to_owned(),
        meaning: meaning.to_owned(),
    };
    vec![
        one("Stage", "active", "Usually buys every 41 days, and last did 12 days ago."),
        one(
            "Engagement",
            "83",
            "More engaged than 83 % of people. What counts most: purchases, visits.",
        ),
        one(
            "Still a customer",
            "94%",
            "How likely it is that another purchase will ever come, after 6 purchases and 12 days of silence.",
        ),
    ]
}

fn reach() -> Vec<ChannelReach> {
    let no = Told::SaidNo { purpose: For::Promotion, channel: Over::Sms };
    let withdrawn = because("consent_withdrawn", vec![(no, Some(NOW - 90 * DAY))]);
    vec![
        ChannelReach {
            channel: Channel::Email,
            address: Some("maria.garcia@example.com".to_owned()),
            purposes: vec![
                purpose(Purpose::Transactional, ConsentState::NotNeeded, None, None, Reach::Yes),
                purpose(
                    Purpose::Care,
                    ConsentState::SoftOptIn,
                    Some(NOW - 200 * DAY),
                    None,
                    Reach::Yes,
                ),
                purpose(
                    Purpose::Promotion,
                    ConsentState::Granted,
                    Some(NOW - 410 * DAY),
                    Some("casaluna.es, sign-up form"),
                    Reach::Later(till_behind(), None),
                ),
            ],
        },
        ChannelReach {
            channel: Channel::Sms,
            address: Some("+34 600 111 222".to_owned()),
            purposes: vec![
                purpose(Purpose::Transactional, ConsentState::NotNeeded, None, None, Reach::Yes),
                purpose(
                    Purpose::Promotion,
                    ConsentState::Withdrawn,
                    Some(NOW - 90 * DAY),
                    Some("STOP"),
                    Reach::No(withdrawn),
                ),
            ],
        },
    ]
}

fn line(product: &str, variant: &str, price: i64, ago: i64, channel: Channel) -> CartLine {
    CartLine {
        product: product.to_owned(),
        variant: Some(variant.to_owned()),
        quantity: 1,
        price: Some(euro(price)),
        added_at: NOW - ago,
        channel,
        closed: None,
        closed_where: None,
    }
}

fn cart() -> Cart {
    Cart {
        open: vec![
            line("T-shirt Sol", "M, white", 1_990, 5 * HOUR, Channel::Web),
            CartLine {
                quantity: 2,
                ..line("Linen socks", "39–42", 890, 4 * HOUR + 50 * MINUTE, Channel::App)
            },
        ],
        closed: vec![
            CartLine {
                closed: Some((ClosedBecause::Bought, NOW - 20 * DAY)),
                closed_where: Some("Gran Vía, till 1".to_owned()),
                ..line("Ankle boots Duero", "38, brown", 12_900, 21 * DAY, Channel::Web)
            },
            CartLine {
                closed: Some((ClosedBecause::Removed, NOW - 5 * HOUR)),
                ..line("T-shirt Sol", "L, white", 1_990, 5 * HOUR, Channel::Web)
            },
        ],
        worth: Some(euro(3_770)),
    }
}

fn enrollments() -> Vec<EnrollmentRow> {
    vec![
        EnrollmentRow {
            journey: "Cart reminder".to_owned(),
            journey_id: "cart".to_owned(),
            state: EnrollmentState::Held,
            step: Some("First reminder".to_owned()),
            entered_at: NOW - 4 * HOUR - 32 * MINUTE,
            due_at: Some(NOW - 32 * MINUTE),
            ended_at: None,
            reasons: vec![till_behind(), twin()],
            progress: Some((1, 6)),
        },
        EnrollmentRow {
            journey: "Care after boots".to_owned(),
            journey_id: "care".to_owned(),
            state: EnrollmentState::Waiting,
            step: Some("14 d".to_owned()),
            entered_at: NOW - 20 * DAY,
            due_at: Some(NOW + 8 * DAY),
            ended_at: None,
            reasons: Vec::new(),
            progress: Some((2, 4)),
        },
        EnrollmentRow {
            journey: "Cart reminder".to_owned(),
            journey_id: "cart".to_owned(),
            state: EnrollmentState::Exited,
            step: None,
            entered_at: NOW - 21 * DAY,
            due_at: None,
            ended_at: Some(NOW - 20 * DAY),
            reasons: vec![bought()],
            progress: None,
        },
    ]
}

fn bought() -> regulars_server::ui::model::Reason {
    let goods = Goods::Named("Ankle boots Duero".to_owned());
    let place = Whereabouts::StoreNamed("Gran Vía".to_owned());
    because("bought", vec![(Told::Bought { goods, place }, Some(NOW - 20 * DAY))])
}

fn decision(ago: i64, kind: DecisionKind, journey: &str, step: Option<&str>) -> DecisionRow {
    DecisionRow {
        at: NOW - ago,
        kind,
        journey: Some(journey.to_owned()),
        step: step.map(str::to_owned),
        channel: None,
        address: None,
        products: Vec::new(),
        until: None,
        reasons: Vec::new(),
        log_position: Some(20_418_113),
        message_id: None,
    }
}

fn decisions() -> Vec<DecisionRow> {
    let email = || (Some(Channel::Email), Some("maria.garcia@example.com".to_owned()));
    let (channel, address) = email();
    let held = DecisionRow {
        channel,
        address,
        products: vec!["T-shirt Sol".to_owned(), "Linen socks".to_owned()],
        until: Some(NOW + 23 * HOUR),
        reasons: vec![till_behind(), twin()],
        ..decision(32 * MINUTE, DecisionKind::Held, "Cart reminder", Some("First reminder"))
    };
    let (channel, address) = email();
    let sent = DecisionRow {
        channel,
        address,
        message_id: Some("m4012".to_owned()),
        ..decision(3 * DAY, DecisionKind::Sent, "Care after boots", Some("A thank you"))
    };
    let cap = capped();
    vec![
        held,
        decision(4 * HOUR + 32 * MINUTE, DecisionKind::Entered, "Cart reminder", None),
        sent,
        DecisionRow {
            reasons: vec![cap],
            channel: Some(Channel::Email),
            ..decision(9 * DAY, DecisionKind::Skipped, "New arrivals", Some("Autumn"))
        },
        DecisionRow {
            reasons: vec![bought()],
            ..decision(20 * DAY, DecisionKind::Exited, "Cart reminder", None)
        },
    ]
}

fn orders() -> Vec<OrderRow> {
    let order =
        |number: &str, ago, channel, place: &str, lines: &[(u32, &str)], total, state| OrderRow {
            number: number.to_owned(),
            at: NOW - ago,
            precision: Precision::Minute,
            channel,
            place: Some(place.to_owned()),
            lines: lines
                .iter()
                .map(|(quantity, product)| (*quantity, (*product).to_owned()))
                .collect(),
            total,
            returned: None,
            state,
            sources: vec!["Tills".to_owned()],
        };
    vec![
        order(
            "GV1-70233",
            20 * DAY,
            Channel::Store,
            "Gran Vía, till 1",
            &[(1, "Ankle boots Duero, 38, brown")],
            Some(euro(12_900)),
            OrderState::Kept,
        ),
        OrderRow {
            returned: Some(euro(3_990)),
            sources: vec!["casaluna.es".to_owned(), "Payments".to_owned()],
            ..order(
                "CL-20112",
                64 * DAY,
                Channel::Web,
                "casaluna.es",
                &[(1, "Linen shirt Tajo, M, blue"), (2, "Linen socks, 39–42")],
                Some(euro(9_760)),
                OrderState::PartlyReturned,
            )
        },
        OrderRow {
            precision: Precision::Day,
            ..order(
                "S1-00921",
                122 * DAY,
                Channel::Store,
                "Serrano, till 1",
                &[],
                None,
                OrderState::Kept,
            )
        },
        order(
            "CL-18401",
            201 * DAY,
            Channel::App,
            "Luna app",
            &[(1, "Rain coat Ebro, M, yellow")],
            Some(euro(14_900)),
            OrderState::Cancelled,
        ),
    ]
}

fn messages() -> Vec<MessageRow> {
    let row =
        |id: Option<&str>, ago, channel, subject: &str, journey: Option<&str>, status| MessageRow {
            id: id.map(str::to_owned),
            at: NOW - ago,
            channel,
            subject: subject.to_owned(),
            journey: journey.map(str::to_owned),
            status,
        };
    vec![
        row(
            Some("m4012"),
            3 * DAY,
            Channel::Email,
            "A thank you for your review",
            Some("Care after boots"),
            MessageStatus::Opened,
        ),
        row(
            Some("m3880"),
            19 * DAY,
            Channel::Sms,
            "Your boots are ready at Gran Vía",
            None,
            MessageStatus::Delivered,
        ),
        row(
            None,
            70 * DAY,
            Channel::Email,
            "New arrivals for autumn",
            Some("New arrivals"),
            MessageStatus::Clicked,
        ),
    ]
}

fn identity() -> Identity {
    use IdentifierClass::{Contact, Device, Hint, Unique};
    use IdentifierKind::{Browser, Email, Login, LoyaltyCard, Name, PaymentCard, Phone};
    let id = |kind, value: &str, class, used, seen, first, last| IdentifierRow {
        kind,
        value: value.to_owned(),
        class,
        used,
        seen_with: seen,
        first_at: NOW - first,
        last_at: NOW - last,
    };
    let edge =
        |left: (IdentifierKind, &str), right: (IdentifierKind, &str), first, last| EvidenceEdge {
            left: (left.0, left.1.to_owned()),
            right: (right.0, right.1.to_owned()),
            how: EdgeHow::Seen,
            first_at: NOW - first,
            last_at: NOW - last,
        };
    let factor = |kind, here: &str, there: &str, weight_centibits| TwinFactor {
        kind,
        here: here.to_owned(),
        there: there.to_owned(),
        weight_centibits,
    };
    Identity {
        alike: Vec::new(),
        identifiers: vec![
            id(Login, "maria-8812", Unique, IdentifierUse::Joins, 140, 410 * DAY, 5 * HOUR),
            id(LoyaltyCard, "CL 4410 2231", Unique, IdentifierUse::Joins, 5, 300 * DAY, 20 * DAY),
            id(
                Email,
                "maria.garcia@example.com",
                Contact,
                IdentifierUse::Joins,
                31,
                410 * DAY,
                3 * DAY,
            ),
            id(Phone, "+34 600 111 222", Contact, IdentifierUse::Shared, 8, 300 * DAY, 19 * DAY),
            id(Browser, "a-71f0c2d9-88aa", Device, IdentifierUse::Joins, 96, 412 * DAY, 5 * HOUR),
            id(PaymentCard, "•••• 1881", Hint, IdentifierUse::Joins, 3, 201 * DAY, 20 * DAY),
        ],
        evidence: vec![
            edge((Login, "maria-8812"), (Email, "maria.garcia@example.com"), 410 * DAY, 3 * DAY),
            edge((Login, "maria-8812"), (Browser, "a-71f0c2d9-88aa"), 410 * DAY, 5 * HOUR),
            edge(
                (LoyaltyCard, "CL 4410 2231"),
                (Email, "maria.garcia@example.com"),
                300 * DAY,
                64 * DAY,
            ),
        ],
        said: vec![EvidenceEdge {
            how: EdgeHow::SaidSame,
            ..edge((LoyaltyCard, "CL 4410 2231"), (Login, "maria-8812"), 120 * DAY, 120 * DAY)
        }],
        person_id: "p102938".to_owned(),
        history: Vec::new(),
        household: vec![
            HouseholdRow {
                person_id: "p118204".to_owned(),
                name: "Pablo García Ruiz".to_owned(),
                through: None,
                why: vec![
                    HouseholdWhy::Home,
                    HouseholdWhy::Shared(Phone, "+34 600 111 222".to_owned(), 2),
                ],
            },
            HouseholdRow {
                person_id: "p118377".to_owned(),
                name: "Inés Ruiz".to_owned(),
                through: Some("Pablo García Ruiz".to_owned()),
                why: vec![HouseholdWhy::Said],
            },
        ],
        twins: vec![Twin {
            person_id: "p208831".to_owned(),
            name: "María Gómez".to_owned(),
            permille: 500,
            why: None,
            factors: vec![
                factor(PaymentCard, "•••• 1881", "•••• 1881", 720),
                factor(Name, "María García Soto", "María Gómez", -180),
                factor(Email, "maria.garcia@…", "m.garcia.soto@…", 240),
            ],
        }],
    }
}

fn jane() -> PersonModel {
    PersonModel {
        version: "1".to_owned(),
        header: PersonHeader {
            id: "p31337".to_owned(),
            name: Some("Jane Whitmore-Castellanos de la Vega".to_owned()),
            contacts: vec![
                contact(
                    IdentifierKind::Email,
                    "jane.whitmore.castellanos.de.la.vega@example.co.uk",
                ),
                contact(IdentifierKind::Phone, "+44 7700 900123"),
            ],
            first_at: Some(NOW - 16 * DAY),
            known_since: Some(NOW - 3 * DAY),
            last_at: Some(NOW - 3 * HOUR),
            orders: 2,
            spent: vec![
                euro(25_400),
                regulars_server::ui::model::Money { minor: 8_900, currency: "GBP".to_owned() },
            ],
            returns: 0,
            events: 41,
        },
        reach: vec![ChannelReach {
            channel: Channel::Email,
            address: Some("jane.whitmore.castellanos.de.la.vega@example.co.uk".to_owned()),
            purposes: vec![purpose(
                Purpose::Promotion,
                ConsentState::NeverAsked,
                None,
                None,
                Reach::No(because("consent_missing", vec![])),
            )],
        }],
        path: history::jane_path(),
        timeline: history::jane(),
        ..visitor()
    }
}

fn visitor() -> PersonModel {
    PersonModel {
        version: "1".to_owned(),
        header: PersonHeader {
            id: "p70001".to_owned(),
            name: None,
            contacts: vec![contact(IdentifierKind::Browser, "a-71f0c2")],
            first_at: Some(NOW - HOUR),
            known_since: None,
            last_at: Some(NOW - 5 * MINUTE),
            orders: 0,
            spent: Vec::new(),
            returns: 0,
            events: 9,
        },
        reach: vec![ChannelReach {
            channel: Channel::Email,
            address: None,
            purposes: vec![purpose(
                Purpose::Promotion,
                ConsentState::NeverAsked,
                None,
                None,
                Reach::No(because("no_address", vec![])),
            )],
        }],
        scores: Vec::new(),
        cart: Cart::default(),
        journeys: Vec::new(),
        site: Vec::new(),
        decisions: Vec::new(),
        path: Vec::new(),
        timeline: Default::default(),
        orders: Vec::new(),
        messages: Vec::new(),
        identity: Identity::default(),
    }
}
