//! Drafts in a real store.

use std::path::Path;

use regulars_engine::definition::{ObjectKind, ObjectName};
use regulars_engine::event::{Event, Kind};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::{Reader, SqliteStore};

use super::{
    Draft, Kept, Of, Start, all, begin, discard, drop_aside, find, rebase, set_aside, turn, write,
};
use crate::writer::{ObjectChange, PublishError, Writer};

fn open(dir: &Path) -> Writer<SqliteStore> {
    Writer::open(SqliteStore::open(dir).unwrap(), Purpose::Live).unwrap()
}

fn at(ms: i64) -> Timestamp {
    Timestamp(ms)
}

fn start(user: &str) -> Start {
    Start {
        of: Of::Journey,
        name: "cart".to_owned(),
        user: user.to_owned(),
        base: Some(7),
        text: "first".to_owned(),
        beside: String::new(),
    }
}

fn held(writer: &Writer<SqliteStore>) -> Draft {
    find(writer.reader(), (Of::Journey, "cart"), "ana").unwrap().expect("ana has a draft")
}

fn text(writer: &Writer<SqliteStore>) -> String {
    held(writer).text(writer.reader()).unwrap()
}

/// Writes on the revision that the draft stands at.
fn go_on(writer: &mut Writer<SqliteStore>, words: &str) {
    let revision =
        find(writer.reader(), (Of::Journey, "cart"), "ana").unwrap().map_or(0, |d| d.revision());
    assert_eq!(write(writer, (&start("ana"), revision), words, at(1)).unwrap(), Kept::Kept);
}

fn turned(writer: &mut Writer<SqliteStore>, back: bool) -> String {
    let draft = held(writer);
    turn(writer.store(), draft, back, at(2)).unwrap();
    text(writer)
}

#[test]
fn what_was_written_outlives_a_restart_and_can_be_undone_to_the_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    go_on(&mut writer, "second");
    go_on(&mut writer, "third");
    drop(writer);
    let mut writer = open(dir.path());
    assert_eq!(text(&writer), "third");
    assert_eq!(
        (turned(&mut writer, true), turned(&mut writer, true)),
        ("second".into(), "first".into())
    );
    assert_eq!(held(&writer).turns(), (false, true));
    assert_eq!(turned(&mut writer, true), "first");
    assert_eq!(turned(&mut writer, false), "second");
    go_on(&mut writer, "another");
    assert_eq!(held(&writer).turns(), (true, false));
    assert_eq!(turned(&mut writer, true), "second");
}

#[test]
fn an_edit_on_another_revision_changes_nothing_and_is_kept_aside() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    go_on(&mut writer, "second");
    let seen = held(&writer).revision();
    go_on(&mut writer, "third");
    let late = write(&mut writer, (&start("ana"), seen), "late", at(1)).unwrap();
    assert_eq!((late, text(&writer)), (Kept::Stale, "third".to_owned()));
    // Nobody who saw no draft may begin one over it.
    assert_eq!(write(&mut writer, (&start("ana"), 0), "late", at(1)).unwrap(), Kept::Stale);
    set_aside(&mut writer, &start("ana"), "late", at(3)).unwrap();
    let draft = held(&writer);
    let aside = draft.aside[0].revision;
    // Only what is aside is dropped.
    drop_aside(writer.store(), draft.clone(), draft.revision()).unwrap();
    assert_eq!(text(&writer), "third");
    assert_eq!(draft.text_at(writer.reader(), aside).unwrap().as_deref(), Some("late"));
    drop_aside(writer.store(), draft, aside).unwrap();
    assert_eq!(held(&writer).text_at(writer.reader(), aside).unwrap(), None);
    // What came too late for a draft that was taken away is not lost either.
    let draft = held(&writer);
    discard(writer.store(), &draft).unwrap();
    assert_eq!(write(&mut writer, (&start("ana"), seen), "late", at(1)).unwrap(), Kept::Stale);
    set_aside(&mut writer, &start("ana"), "late", at(3)).unwrap();
    assert_eq!((text(&writer), held(&writer).aside.len()), ("first".to_owned(), 1));
    go_on(&mut writer, "third");
    // A number that was undone is not given again: whoever saw it is late too.
    let gone = held(&writer).revision();
    turned(&mut writer, true);
    go_on(&mut writer, "fourth");
    assert_eq!(write(&mut writer, (&start("ana"), gone), "late", at(1)).unwrap(), Kept::Stale);
}

