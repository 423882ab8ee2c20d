//! How drafts are kept: one small row that says where a draft stands, and a row for every text.

use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::writer::Writer;

/// What a draft is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// A journey: its text is its definition.
    Journey,
    /// A template: its text is that of [`crate::templates::TemplateSketch`].
    Template,
}

impl Of {
    const ALL: [Self; 2] = [Self::Journey, Self::Template];

    /// The space of the store for where drafts stand.
    const fn drafts(self) -> &'static str {
        match self {
            Self::Journey => "journey drafts",
            Self::Template => "template drafts",
        }
    }

    /// The space of the store for their texts.
    const fn texts(self) -> &'static str {
        match self {
            Self::Journey => "journey draft texts",
            Self::Template => "template draft texts",
        }
    }
}

/// So many edits can be undone: an afternoon's.
const UNDONE_MAX: usize = 100;
/// So many texts are kept aside; the oldest goes first.
const ASIDE_MAX: usize = 5;

/// Where a draft stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is of.
    pub of: Of,
    /// The name of the journey or template.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// The version it began from; `None`: there was none.
    pub base: Option<u64>,
    /// Documents that come with it, such as the templates of an example; empty: none.
    pub beside: String,
    /// When it was changed last, in milliseconds since 1970.
    pub changed_at: i64,
    /// Texts that came too late, the oldest first.
    pub aside: Vec<Aside>,
    /// The revisions that can be gone through, the oldest first.
    trail: Vec<u64>,
    /// Where in them it stands.
    place: usize,
    /// The number of the next revision: none is ever given twice.
    next: u64,
}

/// A text that came too late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// Its revision.
    pub revision: u64,
    /// When it came, in milliseconds since 1970.
    pub at: i64,
}

/// What a draft begins with.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it is of.
    pub of: Of,
    /// The name of the journey or template.
    pub name: String,
    /// Whose it is.
    pub user: String,
    /// The version in force, if there is one.
    pub base: Option<u64>,
    /// The text before the first edit.
    pub text: String,
    /// Documents that come with it.
    pub beside: String,
}

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Kept,
    /// The draft is at another revision than the edit was made on; nothing was changed.
    Stale,
}

impl Draft {
    /// The revision it stands at.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.trail.get(self.place).copied().unwrap_or(0)
    }

    /// Whether there is anything to undo, and anything to do again.
    #[must_use]
    pub fn turns(&self) -> (bool, bool) {
        (self.place > 0, self.place + 1 < self.trail.len())
    }

    /// The text it stands at.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn text<R: Reader>(&self, reader: &R) -> Result<String, StoreError> {
        Ok(self.text_at(reader, self.revision())?.unwrap_or_default())
    }

    /// The text of a revision; `None`: it is not kept any more.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn text_at<R: Reader>(
        &self,
        reader: &R,
        revision: u64,
    ) -> Result<Option<String>, StoreError> {
        let bytes = reader.get(self.of.texts(), &self.text_key(revision))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn text_key(&self, revision: u64) -> String {
        text_key(&self.name, &self.user, revision)
    }

    /// Keeps a text under a number of its own, before anything leads to it.
    fn put<S: Store>(&mut self, store: &mut S, text: &str) -> Result<u64, StoreError> {
        let revision = self.next;
        self.next += 1;
        store.put(self.of.texts(), &self.text_key(revision), Some(text.as_bytes()))?;
        Ok(revision)
    }

    fn keep<S: Store>(&self, store: &mut S) -> Result<(), StoreError> {
        let kept = serde_json::to_vec(self).expect("a draft is JSON");
        store.put(self.of.drafts(), &key(&self.name, &self.user), Some(&kept))
    }

    fn forget<S: Store>(&self, store: &mut S, revisions: &[u64]) -> Result<(), StoreError> {
        revisions.iter().try_for_each(|one| store.put(self.of.texts(), &self.text_key(*one), None))
    }
}

/// Names may hold anything; JSON keeps them apart.
fn key(name: &str, user: &str) -> String {
    serde_json::json!([name, user]).to_string()
}

fn text_key(name: &str, user: &str, revision: u64) -> String {
    serde_json::json!([name, user, revision]).to_string()
}

fn read(bytes: &[u8]) -> Result<Draft, StoreError> {
    serde_json::from_slice(bytes).map_err(|_| StoreError::Damaged { what: "a draft".to_owned() })
}

/// A user's draft of a journey or template, by name.
///
/// # Errors
/// If the store cannot be read.
pub fn find<R: Reader>(
    reader: &R,
    (of, name): (Of, &str),
    user: &str,
) -> Result<Option<Draft>, StoreError> {
    reader.get(of.drafts(), &key(name, user))?.as_deref().map(read).transpose()
}

/// All drafts of journeys, or of templates, by name and user.
///
/// # Errors
/// If the store cannot be read.
pub fn all<R: Reader>(reader: &R, of: Of) -> Result<Vec<Draft>, StoreError> {
    reader.list(of.drafts())?.iter().map(|(_, bytes)| read(bytes)).collect()
}

