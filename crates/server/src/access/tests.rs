//! Users, roles and acts in a real store.

use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::SqliteStore;

use super::*;
use crate::writer::Writer;

fn open() -> Writer<SqliteStore> {
    Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap()
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn keep(writer: &mut Writer<SqliteStore>, user: &str, role: Role) -> Result<Shown, UserError> {
    let password = Password::known("hunter22 and more");
    keep_user(writer, "eva", &name(user), Some(role), Some(&password), Timestamp(7))
}

#[test]
fn the_last_owner_can_neither_go_nor_become_less() {
    let mut writer = open();
    for role in [Role::Marketer, Role::ServiceDesk, Role::Analyst] {
        let first = keep(&mut writer, "ana", role);
        assert!(matches!(first, Err(UserError::LastOwner(_))), "the first is an owner");
    }
    keep(&mut writer, "ana", Role::Owner).unwrap();
    keep(&mut writer, "ben", Role::Marketer).unwrap();
    let (ana, now) = (name("ana"), Timestamp(8));
    let less = set_role(&mut writer, "eva", &ana, Role::Analyst, now);
    assert!(matches!(less, Err(UserError::LastOwner(_))));
    assert!(matches!(remove_user(&mut writer, "eva", &ana, now), Err(UserError::LastOwner(_))));
    set_role(&mut writer, "eva", &name("ben"), Role::Owner, now).unwrap();
    remove_user(&mut writer, "eva", &ana, now).unwrap();
    let left = users(writer.reader()).unwrap();
    assert_eq!(
        left.iter().map(|user| (user.user.as_str(), user.role)).collect::<Vec<_>>(),
        [("ben", Role::Owner)]
    );
    let acts = acts(writer.reader(), 9).unwrap();
    assert!(acts.iter().all(|act| act.by == "eva"));
    assert_eq!(
        acts.iter().map(|act| act.what.as_str()).collect::<Vec<_>>(),
        [
            "removed ana",
            "ben is owner",
            "ben is marketer, with a first password",
            "ana is owner, with a first password"
        ],
        "what is refused is no act on users"
    );
}

#[test]
fn a_new_password_leaves_the_role_and_a_new_role_the_password() {
    let mut writer = open();
    keep(&mut writer, "ana", Role::Owner).unwrap();
    keep(&mut writer, "ben", Role::ServiceDesk).unwrap();
    let (ben, later) = (name("ben"), Timestamp(90));
    let other = Password::known("another one");
    let kept = keep_user(&mut writer, "eva", &ben, None, Some(&other), later).unwrap();
    assert_eq!((kept.role, kept.password_at), (Role::ServiceDesk, later));
    let kept = set_role(&mut writer, "eva", &ben, Role::Analyst, Timestamp(99)).unwrap();
    assert_eq!((kept.role, kept.password_at), (Role::Analyst, later));
    assert!(signs_in(writer.reader(), "ben", "another one").unwrap());
    assert!(!signs_in(writer.reader(), "ben", "hunter22 and more").unwrap());
    let nobody = set_role(&mut writer, "eva", &name("cas"), Role::Analyst, later);
    assert!(matches!(nobody, Err(UserError::Unknown(_))));
    let incomplete = keep_user(&mut writer, "eva", &name("cas"), None, Some(&other), later);
    assert!(matches!(incomplete, Err(UserError::Incomplete(_))));
}

#[test]
fn of_acts_the_latest_are_kept() {
    let mut writer = open();
    for number in 0..5_003 {
        note(&mut writer, &Act::on_users("ana", number.to_string(), Timestamp(number))).unwrap();
    }
    let latest: Vec<String> =
        acts(writer.reader(), 3).unwrap().into_iter().map(|act| act.what).collect();
    assert_eq!(latest, ["5002", "5001", "5000"]);
    let all = acts(writer.reader(), 9_999).unwrap();
    assert_eq!((all.len(), all.last().unwrap().what.as_str()), (5_000, "3"));
}

/// Whoever may do more may also look, and an owner may do everything: nobody is locked out by the table.
#[test]
fn the_table_of_rights_is_whole() {
    for right in Right::ALL {
        assert!(Role::Owner.may(right), "{right:?}");
    }
    for role in Role::ALL {
        assert!(role.may(Right::Look));
        assert_eq!(Role::parse(role.word()), Some(role));
        assert_eq!(Role::parse(&role.word().replace(' ', "-")), Some(role));
    }
    for right in [Right::Erase, Right::Manage] {
        assert_eq!(right.roles(), [Role::Owner], "what cannot be undone is an owner's");
    }
    for right in [Right::Answer, Right::Repair, Right::Define, Right::Switch, Right::Disclose] {
        assert!(!Role::Analyst.may(right), "an analyst reads");
    }
}
