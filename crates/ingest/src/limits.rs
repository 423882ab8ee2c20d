//! Every bound of what is read, with its reason. Beyond a bound is a rejection or a clear error,
//! never a crash and never silence.

use regulars_engine::identity::PersonId;
use regulars_engine::time::{MINUTE, Timestamp};

/// The largest request body in bytes, after inflating: ten times what the SDKs' own batches may
/// weigh (500 kB), so that a queue of a long outage passes.
pub const BODY_BYTES_MAX: usize = 5 << 20;

/// The most messages of one body: what they become is larger than what they were, and no SDK
/// sends a hundredth of this at once.
pub const MESSAGES_MAX: usize = 50_000;

/// The largest single event in bytes: sixteen times Segment's 32 kB; a receipt of 1,500 lines fits.
pub const EVENT_BYTES_MAX: usize = 512 << 10;

/// The deepest nesting of lists and maps in one event. No payload of the public specs passes 8;
/// what reads them back recurses, so the bound protects the stack.
pub const NESTING_MAX: u32 = 64;

/// The most identifiers one event may carry, from its person's id, which has room for so many.
#[expect(clippy::cast_possible_truncation, reason = "32 fits every size")]
pub const IDENTIFIERS_MAX: usize = PersonId::IDENTIFIERS_MAX as usize;

/// The most lines of one cart, order or receipt. The longest invoice of a wholesaler we know of
/// has 1,114.
pub const LINES_MAX: usize = 10_000;

/// The most properties, or traits, of one event; what writes more is a loop gone wrong.
pub const PROPERTIES_MAX: usize = 500;

/// The longest id or name of something (message, order, event, store, feed) in bytes: they are keys.
pub const ID_BYTES_MAX: usize = 256;

/// The longest single text (a review, a ticket's first words) in bytes.
pub const TEXT_BYTES_MAX: usize = 32 << 10;

/// How much of a rejected event's bytes is kept for repair.
pub const RAW_BYTES_MAX: usize = 64 << 10;

/// The largest amount in minor units: sums over the most lines and the most orders of a person
/// then stay far inside 64 bits.
pub const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000;

/// The largest quantity in thousandths: a thousand million pieces.
pub const QUANTITY_MILLI_MAX: i64 = 1_000_000_000_000;

/// A sender's clock that is off by less is believed: networks and queues take their time.
pub const SKEW_MS_MIN: i64 = MINUTE;

/// The window within which equal content without an id and without a time is a repeat.
pub const REPEAT_WINDOW_MS: i64 = 5 * MINUTE;

/// The largest table file in bytes; the file itself and 12 bytes a row are held in memory.
pub const TABLE_BYTES_MAX: usize = 2 << 30;

/// The latest moment anything may bear.
pub const LATEST: Timestamp = Timestamp::LATEST;
