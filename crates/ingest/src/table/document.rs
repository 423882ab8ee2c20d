//! From the rows of one document to its events: a sale, a return, an adjustment.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use regulars_engine::event::{
    Channel, Code, CodeKind, Currency, Document, Event, Kind, Line, Map, Order, Place, Value,
    minor_units,
};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::time::Timestamp;

use super::Summary;
use super::bind::Bound;
use super::index::{Index, RowNumbers};
use super::mapping::{CompleteThrough, Mapping, Rows, Subject, Target};
use super::repair;
use super::row::{Row, Side, Times};
use crate::content::{self, LineOrder};
use crate::decimal::Decimal;
use crate::identifiers::Identifiers;
use crate::limits::{ID_BYTES_MAX, LINES_MAX, TEXT_BYTES_MAX};
use crate::received::Received;
use crate::rejection::{Rejection, RejectionReason};
use crate::retail;
use crate::times::{self, Stated};

type Outcomes = VecDeque<Result<Event, Rejection>>;

/// Makes events of rows.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    mapping: &'a Mapping,
    bound: Arc<Bound>,
    received: Received<'a>,
    times: Times,
    /// Feeds seen, each with the latest time in it.
    feeds: BTreeMap<String, Timestamp>,
    /// How often each row's content was seen, for rows that are events.
    seen: BTreeMap<u64, u32>,
    pub(super) summary: Summary,
}

/// One side of a document while its rows are read.
#[derive(Debug, Default)]
struct Part {
    lines: Vec<Line>,
    rejected: u32,
    accepted: u32,
    earliest: Option<Stated>,
    times_differ: bool,
    cancelled: bool,
    head: Option<Head>,
}

