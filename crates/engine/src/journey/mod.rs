//! Journeys: definitions of steps, and each person's way through them.
//!
//! **Invariant:** a person leaves every step she comes to, or waits at it: entered = left +
//! waiting + done at every step.

mod advance;
mod again;
mod call;
mod date;
mod definition;
mod draw;
mod enrollment;
mod enter;
mod notice;
mod own;
mod passage;
mod request;
mod show;
mod transfer;
mod wait;

pub use advance::{Way, advance, exit, forget, settle, watch};
pub use again::{Again, RETRY_MS, tried};
pub use call::{Call, CallState, Tried};
pub(crate) use date::anniversary_in;
pub use date::{DateEntry, NextDate, Repeats, next_date};
pub use definition::{
    Draw, DrawPurpose, DrawnWay, Entry, Journey, OnPatienceEnd, Otherwise, Send, Show, Step,
    StepKind,
};
pub use draw::{lot, way_of, within};
pub use enrollment::{Arm, CLAIM_BEGINS_MS, EndCause, Enrollment, EntryKey, Outcome, State};
pub use enter::{enter, enter_by_dates, enter_by_segments, join};
pub use notice::{Notice, NoticeDone};
pub use passage::{Passage, Passages, StepPlace};
pub use request::{EntryRequest, RequestedBy, asks_for, entry_data};
pub use show::{Answered, Offered, OnSite, Visitor, answer, answered, on_site};
pub use transfer::{Gone, Transfer, matched, transfer};
