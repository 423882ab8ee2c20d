//! What a shop states about a source: its channel, its clock, its feeds, and what it tells of.

use jiff::tz::TimeZone;

use crate::event::{Channel, Currency};
use crate::identity::{CallingCode, IdentifierKind};
use crate::time::MINUTE;

/// How a source speaks, and so what its silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rhythm {
    /// Event by event: presumed complete while it speaks as often as it usually does.
    Live,
    /// File by file: complete up to what a file or a watermark says, and no further.
    Batch,
}

/// How a feed speaks, and how late what it tells normally is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// Event by event, or file by file.
    pub rhythm: Rhythm,
    /// Milliseconds by which its events normally arrive late.
    pub lag_ms: i64,
}

/// A feed as the definition of its source states it: what it leaves out is as the source has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSettings {
    /// Its name: `till-3`.
    pub name: String,
    /// How it speaks.
    pub rhythm: Option<Rhythm>,
    /// Milliseconds by which its events normally arrive late.
    pub lag_ms: Option<i64>,
}

/// One source as its definition states it; every part has a default.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSettings {
    /// Its name: `web`, `pos-lisbon`.
    pub name: String,
    /// The channel its events come over, where an event states none.
    pub channel: Channel,
    /// How its feeds speak, but for those that state it themselves.
    pub rhythm: Rhythm,
    /// The feeds that are expected to speak: one silent till among them is seen at once. Feeds
    /// that speak unannounced are expected from then on.
    pub feeds: Vec<FeedSettings>,
    /// Milliseconds by which events of its feeds normally arrive late, but for those that state it
    /// themselves.
    pub lag_ms: i64,
    /// Whether it can tell of orders; `None`: learned from what it sends.
    pub sends_orders: Option<bool>,
    /// Whether it may tell what became of mail; `None`: as its channel says, see
    /// [`SourceSettings::may_tell_of_mail`].
    pub tells_of_mail: Option<bool>,
    /// What kind of identifier its `userId` is.
    pub user_id_kind: IdentifierKind,
    /// The zone of its times that come without one.
    pub zone: TimeZone,
    /// The currency of its amounts that come without one.
    pub currency: Currency,
    /// The calling code of its phone numbers that come without one; `None`: they stay as they are.
    pub calling_code: Option<CallingCode>,
    /// Put before its order numbers, so that equal numbers of two systems stay two orders; empty
    /// for systems that share their numbers.
    pub order_space: String,
    /// The sites whose pages may ask what to show, each as `https://shop.example`; empty: the shop's
    /// own.
    pub origins: Vec<String>,
}

impl SourceSettings {
    /// The normal lag where none is stated: 15 minutes.
    pub const LAG_MS: i64 = 15 * MINUTE;

    /// How a feed of the source speaks, whether it was announced or not.
    #[must_use]
    pub fn habit_of(&self, feed: &str) -> Habit {
        let stated = self.feeds.iter().find(|stated| stated.name == feed);
        Habit {
            rhythm: stated.and_then(|stated| stated.rhythm).unwrap_or(self.rhythm),
            lag_ms: stated.and_then(|stated| stated.lag_ms).unwrap_or(self.lag_ms),
        }
    }

    /// Whether its key may tell what became of mail: that it bounced, was opened, was complained of.
    /// Such a word stops an address for good. The key of a web shop, an app or an ad is in every
    /// page and every copy of it, so whoever looks for it has it: from there it does not count
    /// unless the shop says that this key is kept by its servers alone.
    #[must_use]
    pub fn may_tell_of_mail(&self) -> bool {
        let public = match self.channel {
            Channel::Web | Channel::App | Channel::Social | Channel::Ads => true,
            Channel::Store
            | Channel::Email
            | Channel::Sms
            | Channel::Push
            | Channel::Service
            | Channel::Other => false,
        };
        self.tells_of_mail.unwrap_or(!public)
    }

    /// A source of which only the name is known: a live web shop in UTC that counts in euros.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            channel: Channel::parse(name.split(['-', '_']).next().unwrap_or(name))
                .unwrap_or_default(),
            rhythm: Rhythm::Live,
            feeds: Vec::new(),
            lag_ms: Self::LAG_MS,
            sends_orders: None,
            tells_of_mail: None,
            user_id_kind: IdentifierKind::UserId,
            zone: TimeZone::UTC,
            currency: Currency::EUR,
            calling_code: None,
            order_space: String::new(),
            origins: Vec::new(),
        }
    }
}