/// What is said once a document; the first row that says it counts.
#[derive(Debug)]
struct Head {
    currency: Currency,
    identifiers: Vec<Identifier>,
    place: Place,
    feed: String,
    total_minor: Option<i64>,
    discount_minor: Option<i64>,
    /// What came back of a sale, where its own rows say so.
    refunded_minor: i64,
    coupon: Option<String>,
    refunded: Option<String>,
    properties: Map,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        mapping: &'a Mapping,
        bound: Bound,
        received: Received<'a>,
        summary: Summary,
    ) -> Self {
        let (times, feeds, seen) = (Times::default(), BTreeMap::new(), BTreeMap::new());
        Self { mapping, bound: Arc::new(bound), received, times, feeds, seen, summary }
    }

    /// Makes everything of one document, or of one row where rows are events.
    pub(super) fn make(&mut self, document: usize, index: &mut Index<'_>, ready: &mut Outcomes) {
        let rows = index.rows(document);
        match (self.mapping.rows, &self.mapping.subject) {
            (Rows::Lines, _) | (Rows::Events, Subject::Orders) => self.document(rows, index, ready),
            (Rows::Events, _) if index.order(document) => self.document(rows, index, ready),
            (Rows::Events, Subject::Customers | Subject::Events(_) | Subject::Named) => {
                self.row(rows, index, ready);
            }
        }
    }

    fn document(&mut self, mut rows: RowNumbers, index: &mut Index<'_>, ready: &mut Outcomes) {
        let mut parts = [Part::default(), Part::default(), Part::default()];
        let mut key = String::new();
        let all = rows;
        let mut rejected: Vec<(&[u8], u64, RejectionReason)> = Vec::new();
        while let Some((record, raw, line)) = index.row(&mut rows) {
            self.summary.rows += 1;
            let row = Row { record, bound: &self.bound, mapping: self.mapping };
            let side = row.side();
            let part = &mut parts[side as usize];
            let taken = row.number_of_document().and_then(|row_key| {
                key = row_key.into_owned();
                take(&row, side, part, &mut self.times, &self.received)
            });
            match taken {
                Ok(()) => {
                    part.accepted += 1;
                    self.summary.rows_accepted += 1;
                }
                Err(reason) => {
                    part.rejected += 1;
                    self.summary.rows_rejected += 1;
                    rejected.push((raw, line, reason));
                }
            }
        }
        if !rejected.is_empty() {
            let whole = self.by_itself(all, index);
            for (raw, line, reason) in rejected {
                let raw = whole.as_deref().unwrap_or(raw);
                let rejection = Rejection::new(raw, reason, self.received.received_at);
                ready.push_back(Err(rejection.at_line(line)));
            }
        }
        let sells = parts[Side::Sale as usize].touched();
        for (side, part) in Side::ALL.into_iter().zip(parts) {
            if part.accepted > 0 {
                let own = order_key(side, &part, &key, sells);
                let (stated, cancelled) = (part.earliest, part.cancelled);
                let refunded_minor = part.head.as_ref().map_or(0, |head| head.refunded_minor);
                let event = self.finish(side, part, &key, &own);
                let after = self.afterwards(&event, stated, cancelled, refunded_minor);
                ready.push_back(Ok(event));
                ready.extend(after.map(Ok));
            }
        }
    }

    /// All rows of a document, as a table by itself.
    fn by_itself(&self, mut rows: RowNumbers, index: &mut Index<'_>) -> Option<Vec<u8>> {
        let header = index.header_row();
        let raw = std::iter::from_fn(|| index.row(&mut rows).map(|(_, raw, _)| raw));
        repair::by_itself(self.mapping, header, raw)
    }

    fn finish(&mut self, side: Side, part: Part, key: &str, own: &str) -> Event {
        let Part { mut lines, rejected, earliest, times_differ, head, .. } = part;
        let head = head.expect("an accepted row has stated the head");
        let kind = match side {
            Side::Sale => Kind::OrderCompleted,
            Side::Return => Kind::OrderRefunded,
            Side::Adjustment => Kind::Adjustment,
        };
        let total_minor = match head.total_minor {
            Some(total) => Some(total),
            None if rejected > 0 => None,
            None => lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.total_minor?)),
        };
        let mut properties = head.properties;
        if rejected > 0 {
            properties.insert("rows_rejected".to_owned(), Value::Integer(i64::from(rejected)));
            lines.push(Line { quantity_milli: 1000, ..Line::default() });
        }
        if times_differ {
            self.summary.times_differ += 1;
            properties.insert("times_differ".to_owned(), Value::Bool(true));
        }
        let order = Order {
            key: format!("{}{own}", self.received.source.order_space),
            total_minor,
            currency: head.currency,
            discount_minor: head.discount_minor,
            coupon: head.coupon,
        };
        let mut event = self.event(kind, earliest, head.place, head.feed, head.identifiers);
        event.lines = lines;
        event.order = Some(order);
        event.properties = properties;
        event.document = Document::Versioned;
        event.message_id = format!("{}/{key}", side.word());
        event.content = content::hash(&event, earliest, LineOrder::Any);
        if key.is_empty() {
            self.number(&mut event, side);
            event.content = content::hash(&event, earliest, LineOrder::Any);
        }
        event
    }

    /// What became of a sale, where its own rows say so: it was cancelled, or something of it came back. Of
    /// when that was they say nothing, so that it bears the sale's time.
    fn afterwards(
        &mut self,
        sale: &Event,
        stated: Option<Stated>,
        cancelled: bool,
        refunded_minor: i64,
    ) -> Option<Event> {
        let (kind, word) = match (cancelled, refunded_minor) {
            (true, _) => (Kind::OrderCancelled, "cancelled"),
            (false, 1..) => (Kind::OrderRefunded, "refunded"),
            (false, _) => return None,
        };
        let key = sale.message_id.strip_prefix("order/")?;
        let mut event = Event { kind, message_id: format!("{word}/{key}"), ..sale.clone() };
        event.lines.clear();
        if let Some(order) = &mut event.order {
            (order.discount_minor, order.coupon) = (None, None);
            if !cancelled {
                order.total_minor = Some(refunded_minor);
            }
        }
        event.content = content::hash(&event, stated, LineOrder::Any);
        self.summary.events += 1;
        Some(event)
    }

    /// Gives a document without a number one of its own: what it says, and the how manieth it is that
    /// says so. A second import of the file finds the same.
    fn number(&mut self, event: &mut Event, side: Side) {
        let before = self.seen.entry(event.content).or_default();
        *before += 1;
        let key = format!("row/{:016x}/{before}", event.content);
        event.message_id = format!("{}/{key}", side.word());
        if let Some(order) = &mut event.order
            && order.key == self.received.source.order_space
        {
            order.key.push_str(&key);
        }
    }

    /// An event of this table with nothing said yet but when, where and of whom.
    fn event(
        &mut self,
        kind: Kind,
        stated: Option<Stated>,
        place: Place,
        feed: String,
        identifiers: Vec<Identifier>,
    ) -> Event {
        let Received { source, received_at, mode, .. } = self.received;
        let settled = times::settle(stated, None, received_at);
        let zone = self.mapping.clock.zone.as_ref().unwrap_or(&source.zone);
        let latest = self.feeds.entry(feed.clone()).or_default();
        if stated.is_some() {
            *latest = settled.occurred.at.max(*latest);
        }
        self.summary.events += 1;
        Event {
            feed,
            occurred: settled.occurred,
            zone_assumed: stated
                .filter(|stated| stated.zone_assumed)
                .map(|_| zone.iana_name().unwrap_or("UTC").to_owned()),
            skew_ms: settled.skew_ms,
            identifiers,
            place,
            mode,
            ..Event::bare(&source.name, String::new(), kind, received_at)
        }
    }

    /// A row that is an event by itself.
    fn row(&mut self, mut rows: RowNumbers, index: &mut Index<'_>, ready: &mut Outcomes) {
        let Some((record, raw, line)) = index.row(&mut rows) else { return };
        self.summary.rows += 1;
        let bound = Arc::clone(&self.bound);
        let row = Row { record, bound: &bound, mapping: self.mapping };
        match self.row_event(&row) {
            Ok(event) => {
                self.summary.rows_accepted += 1;
                ready.push_back(Ok(event));
            }
            Err(reason) => {
                self.summary.rows_rejected += 1;
                let at = self.received.received_at;
                let header = index.header_row();
                let alone = repair::by_itself(self.mapping, header, std::iter::once(raw));
                let raw = alone.as_deref().unwrap_or(raw);
                ready.push_back(Err(Rejection::new(raw, reason, at).at_line(line)));
            }
        }
    }

    fn row_event(&mut self, row: &Row<'_>) -> Result<Event, RejectionReason> {
        let kind = row.kind()?;
        let stated = self.times.read(row, &self.received.source.zone)?;
        let identifiers = identifiers(row, &self.received)?;
        if kind == Kind::Identify && identifiers.is_empty() {
            return Err(RejectionReason::NamesNobody);
        }
        let place = place(row, self.received.source.channel)?;
        let feed = feed(row, &place, &self.received)?;
        let lines = match codes(row)? {
            codes if codes.is_empty() => Vec::new(),
            codes => vec![line(row, Side::Sale, codes, currency(row, &self.received)?)?],
        };
        let (traits, properties) =
            (texts(row, &row.bound.traits)?, texts(row, &row.bound.properties)?);
        let message_id = bounded(row, Target::MessageId)?;
        let mut event = self.event(kind, stated, place, feed, identifiers);
        (event.lines, event.traits, event.properties) = (lines, traits, properties);
        event.content = content::hash(&event, stated, LineOrder::AsSent);
        event.message_id = match message_id {
            Some(id) => id,
            None => {
                let before = self.seen.entry(event.content).or_default();
                *before += 1;
                format!("row/{:016x}/{before}", event.content)
            }
        };
        Ok(event)
    }

    /// What the file's end says of its feeds.
    pub(super) fn watermarks(&mut self, ready: &mut Outcomes) {
        let Some(complete_through) = self.mapping.complete_through else { return };
        let mut feeds: BTreeMap<String, Timestamp> = std::mem::take(&mut self.feeds);
        if feeds.is_empty() {
            feeds.insert(self.received.feed.unwrap_or_default().to_owned(), Timestamp::default());
        }
        let received_at = self.received.received_at;
        let latest_of_all = feeds.values().max().copied().unwrap_or_default();
        for feed in feeds.into_keys() {
            let through = match complete_through {
                CompleteThrough::Latest if latest_of_all == Timestamp::default() => continue,
                CompleteThrough::Latest => latest_of_all,
                CompleteThrough::Received => received_at,
                CompleteThrough::At(moment) => moment.min(received_at),
            };
            let place = Place { channel: self.received.source.channel, ..Place::default() };
            let mut event = self.event(Kind::Watermark, None, place, feed, Vec::new());
            self.summary.events -= 1;
            event.complete_through = Some(through);
            event.content = content::hash(&event, None, LineOrder::AsSent);
            event.message_id = format!("h-{:016x}", event.content);
            ready.push_back(Ok(event));
        }
    }
}

