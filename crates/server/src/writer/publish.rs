//! Publishing definitions: the program is checked whole, kept object by object, and swapped whole.

use std::sync::Arc;

use regulars_engine::definition::{
    Change, Mistake, ObjectKind, ObjectName, What, check, diff, older,
};
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::score::Model;
use regulars_engine::source::Sources;
use regulars_engine::time::Timestamp;
use regulars_store::{Definition, Published, Reader, Store, StoreError};

use super::{Writer, WriterError, stored_book};
use crate::live::{mistakes_of, template_mistakes};
use crate::segments::{lists, note_of_journeys};

/// The space of the store that keeps journeys which are no longer live, for the people inside.
const OLDER_JOURNEYS: &str = "older journeys";

/// The space of the store that names the objects which were made in the pages and stand in no file.
const MADE_HERE: &str = "made in pages";

/// A segment to be published by itself.
#[derive(Clone, Debug)]
pub struct SegmentChange {
    /// Its name.
    pub name: String,
    /// Its condition; `None`: it is taken away.
    pub when: Option<String>,
    /// The hash of what is in force as the asker knows it; `None`: there is none.
    pub expected: Option<u64>,
}

/// An object to be published by itself.
#[derive(Clone, Debug)]
pub struct ObjectChange {
    /// Which.
    pub object: ObjectName,
    /// Its definition; `None`: it is taken away.
    pub text: Option<String>,
    /// Definitions of others that come with it: those of which there are none yet.
    pub beside: String,
    /// The hash of what is in force as the asker knows it; `None`: there is none.
    pub expected: Option<u64>,
}

impl ObjectChange {
    /// The files that would be in force, or what was published in between.
    fn files(&self, force: &Program) -> Result<Vec<(String, String)>, PublishError> {
        let held = force.objects.get(&self.object).map(|held| held.version);
        if held != self.expected {
            return Err(PublishError::Stale(self.object.clone()));
        }
        let others = force.objects.iter().filter(|(name, _)| **name != self.object);
        let mut files: Vec<(String, String)> = others
            .enumerate()
            .map(|(number, (name, held))| file_of(number, name, &held.canonical))
            .collect();
        files.extend(self.text.clone().map(|text| (Self::FILE.to_owned(), text)));
        if !self.beside.is_empty() {
            files.push(("beside.yaml".to_owned(), self.beside.clone()));
        }
        Ok(files)
    }

    /// The file that mistakes of the object itself are told in.
    pub const FILE: &str = "changed.yaml";
}

/// A segment as a document of a file.
#[must_use]
pub fn segment_text(name: &str, when: &str) -> String {
    // JSON's quotes are YAML's.
    format!("segment: {}\nwhen: {}\n", serde_json::json!(name), serde_json::json!(when))
}

/// Whether an object was made in the pages, and stands in no file.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn made_here<R: Reader>(reader: &R, object: &ObjectName) -> Result<bool, StoreError> {
    Ok(reader.get(MADE_HERE, &stored_name(object))?.is_some())
}

