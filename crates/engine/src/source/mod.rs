//! Sources and their feeds: who tells us things, and up to when each has told us everything.

mod feed;
mod settings;

pub use feed::{Completeness, Feed, FeedName, Lacking, Sources};
pub use settings::{Rhythm, SourceSettings};
