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
/// there by nobody known: no step of anybody's path.
fn on_one_device(seen: &[(&str, i64)]) -> Vec<(MessageKey, Event)> {
    let event = |(number, (login, second)): (usize, &(&str, i64))| {
        let device = Identifier::new(IdentifierKind::AnonymousId, "d1").unwrap();
        let login = Identifier::new(IdentifierKind::UserId, login);
        let nobody = login.is_none();
        let (key, mut event) = page_viewed(number, login.into_iter().chain([device]).collect());
        event.occurred.at = Timestamp(second * 1_000);
        if nobody {
            event.kind = Kind::OrderUpdated;
        }
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
