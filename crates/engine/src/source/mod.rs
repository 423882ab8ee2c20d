//! Sources and their feeds: who tells us things, and up to when each has told us everything.

mod facts;
mod feed;
mod settings;
mod sources;

pub use facts::Facts;
pub use feed::{Completeness, Feed, FeedName, Silence, Words};
pub use settings::{FeedSettings, Habit, Rhythm, SourceSettings};
pub use sources::{Lacking, Sources};
