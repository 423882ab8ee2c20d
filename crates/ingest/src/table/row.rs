//! One row, and what it says under a mapping.

use std::borrow::Cow;

use csv::ByteRecord;
use regulars_engine::event::Kind;
use regulars_engine::time::Precision;

use super::bind::{Bound, BoundCell, Source};
use super::mapping::{Check, Mapping, Subject, Target};
use crate::decimal::Decimal;
use crate::limits::ID_BYTES_MAX;
use crate::names;
use crate::rejection::{Place, RejectionReason};
use crate::retail::receipt_key;
use crate::times::{self, Stated};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Sale,
    Return,
    Adjustment,
}

impl Side {
    pub(super) const ALL: [Self; 3] = [Self::Sale, Self::Return, Self::Adjustment];

    /// What its documents' ids begin with.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Sale => "order",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
        }
    }
}

/// A row of text under its mapping.
#[derive(Debug)]
pub(super) struct Row<'r> {
    pub(super) record: &'r ByteRecord,
    pub(super) bound: &'r Bound,
    pub(super) mapping: &'r Mapping,
}

impl<'r> Row<'r> {
    /// Whether the row is a row of its table, in text that can be read.
    pub(super) fn check(&self) -> Result<(), RejectionReason> {
        let (found, expected) = (self.record.len(), self.bound.columns);
        if found != expected {
            return Err(RejectionReason::WrongColumns { found, expected });
        }
        if !self.mapping.latin_1 && std::str::from_utf8(self.record.as_slice()).is_err() {
            return Err(RejectionReason::NotUtf8);
        }
        if self.record.as_slice().contains(&0) {
            return Err(RejectionReason::NulCharacter);
        }
        Ok(())
    }

    /// The text of a cell, trimmed and stripped; `None` if it is empty.
    pub(super) fn cell(&self, cell: &'r BoundCell) -> Option<Cow<'r, str>> {
        let text = match &cell.source {
            Source::Value(value) => Cow::Borrowed(value.as_str()),
            Source::Column(number) => {
                let bytes = self.record.get(*number)?;
                if self.mapping.latin_1 {
                    // Latin-1 is the first 256 characters of Unicode, one byte each.
                    Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
                } else {
                    Cow::Borrowed(std::str::from_utf8(bytes).ok()?)
                }
            }
        };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(cell.strip(text.trim())),
            Cow::Owned(text) => Cow::Owned(cell.strip(text.trim()).to_owned()),
        };
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn text(&self, target: Target) -> Option<Cow<'r, str>> {
        self.cell(self.bound.cell(target)?)
    }

    /// The number of a cell; `None` if it is empty.
    pub(super) fn number(&self, target: Target) -> Result<Option<Decimal>, RejectionReason> {
        let Some(text) = self.text(target) else { return Ok(None) };
        self.decimal(&text)
            .map(Some)
            .ok_or_else(|| RejectionReason::NotANumber { place: self.place(target) })
    }

    fn decimal(&self, text: &str) -> Option<Decimal> {
        if self.mapping.decimal_comma && text.contains([',', '.']) {
            // The point separates thousands where the comma is decimal: 1.234,50.
            Decimal::parse(&text.replace('.', "").replace(',', "."))
        } else {
            Decimal::parse(text)
        }
    }

    /// The column of a meaning, for reasons.
    pub(super) fn place(&self, target: Target) -> Place {
        Place::named(self.bound.cell(target).map_or(target.word(), |cell| cell.name.as_str()))
    }

