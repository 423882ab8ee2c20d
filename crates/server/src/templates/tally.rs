//! What became of the messages of each template in the last weeks, folded from the log.
//!
//! It is kept in memory and catches up in slices, so that no page waits for a long log. A message is
//! opened, clicked or complained of once, however often its provider says so; what a machine fetched
//! is no opening.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use regulars_engine::event::{Event, Kind, LogPosition, Value};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, StoreError};

use crate::live::slice_after;

/// How many days back messages are counted.
pub const DAYS: i64 = 30;
/// The most messages kept at once, about 60 bytes each; beyond it the earliest are left out.
const MESSAGES_MAX: usize = 500_000;

/// What became of the messages of a template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Sent, as far as is known.
    pub sent: u64,
    /// Opened by somebody; what machines fetched is not in it.
    pub opened: u64,
    /// A link of them was followed.
    pub clicked: u64,
    /// Came back.
    pub bounced: u64,
    /// Were complained of.
    pub complaints: u64,
}

/// The fold.
#[derive(Debug, Default)]
pub struct Tally {
    /// The next event to read; `None`: nothing was read yet.
    next: Option<LogPosition>,
    /// Messages by the id that they have in the log, ascending.
    messages: BTreeMap<u64, Held>,
    /// Numbers of templates.
    templates: HashMap<String, u32>,
}

/// One message.
#[derive(Clone, Copy, Debug)]
struct Held {
    template: u32,
    claimed_at: Timestamp,
    opened: bool,
    clicked: bool,
    bounced: bool,
    complained: bool,
}

impl Tally {
    /// The tally that requests share. Whoever failed with it in hand left it whole: slices are noted
    /// after they are read.
    pub fn lock(shared: &Mutex<Self>) -> MutexGuard<'_, Self> {
        shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads one slice of the log. Returns whether it has caught up.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn catch_up<R: Reader>(&mut self, reader: &R, now: Timestamp) -> Result<bool, StoreError> {
        let since = now.plus(-DAYS * DAY);
        let (entries, next, caught_up) = slice_after(reader, self.next, since)?;
        for entry in &entries {
            if !entry.erased {
                self.fold(&entry.logged.event);
            }
        }
        self.next = Some(next);
        self.messages.retain(|_, held| held.claimed_at >= since);
        while self.messages.len() > MESSAGES_MAX {
            self.messages.pop_first();
        }
        Ok(caught_up)
    }

    fn fold(&mut self, event: &Event) {
        let Some(reference) = &event.reference else { return };
        // Providers are told a longer id: the message's own, and which shop sent it.
        let id = reference.id.split('.').next().unwrap_or_default();
        let id = id.strip_prefix("message-").unwrap_or(id);
        let Ok(id) = id.parse::<u64>() else { return };
        #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds tell of a message")]
        match event.kind {
            Kind::MessageSent => self.note_sent(id, event),
            Kind::MessageTakenBack => {
                self.messages.remove(&id);
            }
            Kind::EmailOpened => self.note(id, |held| held.opened = true),
            // Whoever clicked has seen it, with pictures or without.
            Kind::EmailLinkClicked | Kind::PushClicked => self.note(id, |held| {
                held.clicked = true;
                held.opened = true;
            }),
            Kind::EmailBounced | Kind::SmsBounced => self.note(id, |held| held.bounced = true),
            Kind::EmailMarkedAsSpam => self.note(id, |held| held.complained = true),
            _ => {}
        }
    }

    fn note_sent(&mut self, id: u64, event: &Event) {
        let Some(name) = event.properties.get("template").and_then(Value::as_text) else { return };
        let next = u32::try_from(self.templates.len()).unwrap_or(u32::MAX);
        let template = *self.templates.entry(name.to_owned()).or_insert(next);
        let claimed_at = event.received_at;
        let held = Held {
            template,
            claimed_at,
            opened: false,
            clicked: false,
            bounced: false,
            complained: false,
        };
        self.messages.insert(id, held);
    }

    fn note(&mut self, id: u64, change: impl FnOnce(&mut Held)) {
        if let Some(held) = self.messages.get_mut(&id) {
            change(held);
        }
    }

    /// What became of the messages of the last [`DAYS`], by template. Cost: linear in them.
    #[must_use]
    pub fn by_template(&self) -> BTreeMap<&str, Sent> {
        let mut by_number: HashMap<u32, Sent> = HashMap::new();
        for held in self.messages.values() {
            let sent = by_number.entry(held.template).or_default();
            sent.sent += 1;
            sent.opened += u64::from(held.opened);
            sent.clicked += u64::from(held.clicked);
            sent.bounced += u64::from(held.bounced);
            sent.complaints += u64::from(held.complained);
        }
        let named = self.templates.iter();
        named.filter_map(|(name, number)| Some((name.as_str(), *by_number.get(number)?))).collect()
    }
}