/// Keeps the text after an edit that was made on revision `made_on`; 0: no draft was there, and one
/// begins with `start`. What had been undone cannot be done again from here on.
///
/// # Errors
/// If the store fails.
pub fn write<S: Store>(
    writer: &mut Writer<S>,
    (start, made_on): (&Start, u64),
    text: &str,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let held = find(writer.reader(), (start.of, &start.name), &start.user)?;
    if held.as_ref().map_or(0, Draft::revision) != made_on {
        return Ok(Kept::Stale);
    }
    let store = writer.store();
    let mut draft = match held {
        Some(draft) => draft,
        None => begin(store, start, now)?,
    };
    let undone = draft.trail.split_off(draft.place + 1);
    let revision = draft.put(store, text)?;
    draft.trail.push(revision);
    let old = draft.trail.len().saturating_sub(UNDONE_MAX + 1);
    let old: Vec<u64> = draft.trail.drain(..old).collect();
    draft.place = draft.trail.len() - 1;
    draft.changed_at = now.0;
    draft.keep(store)?;
    draft.forget(store, &undone)?;
    draft.forget(store, &old)?;
    Ok(Kept::Kept)
}

/// Begins a draft; whatever the user had drafted of that name is written over.
///
/// # Errors
/// If the store fails.
pub fn begin<S: Store>(store: &mut S, start: &Start, now: Timestamp) -> Result<Draft, StoreError> {
    let Start { of, name, user, base, text, beside } = start.clone();
    let (trail, aside) = (Vec::new(), Vec::new());
    let mut draft =
        Draft { of, name, user, base, beside, changed_at: now.0, aside, trail, place: 0, next: 1 };
    let first = draft.put(store, &text)?;
    draft.trail.push(first);
    draft.keep(store)?;
    Ok(draft)
}

/// Begins a draft, unless the user has one of that name; whether it did.
///
/// # Errors
/// If the store fails.
pub fn begin_new<S: Store>(
    writer: &mut Writer<S>,
    start: &Start,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if find(writer.reader(), (start.of, &start.name), &start.user)?.is_some() {
        return Ok(false);
    }
    begin(writer.store(), start, now).map(|_| true)
}

/// Undoes an edit, or does it again.
///
/// # Errors
/// If the store fails.
pub fn turn<S: Store>(
    store: &mut S,
    mut draft: Draft,
    back: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (undo, redo) = draft.turns();
    match (back, undo, redo) {
        (true, true, _) => draft.place -= 1,
        (false, _, true) => draft.place += 1,
        (true, false, _) | (false, _, false) => return Ok(()),
    }
    draft.changed_at = now.0;
    draft.keep(store)
}

/// Keeps a text aside that came too late. Where the draft was taken away meanwhile, one begins anew
/// with `start`.
///
/// # Errors
/// If the store fails.
pub fn set_aside<S: Store>(
    writer: &mut Writer<S>,
    start: &Start,
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let held = find(writer.reader(), (start.of, &start.name), &start.user)?;
    let store = writer.store();
    let mut draft = match held {
        Some(draft) => draft,
        None => begin(store, start, now)?,
    };
    let revision = draft.put(store, text)?;
    draft.aside.push(Aside { revision, at: now.0 });
    let old = draft.aside.len().saturating_sub(ASIDE_MAX);
    let old: Vec<u64> = draft.aside.drain(..old).map(|aside| aside.revision).collect();
    draft.keep(store)?;
    draft.forget(store, &old)
}

/// Keeps a text aside no longer.
///
/// # Errors
/// If the store fails.
pub fn drop_aside<S: Store>(
    store: &mut S,
    mut draft: Draft,
    revision: u64,
) -> Result<(), StoreError> {
    let Some(at) = draft.aside.iter().position(|aside| aside.revision == revision) else {
        return Ok(());
    };
    draft.aside.remove(at);
    draft.keep(store)?;
    draft.forget(store, &[revision])
}

/// Lets a draft begin from the version in force, whatever it began from: whoever says so has seen
/// what changed in between.
///
/// # Errors
/// If the store fails.
pub fn rebase<S: Store>(
    store: &mut S,
    mut draft: Draft,
    base: Option<u64>,
) -> Result<(), StoreError> {
    draft.base = base;
    draft.keep(store)
}

/// Takes a draft away, with all its texts.
///
/// # Errors
/// If the store fails.
pub fn discard<S: Store>(store: &mut S, draft: &Draft) -> Result<(), StoreError> {
    store.put(draft.of.drafts(), &key(&draft.name, &draft.user), None)?;
    let aside: Vec<u64> = draft.aside.iter().map(|aside| aside.revision).collect();
    draft.forget(store, &aside)?;
    draft.forget(store, &draft.trail)
}

/// Identifiers shorter than this are parts of words.
const REDACTED_MIN: usize = 5;

/// Takes the identifiers of somebody who is erased out of all drafts; the drafts stay.
///
/// # Errors
/// If the store fails.
pub(crate) fn redact<S: Store>(
    store: &mut S,
    reader: &impl Reader,
    identifiers: &[&str],
) -> Result<(), StoreError> {
    let long: Vec<&str> =
        identifiers.iter().copied().filter(|value| value.len() >= REDACTED_MIN).collect();
    for of in Of::ALL {
        for (key, bytes) in reader.list(of.texts())? {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let clean = long.iter().fold(text.clone(), |text, value| without(&text, value));
            if clean != text {
                store.put(of.texts(), &key, Some(clean.as_bytes()))?;
            }
        }
    }
    Ok(())
}

/// A text with a value replaced wherever it stands, in whatever case it was typed.
fn without(text: &str, value: &str) -> String {
    let (low, wanted) = (text.to_ascii_lowercase(), value.to_ascii_lowercase());
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in low.match_indices(&wanted) {
        clean.push_str(&text[from..at]);
        clean.push_str("erased");
        from = at + found.len();
    }
    clean + &text[from..]
}
