//! What journeys ask staff to see to.

use regulars_engine::commit::Commit;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Notice, NoticeDone};
use regulars_engine::time::Timestamp;
use regulars_store::{Erasure, NoticeFilter, Reader, Store};

use crate::backend::Backend;

fn notice(person: u64, text: &str, to: Option<&str>) -> Notice {
    Notice {
        id: 0,
        at: Timestamp(5),
        person: PersonId(person),
        journey: "service".to_owned(),
        step: "call".to_owned(),
        text: text.to_owned(),
        done: None,
        to: to.map(str::to_owned),
        mail_due: to.is_some(),
    }
}

pub(crate) fn a_notice_is_open_until_somebody_has_done_it_and_goes_with_its_person<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let notices = vec![
        notice(7, "call", Some("care@shop.example")),
        notice(8, "write", None),
        notice(7, "visit", None),
    ];
    store.commit(&Commit { notices, ..Commit::default() }).unwrap();
    let reader = store.reader().unwrap();
    let texts = |filter: NoticeFilter| {
        let found = reader.notices(&filter, 10).unwrap();
        found.into_iter().map(|notice| notice.text).collect::<Vec<_>>()
    };
    let open = NoticeFilter { open: Some(true), ..NoticeFilter::default() };
    let mail = NoticeFilter { mail_due: true, ..NoticeFilter::default() };
    assert_eq!(
        (texts(open), texts(mail)),
        (vec!["visit".into(), "write".into(), "call".into()], vec!["call".into()])
    );
    let call = reader.notices(&mail, 1).unwrap().remove(0);
    let done = Some(NoticeDone { at: Timestamp(9), by: "Eva".to_owned() });
    assert!(store.note(&Notice { done, mail_due: false, ..call.clone() }).unwrap());
    assert_eq!((reader.open_notices().unwrap(), texts(mail).len()), (2, 0));
    assert_eq!(reader.notice(call.id).unwrap().unwrap().done.unwrap().by, "Eva");
    let before = NoticeFilter { before: Some(call.id + 1), ..NoticeFilter::default() };
    assert_eq!(texts(before), ["call"]);
    store.erase(&Erasure { persons: vec![PersonId(7)], ..Erasure::default() }).unwrap();
    assert_eq!(texts(NoticeFilter::default()), ["write"]);
    assert!(!store.note(&call).unwrap(), "what was erased does not come back");
}
