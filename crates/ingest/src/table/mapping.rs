//! What a mapping file says: which column means what, and which rows are returns.
//!
//! ```yaml
//! rows: lines                 # several rows make one document; "events": each row is one
//! kind: order                 # or "customers", or an event's name
//! columns:
//!   order_id: InvoiceNo
//!   occurred_at: {column: InvoiceDate, zone: Europe/London, precision: minute}
//!   customer_id: {column: CustomerID, strip: ".0"}
//!   sku: StockCode
//!   quantity: Quantity
//!   price: UnitPrice
//!   currency: {value: GBP}
//! return when: {column: InvoiceNo, starts_with: C}
//! complete_through: latest
//! ```

use jiff::tz::TimeZone;
use regulars_engine::definition::Mistake;
use regulars_engine::event::Kind;
use regulars_engine::time::{Precision, Timestamp};

use super::reader::Reader;
use super::yaml::{At, Mistakes, read};
use crate::decimal::Decimal;

macro_rules! targets {
    ($($variant:ident $word:literal;)*) => {
        /// What a column can mean.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Target { $($variant,)* }

        impl Target {
            pub(super) const WORDS: &'static [&'static str] = &[$($word,)*];
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub(super) const fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }
    };
}

targets! {
    OrderId "order_id";
    ReceiptId "receipt_id";
    RefundedOrderId "refunded_order_id";
    MessageId "message_id";
    Event "event";
    OccurredAt "occurred_at";
    Quantity "quantity";
    Price "price";
    LineTotal "line_total";
    Total "total";
    Discount "discount";
    Refunded "refunded";
    Coupon "coupon";
    Currency "currency";
    UserId "user_id";
    CustomerId "customer_id";
    LoyaltyId "loyalty_id";
    Email "email";
    Phone "phone";
    AnonymousId "anonymous_id";
    ProductId "product_id";
    Variant "variant";
    Sku "sku";
    Gtin "gtin";
    TillCode "till_code";
    Name "name";
    Category "category";
    Channel "channel";
    Store "store";
    Till "till";
    Staff "staff";
    Feed "feed";
}

/// How rows become events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Lines,
    Events,
}

/// What the events are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Orders or receipts, and by the mapping's tests returns and adjustments.
    Orders,
    /// Customers: identifiers and traits.
    Customers,
    /// Events of one kind.
    Events(Kind),
    /// Events whose name stands in a column.
    Named,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    Column(String),
    Value(String),
}

/// A value of a row: a column or a constant, with what is cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) from: From,
    /// Cut off the end.
    pub(super) strip: Option<String>,
    /// Where the column is named.
    pub(super) at: At,
}

/// How times are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    pub(super) format: Option<String>,
    pub(super) zone: Option<TimeZone>,
    pub(super) precision: Option<Precision>,
}

/// A test of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) cell: Cell,
    pub(super) check: Check,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Equals(String),
    StartsWith(String),
    EndsWith(String),
    Empty,
    Filled,
    Below(Decimal),
    Above(Decimal),
}

/// One way to be a return: all of these tests hold.
pub(super) type All = Vec<Test>;

/// Up to when the file tells everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CompleteThrough {
    /// The latest time in it.
    Latest,
    /// When it was received.
    Received,
    /// A stated moment.
    At(Timestamp),
}

/// A mapping that has been read and checked.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// As it was written.
    pub(super) text: String,
    pub(super) source: Option<String>,
    pub(super) rows: Rows,
    pub(super) subject: Subject,
    /// What parts values; if it is not said, what the header shows.
    pub(super) delimiter: Option<u8>,
    pub(super) decimal_comma: bool,
    pub(super) latin_1: bool,
    pub(super) clock: Clock,
    /// What the source's names of events mean.
    pub(super) names: Vec<(String, Kind)>,
    pub(super) columns: Vec<(Target, Cell)>,
    pub(super) traits: Vec<(String, Cell)>,
    pub(super) properties: Vec<(String, Cell)>,
    pub(super) return_when: Vec<All>,
    pub(super) adjustment_when: Vec<All>,
    pub(super) cancelled_when: Vec<All>,
    pub(super) complete_through: Option<CompleteThrough>,
}

impl Mapping {
    /// Reads a mapping; `file` names it in messages.
    ///
    /// # Errors
    /// Every mistake there is, with its line, column and cure.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Mistakes::new(file);
        let mapping =
            read(text, &mut mistakes).and_then(|node| Reader(&mut mistakes).mapping(&node));
        match mapping {
            Some(mapping) if mistakes.found.is_empty() => {
                Ok(Self { text: text.to_owned(), ..mapping })
            }
            Some(_) | None => {
                mistakes.found.sort();
                Err(mistakes.found)
            }
        }
    }

    /// Whether it says that files are written in Latin-1: then nobody need look. Who says UTF-8 may be wrong.
    #[must_use]
    pub fn is_latin_1(&self) -> bool {
        self.latin_1
    }

    /// The same for a file in UTF-8, whatever the mapping says.
    #[must_use]
    pub fn in_utf_8(self) -> Self {
        Self { latin_1: false, ..self }
    }

    /// The source the mapping names.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    pub(super) fn cell(&self, target: Target) -> Option<&Cell> {
        self.columns.iter().find(|(mapped, _)| *mapped == target).map(|(_, cell)| cell)
    }

    /// Whether it speaks of a column of this name.
    #[must_use]
    pub fn names(&self, column: &str) -> bool {
        let cells = self.columns.iter().map(|(_, cell)| cell);
        let named = cells.chain(self.traits.iter().chain(&self.properties).map(|(_, cell)| cell));
        let ways = self.return_when.iter().chain(&self.adjustment_when);
        let tests = ways.chain(&self.cancelled_when).flatten();
        named.chain(tests.map(|test| &test.cell)).any(|cell| match &cell.from {
            From::Column(name) => name == column,
            From::Value(_) => false,
        })
    }

    /// What parts values, if it is said.
    #[must_use]
    pub fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// Whether documents have numbers; else each row is one by itself.
    pub(super) fn numbered(&self) -> bool {
        self.cell(Target::OrderId).or(self.cell(Target::ReceiptId)).is_some()
    }

    pub(super) fn empty() -> Self {
        Self {
            text: String::new(),
            source: None,
            rows: Rows::Events,
            subject: Subject::Orders,
            delimiter: None,
            decimal_comma: false,
            latin_1: false,
            clock: Clock::default(),
            names: Vec::new(),
            columns: Vec::new(),
            traits: Vec::new(),
            properties: Vec::new(),
            return_when: Vec::new(),
            adjustment_when: Vec::new(),
            cancelled_when: Vec::new(),
            complete_through: None,
        }
    }
}