#[test]
fn drafts_are_each_users_own_and_leave_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    go_on(&mut writer, "second");
    begin(writer.store(), &start("ben"), at(4)).unwrap();
    let users = |writer: &Writer<SqliteStore>| {
        all(writer.reader(), Of::Journey)
            .unwrap()
            .into_iter()
            .map(|draft| draft.user)
            .collect::<Vec<_>>()
    };
    assert_eq!(users(&writer), ["ana", "ben"]);
    let draft = held(&writer);
    rebase(writer.store(), draft, Some(9)).unwrap();
    let draft = held(&writer);
    assert_eq!(draft.base, Some(9));
    discard(writer.store(), &draft).unwrap();
    assert_eq!(users(&writer), ["ben"]);
    for revision in 0..5 {
        assert_eq!(draft.text_at(writer.reader(), revision).unwrap(), None);
    }
}

/// An afternoon of edits does not fill the disk: the oldest can be undone no longer.
#[test]
fn only_so_many_edits_can_be_undone() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    for number in 0..130 {
        go_on(&mut writer, &format!("text {number}"));
    }
    let draft = held(&writer);
    let kept: Vec<String> =
        (0..200).filter_map(|one| draft.text_at(writer.reader(), one).unwrap()).collect();
    assert_eq!((kept.len(), kept[0].as_str()), (101, "text 29"));
    assert_eq!(text(&writer), "text 129");
}

/// Somebody may have written an address into a condition.
#[test]
fn whoever_is_erased_is_in_no_draft() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    go_on(&mut writer, "trait friend is \"Eva@Shop.Example\" and not \"eva\"");
    let email = Identifier::new(IdentifierKind::Email, "eva@shop.example").unwrap();
    let key = email.key(writer.salt());
    let bare = Event::bare("web", "1".to_owned(), Kind::Identify, at(5));
    let event = Event { identifiers: vec![email], ..bare };
    writer.accept(vec![event], Vec::new(), at(5)).unwrap();
    let person = writer.reader().holder(key).unwrap().expect("eva is known");
    writer.erase(person, at(6)).unwrap();
    assert_eq!(text(&writer), "trait friend is \"erased\" and not \"eva\"");
}

const SHOP: &str =
    "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\nfrom: { email: a@shop.example }\n";
const CART: &str = "journey: cart\npurpose: care\nenter: Product Added\nsteps: [ wait: 1 day ]\n";

/// A journey is published beside all else by compare-and-set; what it brings along comes with it, and
/// files that know nothing of it do not take it away.
#[test]
fn a_journey_is_published_by_itself_and_stays_when_files_are_applied() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = open(dir.path());
    let files = [("shop.yaml".to_owned(), SHOP.to_owned())];
    writer.publish(&files, at(1)).unwrap_or_else(|error| panic!("{error}"));
    let object = ObjectName { kind: ObjectKind::Journey, name: "cart".to_owned() };
    let send = "  - { send: one, channel: email, template: letter }\n";
    let letter = "template: letter\nbuilt in: cart-reminder\n";
    let change = |text: String, expected| ObjectChange {
        object: object.clone(),
        text: Some(text),
        beside: letter.to_owned(),
        expected,
    };
    let text = CART.replace("[ wait: 1 day ]", &format!("\n  - wait: 1 day\n{send}"));
    let wrong = change(text.replace("1 day", "soon"), None);
    assert!(matches!(writer.publish_object(&wrong, at(2)), Err(PublishError::Mistakes(_))));
    let changes = writer.publish_object(&change(text.clone(), None), at(2));
    assert_eq!(changes.unwrap_or_else(|error| panic!("{error}")).len(), 2);
    let again = writer.publish_object(&change(text.clone(), None), at(3));
    assert!(matches!(again, Err(PublishError::Stale(_))), "somebody else's version is there");
    writer.publish(&files, at(4)).unwrap_or_else(|error| panic!("{error}"));
    let kept = writer.program().live_journey("cart").map(|journey| journey.steps.len());
    assert_eq!(kept, Some(2));
    let version = writer.program().objects[&object].version;
    let longer = ObjectChange {
        beside: String::new(),
        ..change(text.replace("1 day", "2 days"), Some(version))
    };
    let changes = writer.publish_object(&longer, at(5));
    assert_eq!(changes.unwrap_or_else(|error| panic!("{error}")).len(), 1);
}