impl Part {
    fn touched(&self) -> bool {
        self.accepted + self.rejected > 0
    }
}

/// The order that a side of a document tells of. A return is an order of its own number, unless its
/// rows say which order it takes back; in a document that also sells it is not of that sale.
fn order_key(side: Side, part: &Part, key: &str, sells: bool) -> String {
    let refunded = part.head.as_ref().and_then(|head| head.refunded.clone());
    match (side, refunded) {
        (Side::Return, Some(refunded)) => refunded,
        (Side::Return, None) if sells => format!("return/{key}"),
        (Side::Sale | Side::Return | Side::Adjustment, _) => key.to_owned(),
    }
}

/// Adds a row to its side of the document.
fn take(
    row: &Row<'_>,
    side: Side,
    part: &mut Part,
    times: &mut Times,
    received: &Received<'_>,
) -> Result<(), RejectionReason> {
    if part.lines.len() >= LINES_MAX {
        return Err(RejectionReason::TooManyLines { place: row.place(Target::OrderId) });
    }
    let stated = times.read(row, &received.source.zone)?.ok_or_else(|| {
        RejectionReason::TimeNotUnderstood { place: row.place(Target::OccurredAt) }
    })?;
    // Exports write what is of the whole document into its first row alone.
    let currency = match (&part.head, row.text(Target::Currency)) {
        (Some(head), None) => head.currency,
        (Some(_) | None, _) => currency(row, received)?,
    };
    let codes = codes(row)?;
    let has_line = !codes.is_empty()
        || [Target::Name, Target::Price, Target::LineTotal]
            .iter()
            .any(|target| row.text(*target).is_some());
    let line = has_line.then(|| line(row, side, codes, currency)).transpose()?;
    match &part.head {
        None => part.head = Some(head(row, side, currency, received)?),
        Some(head) if head.currency != currency => {
            return Err(RejectionReason::CurrencyDiffers { place: row.place(Target::Currency) });
        }
        Some(_) => {}
    }
    part.lines.extend(line);
    part.cancelled |= row.cancelled();
    part.times_differ |= part.earliest.is_some_and(|earliest| earliest.at != stated.at);
    if part.earliest.is_none_or(|earliest| stated.at < earliest.at) {
        part.earliest = Some(stated);
    }
    Ok(())
}

