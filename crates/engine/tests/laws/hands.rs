//! A device that changes hands: whose the events are that name nothing but the device.

use regulars_engine::commit::MessageKey;
use regulars_engine::event::{Event, Kind};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;

use crate::ground::MemoryGround;
use crate::history::page_viewed;
use crate::reference;

/// Logins that were seen on one device, each at a second; an empty one is an order that was updated
/// there by nobody known: no step of anybody's path. `ana = eva` is staff's word that two logins are
/// one person's, `ana / eva` that they are not.
fn on_one_device(seen: &[(&str, i64)]) -> Vec<(MessageKey, Event)> {
    let login = |name: &str| Identifier::new(IdentifierKind::UserId, name);
    let event = |(number, (told, second)): (usize, &(&str, i64))| {
        let device = Identifier::new(IdentifierKind::AnonymousId, "d1").unwrap();
        let same = told.split_once(" = ").map(|names| (names, Kind::SamePersonStated));
        let apart = told.split_once(" / ").map(|names| (names, Kind::DifferentPersonsStated));
        let (names, kind): (Vec<_>, _) = match same.or(apart) {
            Some(((one, other), kind)) => (vec![login(one), login(other)], kind),
            None if told.is_empty() => (vec![Some(device)], Kind::OrderUpdated),
            None => (vec![login(told), Some(device)], Kind::PageViewed),
        };
        let (key, mut event) = page_viewed(number, names.into_iter().flatten().collect());
        event.occurred.at = Timestamp(second * 1_000);
        event.kind = kind;
        (key, event)
    };
    seen.iter().enumerate().map(event).collect()
}

#[track_caller]
fn equals_a_slow_reading(seen: &[(&str, i64)]) {
    let program = Program::default();
    let ground = MemoryGround::after_events(&program, &on_one_device(seen), 1);
    assert_eq!(ground.people(), reference::people(&program, ground.log()), "{seen:?}");
}

/// An order is whose turn it was. When another turn comes to cover its moment, too, it is nobody's
/// again, though no path tells of it.
#[test]
fn what_no_path_tells_of_is_handed_back() {
    equals_a_slow_reading(&[("ben", 0), ("ana", 1), ("", 5), ("ben", 10), ("ana", 11)]);
    equals_a_slow_reading(&[("ben", 0), ("ben", 10), ("ana", 100), ("", 5), ("ana", 3)]);
}

/// More logins than may have a device in turn make it a kiosk: what was whose turn it was is nobody's.
#[test]
fn what_a_kiosk_passed_on_goes_back_to_it() {
    equals_a_slow_reading(&[
        ("ben", 0),
        ("ben", 10),
        ("ana", 20),
        ("", 5),
        ("eva", 30),
        ("leo", 40),
        ("mia", 50),
        ("tom", 60),
    ]);
}

/// Ana looked around on a tablet signed out; from then on it is Ben's, who signs in. Nothing that he does
/// may be hers, so nothing of what she did is read again: or a tablet of years would be slow.
#[test]
fn a_turn_that_goes_on_reads_nothing_of_the_past() {
    let of_ana = [("ana", 0)].into_iter().chain((1..50).map(|second| ("", second)));
    let of_ben = (100..400).map(|second| ("ben", second));
    let seen: Vec<_> = of_ana.chain([("ana", 60)]).chain(of_ben).collect();
    let program = Program::default();
    let ground = MemoryGround::after_events(&program, &on_one_device(&seen), 10);
    assert!(ground.events_read < 400, "{} events were read", ground.events_read);
    assert_eq!(ground.people(), reference::people(&program, ground.log()));
}

/// Staff say of two logins who have a tablet in turn that they are one person's, and that they are not,
/// without a word of the tablet: what happened there while both had it goes to them, and back.
#[test]
fn what_staff_say_of_logins_passes_on_what_happened_on_their_tablet() {
    let both = [("ana", 0), ("ana", 10), ("eva", 0), ("eva", 10), ("ben", 20), ("", 5)];
    equals_a_slow_reading(&[&both[..], &[("ana = eva", 30)]].concat());
    equals_a_slow_reading(&[&both[..], &[("ana = eva", 30), ("ana / eva", 31)]].concat());
}

/// A kiosk of six logins is a tablet of five people where staff say that two logins are one person's.
#[test]
fn what_staff_say_of_logins_makes_a_kiosk_a_tablet() {
    let kiosk =
        [("ben", 0), ("ben", 10), ("ana", 20), ("", 5), ("eva", 30), ("leo", 40), ("mia", 50)];
    let kiosk = [&kiosk[..], &[("tom", 60)]].concat();
    equals_a_slow_reading(&[&kiosk[..], &[("mia = tom", 70)]].concat());
    equals_a_slow_reading(&[&kiosk[..], &[("mia = tom", 70), ("mia / tom", 71)]].concat());
}
