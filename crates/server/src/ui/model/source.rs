//! Sources, their feeds, and how complete they are.

use super::{QuarantineFilter, Tone};

/// The table of sources.
#[derive(Debug, Clone, Default)]
pub struct SourcesModel {
    /// The sources, those with trouble first.
    pub sources: Vec<SourceRow>,
}

worded! {
    /// What a source is.
    SourceKind, "source-kind" {
        /// A web shop or site.
        Web => "web", "web";
        /// An app.
        App => "app", "app";
        /// Tills.
        Till => "till", "store";
        /// A service desk.
        Service => "service", "service";
        /// An e-mail or SMS provider.
        Provider => "provider", "email";
        /// Ads and social networks.
        Ads => "ads", "ads";
        /// Reviews and loyalty.
        Loyalty => "loyalty", "loyalty";
        /// Files.
        File => "file", "file";
        /// Another kind.
        Other => "other", "sources";
    }
}

worded! {
    /// How much a feed is known to have told us.
    WatermarkState, "watermark" {
        /// Complete up to its watermark by a heartbeat or a call.
        Known => "known", "good";
        /// Presumed complete, as it speaks in its rhythm.
        Presumed => "presumed", "info";
        /// Behind: it could still tell us something we need.
        Behind => "behind", "late";
        /// It was never heard.
        Never => "never", "uncertain";
        /// It was imported, and nobody expects it to speak again.
        Imported => "imported", "file";
    }
}

worded! {
    /// How a feed speaks.
    Speaks, "feed-speaks" {
        /// As things happen.
        EventByEvent => "live", "clock";
        /// Now and then, about a stretch of time.
        FileByFile => "batch", "file";
    }
}

impl WatermarkState {
    /// How the state feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Known => Tone::Good,
            Self::Presumed => Tone::Neutral,
            Self::Behind => Tone::Bad,
            Self::Never => Tone::Warn,
            Self::Imported => Tone::Neutral,
        }
    }
}

/// The moment up to which a feed has told us everything.
#[derive(Debug, Clone, Copy)]
pub struct Watermark {
    /// How much is known.
    pub state: WatermarkState,
    /// The moment; `None` when never heard.
    pub complete_until: Option<i64>,
}

/// One source.
#[derive(Debug, Clone)]
pub struct SourceRow {
    /// The source's id, which is its name in the API.
    pub id: String,
    /// The name people say.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Its feeds, those with trouble first; at least one.
    pub feeds: Vec<FeedRow>,
    /// The watermark: the least over the feeds that are expected to speak.
    pub watermark: Watermark,
    /// When it was last heard.
    pub last_at: Option<i64>,
    /// When the latest thing it told of happened.
    pub latest_at: Option<i64>,
    /// Events since midnight in the shop's zone.
    pub today: u64,
    /// Rows in quarantine that wait.
    pub quarantined: u64,
}

/// One feed.
#[derive(Debug, Clone)]
pub struct FeedRow {
    /// The feed's id.
    pub id: String,
    /// The name people say.
    pub name: String,
    /// How it speaks.
    pub speaks: Speaks,
    /// Milliseconds by which its events may be late and it counts as complete all the same.
    pub lag: i64,
    /// When it was last heard.
    pub last_at: Option<i64>,
    /// When the latest thing it told of happened.
    pub latest_at: Option<i64>,
    /// Its watermark.
    pub watermark: Watermark,
    /// Events since midnight.
    pub today: u64,
    /// Rows in quarantine that wait.
    pub quarantined: u64,
    /// Messages held because of this feed.
    pub holding: u64,
    /// Events by day of the week (Monday first) and hour, in the shop's zone, over `rhythm_weeks`.
    pub rhythm: [[u32; 24]; 7],
}

/// The page of one source.
#[derive(Debug, Clone)]
pub struct SourceModel {
    /// The source.
    pub source: SourceRow,
    /// Over how many weeks the rhythm was counted.
    pub rhythm_weeks: u32,
    /// Its quarantined rows by reason.
    pub quarantine: Vec<QuarantineFilter>,
    /// Repeats that were counted and dropped, ever.
    pub duplicates: u64,
    /// Same id with other content, ever.
    pub conflicts: u64,
}
