//! Small pieces that pages are made of.

mod decision;
mod fact;
mod meter;
mod piece;
mod reason;
mod table;

pub use decision::decision_list;
pub use fact::said;
pub(crate) use fact::{identifier_kind, identifier_word, points};
pub use meter::meter;
pub use piece::{
    badge, badge_count, card, channel, count, date, day_rule, empty, icon, money, money_list,
    notice, page_head, pager, percent, sign, span, time, time_ago, time_at,
};
pub(crate) use reason::{coded, cure, sentence_of};
pub use reason::{
    fact_list, fact_value, reason_counts, reason_sentence, reason_short, reasons, why, why_line,
};
pub use table::scroll;
