//! What one way through the log tells of many people: the entries of aggregates that no profile keeps
//! yet, packed, by what the events hang on.

use minicbor::{Decoder, Encoder};

use super::Stamp;
use super::standing::{Entry, Standing, entry};
use crate::condition::Aggregates;
use crate::event::Event;
use crate::identity::IdentifierKey;

/// Entries of aggregates by the anchors of their events. Some 50 bytes an entry without values.
///
/// Filled in any order, then [`Figures::settle`]d, then asked.
#[derive(Debug, Default)]
pub struct Figures {
    /// Key and entry of each, one after the other.
    bytes: Vec<u8>,
    /// Where each begins. Invariant: by anchor, once settled.
    places: Vec<(IdentifierKey, usize)>,
}

impl Figures {
    /// The bytes that an entry without values takes, and its place.
    pub const ENTRY_BYTES: u64 = 50;

    /// Takes in an event that hangs on `anchor`.
    ///
    /// # Panics
    /// Never: writing into memory does not fail.
    pub fn take(&mut self, anchor: IdentifierKey, event: &Event, needed: &Aggregates) {
        for (key, aggregate) in needed.about(&event.kind) {
            let Some(entry) = entry(event, Stamp::of(event), aggregate) else { continue };
            self.places.push((anchor, self.bytes.len()));
            let written =
                Encoder::new(&mut self.bytes).u64(key).and_then(|e| e.encode(&entry).map(drop));
            written.expect("writing into memory does not fail");
        }
    }

    /// Orders what was taken in, and gives back the memory that nothing came into.
    pub fn settle(&mut self) {
        self.places.sort_unstable();
        self.places.shrink_to_fit();
        self.bytes.shrink_to_fit();
    }

    /// Adds what hangs on `anchor` to aggregates that were begun.
    ///
    /// # Panics
    /// Never: the bytes are those that were written.
    pub fn tell(&self, anchor: IdentifierKey, into: &mut Standing) {
        let from = self.places.partition_point(|(held, _)| *held < anchor);
        for (_, place) in self.places[from..].iter().take_while(|(held, _)| *held == anchor) {
            let mut decoder = Decoder::new(&self.bytes[*place..]);
            let read = decoder.u64().and_then(|key| Ok((key, decoder.decode::<Entry>()?)));
            let (key, entry) = read.expect("the bytes are those that were written");
            into.insert(key, entry);
        }
    }
}