fn head(
    row: &Row<'_>,
    side: Side,
    currency: Currency,
    received: &Received<'_>,
) -> Result<Head, RejectionReason> {
    let place = place(row, received.source.channel)?;
    Ok(Head {
        currency,
        identifiers: identifiers(row, received)?,
        feed: feed(row, &place, received)?,
        place,
        total_minor: money(row, Target::Total, side, currency)?,
        discount_minor: money(row, Target::Discount, Side::Return, currency)?,
        refunded_minor: money(row, Target::Refunded, Side::Return, currency)?.unwrap_or(0),
        coupon: bounded(row, Target::Coupon)?,
        refunded: bounded(row, Target::RefundedOrderId)?.or_else(|| {
            // An event that something came back names the order that was sold.
            let back = row.order_side() == Some(Side::Return);
            let sold = row.number_of_document().ok().filter(|number| back && !number.is_empty());
            sold.map(std::borrow::Cow::into_owned)
        }),
        properties: texts(row, &row.bound.properties)?,
    })
}

/// An amount as its side counts it: sales have no minus, returns need none, adjustments keep theirs.
fn signed(minor: i64, side: Side, row: &Row<'_>, target: Target) -> Result<i64, RejectionReason> {
    match side {
        Side::Sale if minor < 0 => {
            Err(RejectionReason::NegativeAmount { place: row.place(target) })
        }
        Side::Sale | Side::Adjustment => Ok(minor),
        Side::Return => Ok(minor.abs()),
    }
}

fn money(
    row: &Row<'_>,
    target: Target,
    side: Side,
    currency: Currency,
) -> Result<Option<i64>, RejectionReason> {
    let Some(number) = row.number(target)? else { return Ok(None) };
    let minor = retail::amount(number, Decimal::ONE, currency.digits(), &row.place(target))?;
    signed(minor, side, row, target).map(Some)
}