/// The canonical form of a version of a journey that is no longer in force; `None`: it is not kept.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn older_form<R: Reader>(
    reader: &R,
    journey: &str,
    version: u64,
) -> Result<Option<String>, StoreError> {
    let form = reader.get(OLDER_JOURNEYS, &older_key(journey, version))?;
    Ok(form.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn older_key(journey: &str, version: u64) -> String {
    let object = ObjectName { kind: ObjectKind::Journey, name: journey.to_owned() };
    format!("{object}@{version:016x}")
}

/// Why definitions were not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// They hold mistakes; all of them are here.
    #[error("the definitions hold mistakes:\n{}", listed(.0))]
    Mistakes(Vec<Mistake>),
    /// Somebody else published in the meantime.
    #[error("{0} was changed by somebody else; look at the difference and publish again")]
    Stale(ObjectName),
    /// The store failed.
    #[error("could not keep the definitions")]
    Writer(#[from] WriterError),
    /// The store failed.
    #[error("could not keep the definitions")]
    Store(#[from] StoreError),
}

impl<S: Store> Writer<S> {
    /// What publishing these files would change. Files are names and texts.
    ///
    /// # Errors
    /// All mistakes at once.
    pub fn preview(
        &self,
        files: &[(String, String)],
    ) -> Result<(Program, Vec<Change>), PublishError> {
        would_change(&self.program, &with_own(&self.reader, &self.program, files)?)
    }

    /// Publishes definitions in place of those in force. What is not in the files goes away, but for
    /// what was made in the pages.
    ///
    /// # Errors
    /// If they hold mistakes, somebody else published meanwhile, or the store fails.
    pub fn publish(
        &mut self,
        files: &[(String, String)],
        now: Timestamp,
    ) -> Result<Vec<Change>, PublishError> {
        let (program, changes) = self.preview(files)?;
        self.put_in_force(program, &changes, now)?;
        self.hand_over(files)?;
        Ok(changes)
    }

    fn put_in_force(
        &mut self,
        mut program: Program,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<(), PublishError> {
        // First, so that nobody is left as under the former rules where this is interrupted.
        if program.identity != self.program.identity && self.reader.totals()?.persons > 0 {
            self.begin_walk()?;
        }
        for change in changes {
            self.publish_one(&program, change, now)?;
        }
        for journey in self.program.every_journey() {
            if program.journey(&journey.name, journey.version).is_none() {
                program.keep_older(journey.clone());
            }
        }
        let known = lists(&self.reader)?;
        note_of_journeys(&mut self.store, &known, &program, now)?;
        Ok(self.take_program(program, now)?)
    }

    /// Publishes one segment beside all that is in force, or takes it away.
    ///
    /// # Errors
    /// If it holds mistakes, somebody else changed it meanwhile, or the store fails.
    pub fn publish_segment(
        &mut self,
        change: &SegmentChange,
        now: Timestamp,
    ) -> Result<(), PublishError> {
        let object = ObjectName { kind: ObjectKind::Segment, name: change.name.trim().to_owned() };
        let text = change.when.as_ref().map(|when| segment_text(&object.name, when));
        let (beside, expected) = (String::new(), change.expected);
        self.publish_object(&ObjectChange { object, text, beside, expected }, now).map(drop)
    }

    /// Publishes one object beside all that is in force, or takes it away. Returns what changed.
    ///
    /// # Errors
    /// If it holds mistakes, somebody else changed it meanwhile, or the store fails.
    pub fn publish_object(
        &mut self,
        change: &ObjectChange,
        now: Timestamp,
    ) -> Result<Vec<Change>, PublishError> {
        let files = change.files(&self.program)?;
        let (program, changes) = would_change(&self.program, &files)?;
        self.put_in_force(program, &changes, now)?;
        for Change { object, what } in &changes {
            let stored = stored_name(object);
            match what {
                What::Removed => self.store.put(MADE_HERE, &stored, None)?,
                What::Added => self.store.put(MADE_HERE, &stored, Some(b"made here"))?,
                What::Changed(_) => {}
            }
        }
        Ok(changes)
    }

    /// What stands in a file from here on is managed by files.
    fn hand_over(&mut self, files: &[(String, String)]) -> Result<(), PublishError> {
        let own = self.reader.list(MADE_HERE)?;
        if own.is_empty() {
            return Ok(());
        }
        let Ok((program, _)) = check(files) else { return Ok(()) };
        for name in program.objects.keys().map(stored_name) {
            if own.iter().any(|(own, _)| *own == name) {
                self.store.put(MADE_HERE, &name, None)?;
            }
        }
        Ok(())
    }

    fn publish_one(
        &mut self,
        program: &Program,
        change: &Change,
        now: Timestamp,
    ) -> Result<(), PublishError> {
        let name = stored_name(&change.object);
        let held = self.program.objects.get(&change.object).cloned();
        let published = match (&change.what, held) {
            (What::Removed, Some(held)) => {
                self.keep_older(&change.object, &held.canonical)?;
                self.store.withdraw(&name, held.version)?
            }
            (What::Removed, None) => Published::Done,
            (What::Added | What::Changed(_), held) => {
                if let Some(held) = &held {
                    self.keep_older(&change.object, &held.canonical)?;
                }
                let object = &program.objects[&change.object];
                let definition = Definition {
                    name,
                    text: object.canonical.clone(),
                    hash: object.version,
                    published_at: now,
                };
                self.store.publish(&definition, held.map(|held| held.version))?
            }
        };
        match published {
            Published::Done => Ok(()),
            Published::Changed(_) => Err(PublishError::Stale(change.object.clone())),
        }
    }

    /// A journey that is replaced stays at hand for the people inside.
    fn keep_older(&mut self, object: &ObjectName, canonical: &str) -> Result<(), StoreError> {
        if object.kind == ObjectKind::Journey {
            let version = self.program.objects.get(object).map_or(0, |held| held.version);
            let key = older_key(&object.name, version);
            self.store.put(OLDER_JOURNEYS, &key, Some(canonical.as_bytes()))?;
        }
        Ok(())
    }

    fn take_program(&mut self, program: Program, now: Timestamp) -> Result<(), StoreError> {
        self.catalogue = Catalogue::new(program.catalogue.clone());
        for (code, id, at) in self.reader.codes()? {
            self.catalogue.learn(&code, &id, at);
        }
        self.sources.settings.clone_from(&program.sources);
        let mut program = self.reachable(program);
        // Definitions say nothing of scores: what was learned stays in force.
        program.scores = program.scores.or_else(|| self.program.scores.clone());
        self.wake_paced(&program)?;
        self.program = Arc::new(self.stand(program, now)?);
        self.note_aggregates()
    }

    /// Puts a model of scores in force; see [`crate::scores::keep`] for how it is kept.
    ///
    /// Segments that read scores are computed anew.
    ///
    /// # Errors
    /// If the store fails.
    pub fn take_scores(&mut self, model: Arc<Model>) -> Result<(), StoreError> {
        let mut program = Program::clone(&self.program);
        let now = model.fitted_at;
        program.scores = Some(model);
        self.program = Arc::new(self.stand(program, now)?);
        self.note_aggregates()
    }

    /// Works with a program that is not kept in the store: for dry runs and rebuilding.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn borrow_program(&mut self, program: Program) -> Result<(), WriterError> {
        Ok(self.take_program(program, Timestamp::EARLIEST)?)
    }
}

/// The program with one object changed, for a look before it is published.
///
/// # Errors
/// If it holds mistakes, or another version of it is in force than the asker knows.
pub(crate) fn with_change(force: &Program, change: &ObjectChange) -> Result<Program, PublishError> {
    let (program, _) = would_change(force, &change.files(force)?)?;
    Ok(program)
}

/// The definitions in force with one object as somebody is writing it; only what is wrong with it, or
/// with what uses it, is told.
///
/// # Errors
/// All mistakes at once.
pub(crate) fn with_draft(
    force: &Program,
    object: &ObjectName,
    text: &str,
) -> Result<Program, Vec<Mistake>> {
    let expected = force.objects.get(object).map(|held| held.version);
    let (object, text) = (object.clone(), Some(text.to_owned()));
    let change = ObjectChange { object, text, beside: String::new(), expected };
    // The version in force is the one that was just looked up.
    let files = change.files(force).unwrap_or_default();
    let (program, _) = check(&files)?;
    let only = (change.object.kind == ObjectKind::Template).then_some(change.object.name.as_str());
    let mistakes = mistakes_of(&program, &files, only);
    if mistakes.is_empty() { Ok(program) } else { Err(mistakes) }
}

/// What putting these files in the place of a program would change.
///
/// # Errors
/// All mistakes at once.
pub fn would_change(
    force: &Program,
    files: &[(String, String)],
) -> Result<(Program, Vec<Change>), PublishError> {
    let (program, _) = check(files).map_err(PublishError::Mistakes)?;
    let mistakes = template_mistakes(&program, files);
    if !mistakes.is_empty() {
        return Err(PublishError::Mistakes(mistakes));
    }
    let changes = diff(force, &program);
    Ok((program, changes))
}

/// The files with what was made in the pages and is in none of them: files do not take that away.
///
/// # Errors
/// If the store cannot be read.
pub fn with_own<R: Reader>(
    reader: &R,
    force: &Program,
    files: &[(String, String)],
) -> Result<Vec<(String, String)>, StoreError> {
    let mut all = files.to_vec();
    let own = reader.list(MADE_HERE)?;
    if own.is_empty() {
        return Ok(all);
    }
    // Mistakes are told by the check of all of them.
    let Ok((program, _)) = check(files) else { return Ok(all) };
    for (name, object) in &force.objects {
        let stored = stored_name(name);
        let here = own.iter().any(|(own, _)| *own == stored);
        if here && !program.objects.contains_key(name) {
            all.push(file_of(all.len(), name, &object.canonical));
        }
    }
    Ok(all)
}

/// The program that is published in a store.
///
/// # Errors
/// If the store cannot be read, or holds definitions that this version does not understand.
pub fn stored_program<R: Reader>(reader: &R) -> Result<Program, StoreError> {
    let files: Vec<(String, String)> = reader
        .definitions()?
        .into_iter()
        .enumerate()
        .map(|(number, definition)| {
            let list = definition.name.starts_with("product/");
            let text =
                if list { format!("products:\n{}", definition.text) } else { definition.text };
            (format!("{number}.yaml"), text)
        })
        .collect();
    let (mut program, _) = check(&files).map_err(|mistakes| StoreError::Damaged {
        what: mistakes.first().map_or_else(String::new, |mistake| {
            format!("a published definition is not understood ({mistake})")
        }),
    })?;
    for (_, canonical) in reader.list(OLDER_JOURNEYS)? {
        if let Some(journey) = older(&String::from_utf8_lossy(&canonical)) {
            program.keep_older(journey);
        }
    }
    program.standing = stored_book(reader)?.stand(&program);
    program.scores = crate::scores::stored(reader)?.map(|(_, model)| Arc::new(model));
    Ok(program)
}

fn listed(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a batch of work needs beside the program: products, declared and learned, and what every
/// feed sent.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn surroundings<R: Reader>(
    reader: &R,
    program: &Program,
) -> Result<(Catalogue, Sources), StoreError> {
    let mut catalogue = Catalogue::new(program.catalogue.clone());
    for (code, id, at) in reader.codes()? {
        catalogue.learn(&code, &id, at);
    }
    let feeds = reader.feeds()?.into_iter().collect();
    Ok((catalogue, Sources { settings: program.sources.clone(), feeds }))
}

/// An object's canonical form as a file.
fn file_of(number: usize, name: &ObjectName, canonical: &str) -> (String, String) {
    let list = name.kind == ObjectKind::Product;
    let text = if list { format!("products:\n{canonical}") } else { canonical.to_owned() };
    (format!("in-force-{number}.yaml"), text)
}

fn stored_name(object: &ObjectName) -> String {
    format!("{}/{}", object.kind.word(), object.name)
}
