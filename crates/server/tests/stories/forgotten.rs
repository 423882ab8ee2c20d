//! Somebody is erased who was the first to name what others have too: those stay who they were, and the store
//! is what its log says.

use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_server::writer::rebuild;
use regulars_store::{Reader, SqliteStore, compare};
use serde_json::json;

use super::play::{Bench, shop};

const SHOP: &str = shop!("");

fn holder(bench: &Bench, kind: IdentifierKind, value: &str) -> Option<PersonId> {
    let key = Identifier::new(kind, value).unwrap().key(bench.writer.salt());
    bench.writer.reader().holder(key).unwrap()
}

fn verified(bench: &Bench) {
    let kept = bench.writer.reader();
    assert_eq!(kept.check(&mut |_, _| {}).unwrap(), []);
    let into = SqliteStore::in_memory().unwrap();
    let built = rebuild::<SqliteStore, SqliteStore>(kept, into, &mut |_, _| {}).unwrap();
    assert_eq!(compare(kept, built.reader(), &mut |_, _| {}).unwrap(), None);
}

/// Ana is the first to state the address of her household. When she is erased, it stays the others', under
/// the id that it has had, and her own id leads to nobody.
#[test]
fn whom_the_erased_named_first_keep_their_ids() {
    let mut bench = Bench::begin(SHOP);
    for login in ["ana", "ben", "eva"] {
        bench.arrive(json!({ "type": "identify", "userId": login,
            "traits": { "email": "casa@example.com" } }));
    }
    let home = |bench: &Bench| holder(bench, IdentifierKind::Email, "casa@example.com").unwrap();
    let ana = holder(&bench, IdentifierKind::UserId, "ana").unwrap();
    let before = home(&bench);
    assert_eq!(before.origin().0, ana.origin().0, "one event named both");
    verified(&bench);
    bench.writer.erase(ana, bench.now).unwrap();
    assert_eq!(home(&bench), before);
    assert!(bench.writer.reader().person(ana).unwrap().is_none());
    verified(&bench);

    // Ben goes too: what is left is Eva's own, and every id leads to her.
    let ben = holder(&bench, IdentifierKind::UserId, "ben").unwrap();
    bench.writer.erase(ben, bench.now).unwrap();
    bench.arrive(json!({ "type": "identify", "userId": "eva",
        "traits": { "email": "casa@example.com" } }));
    let eva = holder(&bench, IdentifierKind::UserId, "eva").unwrap();
    let (_, found) = bench.writer.reader().person(before).unwrap().unwrap();
    assert_eq!((home(&bench), found.id()), (eva, eva));
    verified(&bench);

    // And when she goes, they lead to nobody.
    bench.writer.erase(eva, bench.now).unwrap();
    assert!(bench.writer.reader().person(before).unwrap().is_none());
    verified(&bench);
}