fn line(
    row: &Row<'_>,
    side: Side,
    codes: Vec<Code>,
    currency: Currency,
) -> Result<Line, RejectionReason> {
    let quantity = row.number(Target::Quantity)?.unwrap_or(Decimal::ONE);
    let quantity_milli = retail::quantity_milli(quantity, &row.place(Target::Quantity))?;
    let digits = currency.digits();
    let total_minor = match (row.number(Target::LineTotal)?, row.number(Target::Price)?) {
        (Some(total), _) => {
            let place = row.place(Target::LineTotal);
            let minor = retail::amount(total, Decimal::ONE, digits, &place)?;
            Some(signed(minor, side, row, Target::LineTotal)?)
        }
        (None, Some(price)) => {
            let minor = retail::amount(price, quantity, digits, &row.place(Target::Price))?;
            Some(signed(minor, side, row, Target::Price)?)
        }
        (None, None) => None,
    };
    Ok(Line {
        codes,
        quantity_milli: signed(quantity_milli, side, row, Target::Quantity)?,
        total_minor,
        name: text_within(row, Target::Name, TEXT_BYTES_MAX)?,
        category: text_within(row, Target::Category, TEXT_BYTES_MAX)?,
        url: None,
        image_url: None,
        currency: None,
        attributes: Vec::new(),
    })
}

fn codes(row: &Row<'_>) -> Result<Vec<Code>, RejectionReason> {
    let mut codes = Vec::new();
    for (target, kind) in [
        (Target::ProductId, CodeKind::Product),
        (Target::Variant, CodeKind::Variant),
        (Target::Sku, CodeKind::Sku),
        (Target::Gtin, CodeKind::Gtin),
        (Target::TillCode, CodeKind::Till),
    ] {
        if let Some(value) = bounded(row, target)? {
            codes.push(Code { kind, value });
        }
    }
    Ok(codes)
}

fn currency(row: &Row<'_>, received: &Received<'_>) -> Result<Currency, RejectionReason> {
    match row.text(Target::Currency) {
        None => Ok(received.source.currency),
        Some(code) if code == received.source.currency.code() => Ok(received.source.currency),
        Some(code) => Currency::parse(&code)
            .ok_or_else(|| RejectionReason::CurrencyUnknown { place: row.place(Target::Currency) }),
    }
}

fn identifiers(row: &Row<'_>, received: &Received<'_>) -> Result<Vec<Identifier>, RejectionReason> {
    let mut found = Identifiers::new(received);
    for (target, kind) in [
        (Target::UserId, received.source.user_id_kind.clone()),
        (Target::CustomerId, IdentifierKind::CustomerId),
        (Target::LoyaltyId, IdentifierKind::LoyaltyId),
        (Target::Email, IdentifierKind::Email),
        (Target::Phone, IdentifierKind::Phone),
        (Target::AnonymousId, IdentifierKind::AnonymousId),
    ] {
        if let Some(text) = row.text(target) {
            found.add(kind, &text);
        }
    }
    found.finish()
}

fn place(row: &Row<'_>, channel: Channel) -> Result<Place, RejectionReason> {
    let stated = row.text(Target::Channel).and_then(|word| Channel::parse(&word));
    Ok(Place {
        channel: stated.unwrap_or(channel),
        store: bounded(row, Target::Store)?,
        till: bounded(row, Target::Till)?,
        staff: bounded(row, Target::Staff)?,
    })
}

fn feed(row: &Row<'_>, place: &Place, received: &Received<'_>) -> Result<String, RejectionReason> {
    let named = bounded(row, Target::Feed)?;
    Ok(retail::feed(named.as_deref(), place, received.feed, received.source))
}

fn bounded(row: &Row<'_>, target: Target) -> Result<Option<String>, RejectionReason> {
    text_within(row, target, ID_BYTES_MAX)
}

fn text_within(
    row: &Row<'_>,
    target: Target,
    bytes_max: usize,
) -> Result<Option<String>, RejectionReason> {
    match row.text(target) {
        Some(text) if text.len() > bytes_max => {
            Err(RejectionReason::TooLong { place: row.place(target) })
        }
        text => Ok(text.map(std::borrow::Cow::into_owned)),
    }
}

/// Named texts of a row. A whole number is kept as one, so that conditions can compare it; digits
/// with a leading zero are a code.
fn texts(
    row: &Row<'_>,
    cells: &[(String, super::bind::BoundCell)],
) -> Result<Map, RejectionReason> {
    let mut map = Map::new();
    for (name, cell) in cells {
        let Some(text) = row.cell(cell) else { continue };
        let whole = minor_units(&text, 0).filter(|number| number.to_string() == *text);
        let value = whole.map_or_else(|| Value::Text(text.into_owned()), Value::Integer);
        map.insert(name.clone(), value);
    }
    retail::check_map(&map, "properties")?;
    Ok(map)
}
