//! What many questions of one step need alike: exit rules, waits and the guard ask of the same person, at the
//! same moment, what feeds still lack and how things were if a possible twin were the same person.

use std::cell::RefCell;
use std::rc::Rc;

use super::ask::Asked;
use super::world::Missing;
use crate::profile::Profile;
use crate::source::Facts;
use crate::time::Timestamp;

/// The person together with possible twins: with the one of this number, or with all of them.
pub(super) type Joined = Vec<(Option<usize>, Profile)>;

/// What was looked up for one person, kept for what is asked next. It changes no answer.
///
/// **Invariant:** everybody who asks with it asks about one person, whose profile changes by nothing but
/// further events, beside the same twins and the same feeds.
#[derive(Debug, Default)]
pub struct Memo {
    missing: RefCell<Vec<(Wanted, Rc<Missing>)>>,
    /// With how many events of the person's own.
    joined: RefCell<Option<(u64, Rc<Joined>)>>,
}

/// What feeds were asked for.
#[derive(Debug, PartialEq)]
struct Wanted {
    facts: Facts,
    complete_to: Timestamp,
    now: Timestamp,
    known_complete: bool,
}

impl Memo {
    /// What feeds lack of such facts; `look` finds it out the first time.
    pub(super) fn missing(
        asked: &Asked<'_>,
        facts: &Facts,
        look: impl FnOnce() -> Missing,
    ) -> Rc<Missing> {
        let Some(memo) = asked.memo else { return Rc::new(look()) };
        let Asked { complete_to, now, known_complete, .. } = *asked;
        let wanted = Wanted { facts: facts.clone(), complete_to, now, known_complete };
        if let Some((_, held)) = memo.missing.borrow().iter().find(|(held, _)| *held == wanted) {
            return Rc::clone(held);
        }
        let missing = Rc::new(look());
        memo.missing.borrow_mut().push((wanted, Rc::clone(&missing)));
        missing
    }

    /// The person together with possible twins; `join` joins them the first time.
    pub(super) fn joined(asked: &Asked<'_>, join: impl FnOnce() -> Joined) -> Rc<Joined> {
        let Some(memo) = asked.memo else { return Rc::new(join()) };
        let events = asked.profile.events;
        if let Some((held, joined)) = &*memo.joined.borrow()
            && *held == events
        {
            return Rc::clone(joined);
        }
        let joined = Rc::new(join());
        *memo.joined.borrow_mut() = Some((events, Rc::clone(&joined)));
        joined
    }
}