    /// Which document the row belongs to.
    pub(super) fn document_key(&self) -> Result<Cow<'r, str>, RejectionReason> {
        if let Some(order_id) = self.text(Target::OrderId) {
            return self.within_bounds(order_id, Target::OrderId);
        }
        let Some(receipt_id) = self.text(Target::ReceiptId) else {
            let target = if self.bound.cell(Target::OrderId).is_some() {
                Target::OrderId
            } else {
                Target::ReceiptId
            };
            return Err(RejectionReason::NoDocumentKey { place: self.place(target) });
        };
        let (store, till) = (self.text(Target::Store), self.text(Target::Till));
        let key = receipt_key(store.as_deref(), till.as_deref(), &receipt_id);
        self.within_bounds(Cow::Owned(key), Target::ReceiptId)
    }

    fn within_bounds(
        &self,
        key: Cow<'r, str>,
        target: Target,
    ) -> Result<Cow<'r, str>, RejectionReason> {
        if key.len() > ID_BYTES_MAX {
            return Err(RejectionReason::TooLong { place: self.place(target) });
        }
        Ok(key)
    }

    /// What kind of event the row is.
    pub(super) fn kind(&self) -> Result<Kind, RejectionReason> {
        match &self.mapping.subject {
            Subject::Orders => Ok(Kind::OrderCompleted),
            Subject::Customers => Ok(Kind::Identify),
            Subject::Events(kind) => Ok(kind.clone()),
            Subject::Named => {
                let name = self.text(Target::Event).ok_or(RejectionReason::NoEventName)?;
                let said = self.mapping.names.iter().find(|(known, _)| *known == name);
                Ok(said.map_or_else(|| names::kind(&name), |(_, kind)| kind.clone()))
            }
        }
    }

    /// Whether a row of many kinds of events sells or takes back: then it is a row of an order.
    pub(super) fn order_side(&self) -> Option<Side> {
        if self.mapping.subject != Subject::Named {
            return None;
        }
        let kind = self.kind().ok()?;
        if kind == Kind::OrderCompleted {
            Some(Side::Sale)
        } else if kind == Kind::OrderRefunded {
            Some(Side::Return)
        } else {
            None
        }
    }

    /// The number of the row's document; empty where the row is one by itself.
    pub(super) fn number_of_document(&self) -> Result<Cow<'r, str>, RejectionReason> {
        match (self.mapping.numbered(), &self.mapping.subject) {
            (false, _) => Ok(Cow::Borrowed("")),
            // Most events are of no order.
            (true, Subject::Named) => Ok(self.document_key().unwrap_or_default()),
            (true, Subject::Orders | Subject::Customers | Subject::Events(_)) => {
                self.document_key()
            }
        }
    }

    /// Which side the row's own name says, or which of the mapping's tests holds first.
    pub(super) fn side(&self) -> Side {
        if let Some(side) = self.order_side() {
            return side;
        }
        if self.any(&self.bound.return_when) {
            Side::Return
        } else if self.any(&self.bound.adjustment_when) {
            Side::Adjustment
        } else {
            Side::Sale
        }
    }

    /// Whether it is a row of an order that was cancelled.
    pub(super) fn cancelled(&self) -> bool {
        self.any(&self.bound.cancelled_when)
    }

    fn any(&self, ways: &'r [Vec<(BoundCell, Check)>]) -> bool {
        ways.iter().any(|way| way.iter().all(|(cell, check)| self.holds(cell, check)))
    }

    fn holds(&self, cell: &'r BoundCell, check: &Check) -> bool {
        let text = self.cell(cell).unwrap_or_default();
        let number = || self.decimal(&text);
        match check {
            Check::Equals(wanted) => text == *wanted,
            Check::StartsWith(wanted) => text.starts_with(wanted.as_str()),
            Check::EndsWith(wanted) => text.ends_with(wanted.as_str()),
            Check::Empty => text.is_empty(),
            Check::Filled => !text.is_empty(),
            Check::Below(bound) => number().is_some_and(|number| number.less_than(*bound)),
            Check::Above(bound) => number().is_some_and(|number| bound.less_than(number)),
        }
    }
}

/// Reads times, and remembers the last one: rows of one document mostly bear the same.
#[derive(Debug, Default)]
pub(super) struct Times {
    last: Option<(String, Stated)>,
}

impl Times {
    /// The time of a row; `None` if it states none.
    pub(super) fn read(
        &mut self,
        row: &Row<'_>,
        source_zone: &jiff::tz::TimeZone,
    ) -> Result<Option<Stated>, RejectionReason> {
        let Some(text) = row.text(Target::OccurredAt) else { return Ok(None) };
        if let Some((last, stated)) = &self.last
            && *last == text
        {
            return Ok(Some(*stated));
        }
        let clock = &row.mapping.clock;
        let zone = clock.zone.as_ref().unwrap_or(source_zone);
        let stated = match &clock.format {
            None => times::parse(&text, zone),
            Some(format) => formatted(format, &text, zone),
        };
        let stated = stated
            .map(|stated| coarser(stated, clock.precision, zone))
            .map_err(|fault| fault.reason(row.place(Target::OccurredAt)))?;
        self.last = Some((text.into_owned(), stated));
        Ok(Some(stated))
    }
}

fn formatted(format: &str, text: &str, zone: &jiff::tz::TimeZone) -> Result<Stated, times::Fault> {
    let parts = jiff::fmt::strtime::BrokenDownTime::parse(format, text)
        .map_err(|_| times::Fault::NotUnderstood)?;
    if let (Some(_), Ok(moment)) = (parts.offset(), parts.to_timestamp()) {
        return times::of_timestamp(moment);
    }
    let day = parts.to_date().map_err(|_| times::Fault::NotUnderstood)?;
    match parts.to_time() {
        Ok(time) if parts.hour().is_some() => {
            let precision =
                if parts.second().is_some() { Precision::Instant } else { Precision::Minute };
            times::of_civil(day.to_datetime(time), precision, zone)
        }
        Ok(_) | Err(_) => {
            times::of_civil(day.to_datetime(jiff::civil::Time::midnight()), Precision::Day, zone)
        }
    }
}

/// The time with no more precision than the mapping says the system has.
fn coarser(stated: Stated, precision: Option<Precision>, zone: &jiff::tz::TimeZone) -> Stated {
    let precision = precision.unwrap_or(stated.precision).max(stated.precision);
    let begins = match precision {
        Precision::Instant => return stated,
        Precision::Minute => {
            let minute = regulars_engine::time::MINUTE;
            regulars_engine::time::Timestamp(stated.at.0 - stated.at.0.rem_euclid(minute))
        }
        Precision::Day => {
            let midnight = stated.at.in_zone(zone).start_of_day();
            midnight.map_or(stated.at, |midnight| {
                regulars_engine::time::Timestamp(midnight.timestamp().as_millisecond())
            })
        }
    };
    Stated { at: begins, precision, ..stated }
}
