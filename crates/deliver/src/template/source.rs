//! What a template consists of, and its bounds.

use serde::{Deserialize, Serialize};

/// A template as it is written and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it is for.
    pub kind: Kind,
    /// One line; placeholders allowed.
    pub subject: String,
    /// The line that mail programs show after the subject; placeholders allowed, may be empty.
    #[serde(default)]
    pub preheader: String,
    /// MJML with placeholders.
    pub body: String,
    /// The plain text part; made from the body if not given.
    #[serde(default)]
    pub text: Option<String>,
}

/// What a template is for, as far as the law cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Care and promotion: it must say who writes and how to stop it.
    Marketing,
    /// Receipts, password resets and the like.
    Transactional,
}

/// The variable that a marketing template must print: the address of the page to unsubscribe.
pub(super) const UNSUBSCRIBE_URL: &str = "unsubscribe_url";
/// The variable that a marketing template must print: the postal address of the sender.
pub(super) const SHOP_ADDRESS: &str = "shop.address";
/// The variable that a marketing text must print: who writes.
pub(super) const SHOP_NAME: &str = "shop.name";
/// The variable that a marketing text must print, unless it prints [`UNSUBSCRIBE_URL`]: a line that says
/// which word stops it, in the language of the message.
pub(super) const STOP_LINE: &str = "stop_line";

// Bounds. Together they keep every parser below its stack and every rendering below a few
// milliseconds, whatever is saved.

/// Bytes of all parts of a template. Mail programs cut messages at about 100 kB of HTML.
pub(super) const SIZE_MAX: usize = 256 * 1024;
/// Levels of MJML elements, and of statements. The MJML engine needs stack for every level and ends
/// the process when it has none left (seen between 300 and 1,000 levels on 2 MiB).
pub(super) const LEVELS_MAX: usize = 32;
/// Placeholders of one part.
pub(super) const TAGS_MAX: usize = 2_000;
/// Bytes of one placeholder: bounds the depth of its expression.
pub(super) const TAG_SIZE_MAX: usize = 1_000;
/// Instructions for rendering one part; a reminder with ten products takes about 1,000.
pub(super) const FUEL: u64 = 100_000;
/// Bytes of rendered HTML or text.
pub(super) const RENDERED_MAX: usize = 1024 * 1024;
/// Characters of a subject; mail programs show 40 to 80.
pub(super) const SUBJECT_MAX: usize = 200;
