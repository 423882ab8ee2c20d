//! One file: from its bytes to batches, and from batches to the writer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use regulars_engine::commit::Quarantined;
use regulars_engine::event::{Event, Kind, Mode};
use regulars_engine::program::Program;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_ingest::table::{Mapping, Table, TableError};
use regulars_ingest::{Received, Rejection, limits, ndjson};
use regulars_store::Store;

use super::Tally;
use crate::http::quarantined;
use crate::writer::{Receipt, Writer, WriterError};

/// Events in one commit: many, so that the wait for the disk is shared.
const EVENTS_AT_ONCE: usize = 1_000;
/// Lines of documents in one commit at the most: receipts of a wholesaler have hundreds.
const LINES_AT_ONCE: usize = 20_000;
/// Batches that wait for the writer: enough that neither thread waits for the other's slow moments.
const BATCHES_AHEAD: usize = 4;

/// Why an import ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("could not read the file")]
    Read(#[source] std::io::Error),
    /// The file is no table of this mapping.
    #[error("the file does not fit its mapping")]
    Table(#[from] TableError),
    /// A table needs to know whose it is.
    #[error("the file's source is not known; name it with --source, or in the mapping")]
    NoSource,
    /// The writer failed; what was counted before is durable.
    #[error("could not write a batch; what was written before it stays, import the file again")]
    Writer(#[from] WriterError),
}

/// What is known of a file beside its bytes.
#[derive(Clone, Debug)]
pub struct Import {
    /// The source of lines that name none.
    pub source: Option<String>,
    /// The feed of rows that name none.
    pub feed: Option<String>,
    /// How a table is to be read; without it the file holds one event a line.
    pub mapping: Option<Mapping>,
    /// Whether the events may start something.
    pub mode: Mode,
    /// When lines that do not say so were received.
    pub received_at: Timestamp,
    /// Up to when the file tells everything, if somebody says so.
    pub complete_through: Option<Timestamp>,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// What became of its events.
    pub receipt: Receipt,
    /// What stood in it.
    pub tally: Tally,
    /// The first lines that were not understood: line, what, cure.
    pub mistakes: Vec<(Option<u64>, String)>,
}

/// So many lines that were not understood are told one by one.
const MISTAKES_MAX: usize = 20;

/// How far an import is: of what, and of how many. 0 of 0: not known.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// What goes from the reading thread to the writing one.
#[derive(Default)]
struct Batch {
    events: Vec<Event>,
    rejections: Vec<Rejection>,
    lines: usize,
    done: u64,
    whole: u64,
}

impl Batch {
    fn full(&self) -> bool {
        self.events.len() + self.rejections.len() >= EVENTS_AT_ONCE || self.lines >= LINES_AT_ONCE
    }

    fn take(&mut self, outcome: Result<Event, Rejection>) {
        match outcome {
            Ok(event) => {
                self.lines += event.lines.len();
                self.events.push(event);
            }
            Err(rejection) => self.rejections.push(rejection),
        }
    }
}

impl Import {
    /// Imports one file. `bytes` is how long it is, 0 if nobody knows.
    ///
    /// # Errors
    /// [`ImportError`]; what was written before stays, and importing again skips it.
    pub fn run<S: Store>(
        &self,
        writer: &mut Writer<S>,
        file: impl Read + Send,
        bytes: u64,
        now: Timestamp,
        progress: Progress<'_>,
    ) -> Result<Imported, ImportError> {
        let program = Arc::clone(writer.program());
        let mut write = |events, rejected| writer.accept(events, rejected, now);
        self.read(&program, file, bytes, &mut write, progress)
    }

    /// Reads one file without writing anything: what would be accepted, as far as the file alone
    /// tells. Repeats of what is in the log count as accepted.
    ///
    /// # Errors
    /// [`ImportError`], but for those of the writer.
    pub fn rehearse(
        &self,
        program: &Program,
        file: impl Read + Send,
        bytes: u64,
        progress: Progress<'_>,
    ) -> Result<Imported, ImportError> {
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut count = |events: Vec<Event>, rejected: Vec<Quarantined>| {
            let quarantined = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
            let mut receipt = Receipt { quarantined, ..Receipt::default() };
            for event in events {
                match seen.insert((event.source, event.message_id)) {
                    true => receipt.accepted += 1,
                    false => receipt.duplicates += 1,
                }
            }
            Ok(receipt)
        };
        self.read(program, file, bytes, &mut count, progress)
    }

    fn read(
        &self,
        program: &Program,
        file: impl Read + Send,
        bytes: u64,
        write: &mut dyn FnMut(Vec<Event>, Vec<Quarantined>) -> Result<Receipt, WriterError>,
        progress: Progress<'_>,
    ) -> Result<Imported, ImportError> {
        let mut imported = Imported::default();
        let mut feeds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        std::thread::scope(|scope| {
            let (batches, inbox) = sync_channel(BATCHES_AHEAD);
            let reading = scope.spawn(|| self.parse(program, file, bytes, batches));
            let written = take_all(&inbox, |batch: Batch| {
                progress(batch.done, batch.whole);
                for event in &batch.events {
                    imported.tally.add(event);
                    let of = feeds.entry(event.source.clone()).or_default();
                    if !of.contains(&event.feed) {
                        of.insert(event.feed.clone());
                    }
                }
                imported.note(&batch.rejections);
                let rejected =
                    batch.rejections.iter().map(|rejection| self.quarantined(rejection)).collect();
                imported.receipt.add(write(batch.events, rejected)?);
                Ok::<_, WriterError>(())
            });
            // A writer that failed has closed the inbox, which ends the reader.
            drop(inbox);
            let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            written?;
            read
        })?;
        if let Some(through) = self.complete_through {
            let words = self.words(&feeds, through);
            imported.receipt.add(write(words, Vec::new())?);
        }
        Ok(imported)
    }

    /// Reads the file and sends it on batch by batch.
    fn parse(
        &self,
        program: &Program,
        file: impl Read,
        bytes: u64,
        batches: SyncSender<Batch>,
    ) -> Result<(), ImportError> {
        match &self.mapping {
            Some(mapping) => self.parse_table(program, mapping, file, batches),
            None => self.parse_lines(program, file, bytes, &batches),
        }
    }

    fn parse_table(
        &self,
        program: &Program,
        mapping: &Mapping,
        file: impl Read,
        batches: SyncSender<Batch>,
    ) -> Result<(), ImportError> {
        let mut whole = Vec::new();
        let most = u64::try_from(limits::TABLE_BYTES_MAX).unwrap_or(u64::MAX);
        file.take(most + 1).read_to_end(&mut whole).map_err(ImportError::Read)?;
        let name = self.source.as_deref().or(mapping.source()).ok_or(ImportError::NoSource)?;
        let source = program.source(name);
        let received = Received {
            source: &source,
            rules: &program.identity,
            received_at: self.received_at,
            mode: self.mode,
            feed: self.feed.as_deref(),
        };
        let mut table = Table::open(&whole, mapping, &received)?;
        let documents = u64::try_from(table.documents()).unwrap_or(u64::MAX);
        let mut batch = Batch::default();
        let mut done = 0;
        for outcome in table.by_ref() {
            done += u64::from(outcome.is_ok());
            batch.take(outcome);
            if batch.full() {
                (batch.done, batch.whole) = (done.min(documents), documents);
                if batches.send(std::mem::take(&mut batch)).is_err() {
                    return Ok(());
                }
            }
        }
        (batch.done, batch.whole) = (documents, documents);
        // If the writer has failed it says so itself.
        let _ = batches.send(batch);
        Ok(())
    }

    fn parse_lines(
        &self,
        program: &Program,
        file: impl Read,
        bytes: u64,
        batches: &SyncSender<Batch>,
    ) -> Result<(), ImportError> {
        let mut known: BTreeMap<String, Arc<SourceSettings>> = BTreeMap::new();
        for name in program.sources.keys() {
            known.insert(name.clone(), Arc::new(program.source(name).into_owned()));
        }
        let settings_of = |name: &str| match known.get(name) {
            Some(settings) => Arc::clone(settings),
            None => Arc::new(program.source(name).into_owned()),
        };
        let facts = ndjson::File {
            settings_of: &settings_of,
            rules: &program.identity,
            source: self.source.as_deref(),
            received_at: self.received_at,
            mode: self.mode,
        };
        let mut file = BufReader::with_capacity(1 << 20, file);
        let mut batch = Batch::default();
        let (mut line, mut number, mut done) = (Vec::new(), 0, 0);
        loop {
            line.clear();
            let read = read_line(&mut file, &mut line).map_err(ImportError::Read)?;
            if read == 0 {
                break;
            }
            number += 1;
            done += read;
            let text = if number == 1 { without_mark(&line) } else { &line };
            if let Some(outcome) = ndjson::parse_line(text, number, &facts) {
                batch.take(outcome.map(|event| self.with_feed(event)));
            }
            if batch.full() {
                (batch.done, batch.whole) = (done, bytes);
                if batches.send(std::mem::take(&mut batch)).is_err() {
                    return Ok(());
                }
            }
        }
        (batch.done, batch.whole) = (done, bytes);
        // If the writer has failed it says so itself.
        let _ = batches.send(batch);
        Ok(())
    }

    fn with_feed(&self, mut event: Event) -> Event {
        if let Some(feed) = &self.feed
            && event.feed.is_empty()
        {
            event.feed.clone_from(feed);
        }
        event
    }

    fn quarantined(&self, rejection: &Rejection) -> Quarantined {
        let mapped = self.mapping.as_ref().and_then(Mapping::source);
        let source = self.source.as_deref().or(mapped).unwrap_or("import");
        quarantined(rejection, source, self.feed.as_deref().unwrap_or_default())
    }

    /// The word of every feed of the file, that it has told everything up to a moment.
    fn words(&self, feeds: &BTreeMap<String, BTreeSet<String>>, through: Timestamp) -> Vec<Event> {
        let through = through.min(self.received_at);
        let spoken = feeds.iter().flat_map(|(source, feeds)| {
            feeds.iter().map(|feed| feed_word(source, feed, through, self.received_at))
        });
        let mut words: Vec<Event> = spoken.collect();
        if let (true, Some(source)) = (words.is_empty(), &self.source) {
            let feed = self.feed.as_deref().unwrap_or_default();
            words.push(feed_word(source, feed, through, self.received_at));
        }
        words
    }
}

impl Imported {
    fn note(&mut self, rejections: &[Rejection]) {
        let room = MISTAKES_MAX - self.mistakes.len();
        self.mistakes.extend(rejections.iter().take(room).map(|rejection| {
            let text = format!("{} ({})", rejection.reason, rejection.reason.cure());
            (rejection.line, text)
        }));
    }
}

/// Takes everything that is sent, until the sender is done or `take` fails.
fn take_all<E>(
    inbox: &Receiver<Batch>,
    mut take: impl FnMut(Batch) -> Result<(), E>,
) -> Result<(), E> {
    inbox.iter().try_for_each(&mut take)
}

/// A line with its break, cut where it is too long to be an event: the rest is read and left out,
/// so that a file without line breaks does not fill the memory. Returns the bytes it took.
fn read_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<u64> {
    let mut taken = 0;
    loop {
        let ahead = match file.fill_buf() {
            Ok(ahead) => ahead,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = ahead.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
        let length = end.unwrap_or(ahead.len());
        let room = (limits::EVENT_BYTES_MAX + 2).saturating_sub(line.len());
        line.extend_from_slice(&ahead[..length.min(room)]);
        file.consume(length);
        taken += u64::try_from(length).unwrap_or(u64::MAX);
        if end.is_some() || length == 0 {
            return Ok(taken);
        }
    }
}

/// The line without the mark that some programs put at the beginning of a file.
fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
}

/// A watermark: the feed has told everything that happened up to a moment.
fn feed_word(source: &str, feed: &str, through: Timestamp, received_at: Timestamp) -> Event {
    Event {
        feed: feed.to_owned(),
        content: through.0.unsigned_abs(),
        complete_through: Some(through),
        ..Event::bare(
            source,
            format!("{}-{feed}-{}", Kind::Watermark.name(), through.0),
            Kind::Watermark,
            received_at,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_end_does_not_fill_the_memory() {
        let long = vec![b'x'; 3 << 20];
        let mut file = BufReader::new(&long[..]);
        let mut line = Vec::new();
        assert_eq!(read_line(&mut file, &mut line).unwrap(), 3 << 20);
        assert_eq!(line.len(), limits::EVENT_BYTES_MAX + 2);
    }

    #[test]
    fn lines_are_read_with_their_breaks_and_the_last_without() {
        let mut file = BufReader::with_capacity(3, &b"first\nlast"[..]);
        let mut line = Vec::new();
        assert_eq!(read_line(&mut file, &mut line).unwrap(), 6);
        assert_eq!(line, b"first\n");
        line.clear();
        assert_eq!(read_line(&mut file, &mut line).unwrap(), 4);
        assert_eq!(read_line(&mut file, &mut line).unwrap(), 0);
    }
}
