//! Another line drawn through a model that was learned: what applying it leaves, and what it may do.

use std::sync::LazyLock;

use regulars_engine::commit::MessageKey;
use regulars_engine::event::{Event, Value};
use regulars_engine::identity::link::{Field, Model, Population, train};
use regulars_engine::identity::{Card, Identifier, IdentifierKind};
use regulars_engine::program::Program;

use crate::ground::MemoryGround;
use crate::history::page_viewed;
use crate::reference;

const GIVEN: [&str; 12] = [
    "Ana", "Boris", "Carla", "Diego", "Elena", "Felix", "Gloria", "Hugo", "Irene", "Jorge",
    "Karin", "Luis",
];
const SURNAMES: [&str; 15] = [
    "Abascal", "Bermejo", "Cazorla", "Dorado", "Escudero", "Figueroa", "Galindo", "Herrera",
    "Iglesias", "Jordan", "Lozano", "Montero", "Naranjo", "Ordonez", "Pizarro",
];

/// 180 people with a login each, of whom every third has a card of the shop, too, with a slip in the
/// surname.
static EVENTS: LazyLock<Vec<(MessageKey, Event)>> = LazyLock::new(|| {
    let mut events = Vec::new();
    for person in 0..180 {
        let surname = SURNAMES[person / GIVEN.len()];
        events.push((
            IdentifierKind::UserId,
            format!("login-{person}"),
            person,
            surname.to_owned(),
        ));
        if person % 3 == 0 {
            let slip = surname.replace('o', "oo");
            events.push((IdentifierKind::LoyaltyId, format!("card-{person}"), person, slip));
        }
    }
    let stated = |(number, (kind, name, person, surname)): (usize, (_, String, usize, String))| {
        let (key, mut event) = page_viewed(number, vec![Identifier::new(kind, &name).unwrap()]);
        let (year, month, day) =
            (1950 + person * 7 % 50, person * 5 % 12 + 1, person * 11 % 28 + 1);
        let traits = [
            ("first_name", GIVEN[person % GIVEN.len()].to_owned()),
            ("last_name", surname),
            ("birthday", format!("{year}-{month:02}-{day:02}")),
            ("address", format!("Calle Mayor {}", person * 13 % 90 + 1)),
            ("postcode", (28_001 + person % 40).to_string()),
        ];
        event.traits =
            traits.into_iter().map(|(name, text)| (name.to_owned(), Value::Text(text))).collect();
        (key, event)
    };
    events.into_iter().enumerate().map(stated).collect()
});

/// What the people's own records teach.
static LEARNED: LazyLock<Model> = LazyLock::new(|| {
    let mut population = Population::default();
    for (_, event) in EVENTS.iter() {
        let mut card = Card::default();
        card.state(event);
        population.add(&card.record(), 0);
    }
    train(&mut population, |_| {}).with_generation(1)
});

fn line(sure: f64, generation: u32) -> &'static Model {
    Box::leak(Box::new(LEARNED.clone().with_thresholds(sure, 0.5).with_generation(generation)))
}

/// A stricter line applied to whoever a milder one has joined leaves what it would have made alone:
/// so nobody has to fold everything again to trust it.
#[test]
fn another_line_equals_having_had_it() {
    let program = Program::default();
    for sure in [0.999, 0.9999] {
        let always = MemoryGround::after_events_under(line(sure, 2), &program, &EVENTS, 50);
        let mut applied = MemoryGround::after_events_under(line(0.95, 1), &program, &EVENTS, 50);
        applied.apply(line(sure, 2), &program, 16);
        assert_eq!(always.cards(), applied.cards());
        assert_eq!(always.people(), applied.people());
    }
}

/// The stricter the line, the more persons: a line is what whoever draws it means by "sure".
#[test]
fn a_stricter_line_joins_no_more() {
    let program = Program::default();
    let persons =
        |sure| MemoryGround::after_events_under(line(sure, 1), &program, &EVENTS, 50).ids().len();
    let counts = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.999_99, 0.999_999].map(persons);
    assert!(counts.is_sorted(), "{counts:?}");
    assert!(counts[0] < counts[7], "{counts:?}");
}

/// 60 people who each have a number of the shop's, with a name, and one of the till's, with the e-mail
/// address and the telephone alone.
static NAMELESS: LazyLock<Vec<(MessageKey, Event)>> = LazyLock::new(|| {
    let mut events = Vec::new();
    for person in 0..60 {
        let name = |kind, text: &str| Identifier::new(kind, text).unwrap();
        for of in ["shop", "till"] {
            let identifiers = vec![
                name(IdentifierKind::LoyaltyId, &format!("{of}-{person}")),
                name(IdentifierKind::Email, &format!("p{person}@example.com")),
                name(IdentifierKind::Phone, &format!("+34610{:06}", person * 7_919)),
            ];
            let (key, mut event) = page_viewed(events.len(), identifiers);
            if of == "shop" {
                event.traits = EVENTS[person * 2].1.traits.clone();
            }
            events.push((key, event));
        }
    }
    events
});

/// A number that came without a name is linked by what was seen with it, whatever the order: a till
/// asks for no name. What two numbers share joins nobody by itself here, so likeness alone does it.
#[test]
fn a_number_without_a_name_is_linked_by_what_was_seen_with_it() {
    let mut population = Population::default();
    for (_, event) in NAMELESS.iter() {
        let mut card = Card::default();
        card.state(event);
        let mut record = card.record();
        record.set(Field::Email, event.identifiers[1].value());
        record.set(Field::Phone, event.identifiers[2].value());
        population.add(&record, 0);
    }
    let model: &Model = Box::leak(Box::new(train(&mut population, |_| {}).with_generation(1)));
    let mut program = Program::default();
    program.identity.seen_with = vec![(IdentifierKind::Email, 1), (IdentifierKind::Phone, 1)];
    let straight = MemoryGround::after_events_under(model, &program, &NAMELESS, 50);
    let joined = straight.partition().into_iter().filter(|names| names.len() == 2).count();
    assert_eq!(joined, 60);
    let backwards: Vec<_> = NAMELESS.iter().rev().cloned().collect();
    let backwards = MemoryGround::after_events_under(model, &program, &backwards, 7);
    let mut applied = MemoryGround::after_events(&program, &NAMELESS, 7);
    assert_eq!(applied.partition().into_iter().filter(|names| names.len() == 2).count(), 0);
    applied.apply(model, &program, 16);
    for other in [&backwards, &applied] {
        assert_eq!(straight.cards(), other.cards());
        assert_eq!(straight.people(), other.people());
    }
    assert_eq!(straight.people(), reference::people_under(model, &program, straight.log()));
}
