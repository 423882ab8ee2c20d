//! The stage: where somebody stands in the life of a customer, from their own rhythm.
//!
//! The rhythm is the mean of the person's own gaps between purchases, together with two gaps of a
//! typical customer, so that one quick second purchase does not set it. A silence of more than twice
//! the rhythm is lapsing, of more than four times lost. Whoever buys after that is won back, and
//! active again only once they have kept to their rhythm (hysteresis): a stage is left by what
//! happened and never flickers at its edge. A purchase that was returned never happened.

use super::purchases::Purchase;
use crate::condition::Stage;
use crate::event::Kind;
use crate::profile::Profile;
use crate::time::{DAY, Timestamp};

/// A silence of more than so many rhythms is lapsing.
pub const LAPSING_RHYTHMS: i32 = 2;
/// Of more than so many, lost.
pub const LOST_RHYTHMS: i32 = 4;
/// So many purchases in a row, each in rhythm, make somebody loyal.
pub(super) const LOYAL_PURCHASES: u32 = 5;
/// A typical gap where the shop's own is not known: two months.
pub(super) const TYPICAL_GAP_DAYS: u16 = 60;
/// Whoever spoke well of the shop in the last year speaks for it.
const ADVOCACY_DAYS: i64 = 365;
/// How many typical gaps count beside the person's own.
const TYPICAL_GAPS: i32 = 2;
/// A rhythm is at least a week and at most a year.
const RHYTHM_DAYS: (i32, i32) = (7, 365);

/// Where somebody stands, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The stage; never advocacy, which stands beside.
    pub stage: Stage,
    /// The person's rhythm in days.
    pub rhythm_days: i32,
    /// Days since the last purchase; `None`: there was none.
    pub silent_days: Option<i32>,
    /// The day, from 1970-01-01, on which silence alone makes the next stage; `None`: none follows.
    pub next_day: Option<i32>,
}

/// Where somebody stands at the end of `today`, by their days of purchase up to it.
///
/// `typical_gap_days` is the shop's: the median gap of those who came again.
#[must_use]
pub fn stage(days: &[Purchase], today: i32, typical_gap_days: u16) -> Standing {
    let typical = i32::from(typical_gap_days);
    let rhythm = |sum: i32, gaps: i32| {
        let mean = sum.saturating_add(typical * TYPICAL_GAPS) / (gaps + TYPICAL_GAPS);
        mean.clamp(RHYTHM_DAYS.0, RHYTHM_DAYS.1)
    };
    let mut known = days.iter().map(|purchase| purchase.day).take_while(|day| *day <= today);
    let Some(mut last) = known.next() else {
        let rhythm_days = rhythm(0, 0);
        return Standing {
            stage: Stage::Consideration,
            rhythm_days,
            silent_days: None,
            next_day: None,
        };
    };
    let (mut stage, mut sum, mut gaps, mut kept) = (Stage::FirstPurchase, 0_i32, 0, 1);
    for day in known {
        let (gap, rhythm_days) = (day - last, rhythm(sum, gaps));
        (sum, gaps, last) = (sum.saturating_add(gap), gaps + 1, day);
        if gap > rhythm_days * LAPSING_RHYTHMS {
            (stage, kept) = (Stage::WonBack, 1);
        } else {
            kept += 1;
            stage = if kept >= LOYAL_PURCHASES { Stage::Loyal } else { Stage::Active };
        }
    }
    let (rhythm_days, silent) = (rhythm(sum, gaps), today - last);
    let (lapses, lost) = (rhythm_days * LAPSING_RHYTHMS, rhythm_days * LOST_RHYTHMS);
    let (stage, next_day) = if silent > lost {
        (Stage::Lost, None)
    } else if silent > lapses {
        (Stage::Lapsing, Some(last + lost + 1))
    } else {
        (stage, Some(last + lapses + 1))
    };
    Standing { stage, rhythm_days, silent_days: Some(silent), next_day }
}

/// Whether somebody spoke for the shop within the last year, and until when that counts.
#[must_use]
pub fn advocacy(profile: &Profile, now: Timestamp) -> Option<Timestamp> {
    let speaks = [Kind::ProductReviewed, Kind::ProductShared, Kind::SocialPosted];
    let last = speaks.iter().filter_map(|kind| Some(profile.activity.get(kind)?.last.at)).max()?;
    let until = last.plus(ADVOCACY_DAYS * DAY);
    (last <= now && now < until).then_some(until)
}
