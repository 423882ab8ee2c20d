//! What could not be understood: its bytes, why, and what would cure it. No text here ever bears
//! a value of the event, since any value may be somebody's address.

use std::borrow::Cow;
use std::fmt;

use regulars_engine::time::Timestamp;

use crate::limits;

/// A message, line or row that was set aside. Nothing of it is lost: it can be repaired and replayed.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The exact bytes of this one message, line or row, at most [`limits::RAW_BYTES_MAX`] of them.
    pub raw: Vec<u8>,
    /// How many bytes there were; more than `raw` holds means that it cannot be replayed.
    pub raw_bytes: u64,
    /// Why.
    pub reason: RejectionReason,
    /// The line of the file, from 1, where it came from a file.
    pub line: Option<u64>,
    /// When it was received.
    pub at: Timestamp,
}

impl Rejection {
    pub(crate) fn new(raw: &[u8], reason: RejectionReason, at: Timestamp) -> Self {
        Self {
            raw: raw[..raw.len().min(limits::RAW_BYTES_MAX)].to_vec(),
            raw_bytes: u64::try_from(raw.len()).unwrap_or(u64::MAX),
            reason,
            line: None,
            at,
        }
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Debug for Rejection {
    /// Hides the bytes: they may name people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rejection({}, line {:?}, {} bytes ***)", self.reason, self.line, self.raw_bytes)
    }
}

/// A field, as its source names it, and of which line of a list, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The field's or column's name.
    pub field: Cow<'static, str>,
    /// The line of `products` it is in.
    pub product: Option<usize>,
}

impl Place {
    pub(crate) fn of(field: &'static str) -> Self {
        Self { field: Cow::Borrowed(field), product: None }
    }

    pub(crate) fn named(field: &str) -> Self {
        Self { field: Cow::Owned(field.to_owned()), product: None }
    }

    pub(crate) fn in_product(field: &'static str, number: usize) -> Self {
        Self { field: Cow::Borrowed(field), product: Some(number) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.product {
            None => write!(f, "\"{}\"", self.field),
            Some(number) => write!(f, "\"{}\" of product {number}", self.field),
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty, $field_doc:literal)* })?
        $code:literal $text:literal cure $cure:literal;)*) => {
        /// Why something was set aside: a closed list, shown to people.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum RejectionReason {
            $($(#[$doc])* #[error($text)] $variant $({ $(#[doc = $field_doc] $field: $type,)* })?,)*
        }

        impl RejectionReason {
            /// The word for it in files, in the API and in metrics.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)* }
            }

            /// What a person can do about it.
            #[must_use]
            pub const fn cure(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $cure,)* }
            }

            /// Every code there is.
            pub const CODES: &'static [&'static str] = &[$($code,)*];
        }
    };
}

reasons! {
    /// The bytes are no JSON.
    NotJson { offset: usize, "Bytes from the beginning of the event to where reading stopped." }
        "not_json" "the event is not JSON from byte {offset} on"
        cure "send one JSON object an event; look for a missing quote or comma, or a bare word";
    /// Some bytes are no text.
    NotUtf8 "not_utf8" "the event is not UTF-8 text"
        cure "write the file or the request as UTF-8; a mapping may say \"encoding: latin-1\"";
    /// A number, a text or null stands where an event should be.
    NotAnObject "not_an_object" "the event is not a JSON object"
        cure "send an object such as {\"type\":\"track\",\"event\":\"Product Added\"}";
    /// The arguments of a library's call instead of its message.
    CallArguments "call_arguments" "\"args\" lists the arguments of a library call, not a message"
        cure "call the library, or send its fields by name: \"userId\", \"traits\", \"event\", \"properties\"";
    /// A text holds the character U+0000.
    NulCharacter "nul_character" "a text holds the character U+0000"
        cure "remove it where the text is made; no database and no e-mail can carry it";
    /// A text holds half a character.
    LoneSurrogate "lone_surrogate" "a text holds half a character (a lone surrogate)"
        cure "cut texts between characters, not inside one";
    /// It is too large.
    EventTooLarge { bytes: usize, "Its size." }
        "event_too_large" "the event has {bytes} bytes, more than 524288"
        cure "leave out what nobody reads, or split it into several events";
    /// Lists and maps stand too deep inside each other.
    NestedTooDeep "nested_too_deep" "lists and maps are nested more than 64 levels deep"
        cure "send the values that matter as properties of their own";
    /// There are too many properties or traits.
    TooManyProperties { place: Place, "Where." }
        "too_many_properties" "{place} has more than 500 entries"
        cure "send lists as lists, and one event a thing";
    /// The document has too many lines.
    TooManyLines { place: Place, "Where." }
        "too_many_lines" "{place} has more than 10000 lines"
        cure "split the document";
    /// It names too many identifiers.
    TooManyIdentifiers "too_many_identifiers" "the event carries more than 32 identifiers"
        cure "send the identifiers of one person only";
    /// A text is too long for what it is.
    TooLong { place: Place, "Where." }
        "too_long" "{place} is too long"
        cure "ids and names have at most 256 bytes, other texts 32768";
    /// It does not say what kind of message it is.
    NoType "no_type" "the event has no \"type\""
        cure "say \"track\", \"identify\", \"page\", \"screen\", \"group\" or \"alias\"";
    /// It says a kind of message that does not exist.
    UnknownType "unknown_type" "\"type\" is not one we know"
        cure "say \"track\", \"identify\", \"page\", \"screen\", \"group\", \"alias\", \"watermark\" or \"heartbeat\"";
    /// A track message does not say what happened.
    NoEventName "no_event_name" "the event has type \"track\" but no \"event\""
        cure "say what happened: \"event\": \"Product Added\"";
    /// A line of an event file does not say whose it is.
    NoSource "no_source" "the line has no \"source\""
        cure "add \"source\" to the line, or name the source when importing";
    /// A statement about a person names no person.
    NamesNobody "names_nobody" "the event states something about a person but names none"
        cure "add \"userId\", \"anonymousId\" or an address; placeholders such as \"undefined\" do not count";
    /// A provider tells of something that we have no word for.
    ProviderEventUnknown "provider_event_unknown" "the provider tells of something that we have no word for"
        cure "dismiss it; or, if it matters, write the event that it means: {\"type\":\"track\",\"event\":\"Email Bounced\", ...}";
    /// A source whose key anybody can read tells what became of a message.
    NotItsToTell "not_its_to_tell" "what became of mail is not for a source whose key stands in web pages or apps"
        cure "let the provider call its hook, or send it as a source of the channel \"email\"; if the key is kept by servers alone, say \"tells of mail: yes\" of the source";
    /// A time cannot be read.
    TimeNotUnderstood { place: Place, "Where." }
        "time_not_understood" "{place} is not a time we can read"
        cure "write 2026-11-21T10:00:00Z, or 2026-11-21 for a day, or seconds or milliseconds since 1970";
    /// A time lies where no shop has been.
    TimeOutOfRange { place: Place, "Where." }
        "time_out_of_range" "{place} is before 1970 or after 9999"
        cure "send the true time; leave the field out if it is not known";
    /// A watermark does not say up to when.
    NoCompleteThrough "no_complete_through" "the watermark has no \"completeThrough\""
        cure "say up to which moment the feed has told everything: \"completeThrough\": \"2026-11-21T10:00:00Z\"";
    /// A currency that ISO 4217 does not list.
    CurrencyUnknown { place: Place, "Where." }
        "currency_unknown" "{place} is not a currency of ISO 4217"
        cure "write three letters such as EUR, or leave it out and set the source's currency";
    /// An amount or quantity is no number.
    NotANumber { place: Place, "Where." }
        "not_a_number" "{place} is not a number"
        cure "write digits with a point: 19.99, without a currency sign or thousands separators";
    /// An amount is below zero where that has no meaning.
    NegativeAmount { place: Place, "Where." }
        "negative_amount" "{place} is negative, and a sale or a cart cannot be"
        cure "send what came back as \"Order Refunded\" with its own lines; a file's mapping can say \"return when\" or \"adjustment when\"";
    /// A return holds lines of both signs.
    MixedSigns { place: Place, "Where." }
        "mixed_signs" "{place} is positive on some lines of the return and negative on others"
        cure "send what was returned as \"Order Refunded\" and what was bought as \"Order Completed\"";
    /// An amount that no shop has.
    AmountTooLarge { place: Place, "Where." }
        "amount_too_large" "{place} is larger than any amount a shop has"
        cure "look for a missing decimal point or a number of another field";
    /// `products` is no list of products.
    NotAList { place: Place, "Where." }
        "not_a_list" "{place} is not a list of objects"
        cure "send \"products\": [{\"product_id\": \"tee\", \"quantity\": 1, \"price\": 19.99}]";
    /// A change of an order does not say of which.
    NoOrderId "no_order_id" "the event changes an order but has neither \"order_id\" nor \"receipt_id\""
        cure "send the \"order_id\" of the sale";
    /// A consent that does not say for which channel.
    ConsentChannel "consent_channel" "the consent's \"channel\" is missing or not one we know"
        cure "say \"email\", \"sms\", \"push\", \"app\", \"web\", \"store\", \"service\", \"social\" or \"ads\"";
    /// A consent for a purpose that does not exist.
    ConsentPurpose "consent_purpose" "the consent's \"purpose\" is not one we know"
        cure "say \"promotion\", \"care\" or \"transactional\", or leave it out for promotion and care";
    /// A browser's subscription to push messages that is none.
    PushSubscription "push_subscription" "the event has no \"anonymousId\", or no \"subscription\" as browsers state it"
        cure "send what the browser's pushManager.subscribe() gave, as \"subscription\": {\"endpoint\": \"https://...\", \"keys\": {\"p256dh\": \"...\", \"auth\": \"...\"}}";
    /// A row that is no row of its table.
    WrongColumns { found: usize, "Columns of the row." expected: usize, "Columns of the header." }
        "wrong_columns" "the row has {found} columns and the header {expected}"
        cure "look for a delimiter or a quote inside a value; put such values in quotes";
    /// A quote is opened and never closed.
    UnclosedQuote "unclosed_quote" "a quote on this line is never closed"
        cure "close it, or double a quote that is part of the text; the rows below were read by themselves";
    /// A row counts in another currency than its document.
    CurrencyDiffers { place: Place, "Where." }
        "currency_differs" "{place} differs from that of the document's first row"
        cure "write one document a currency";
    /// A row does not say which document it belongs to.
    NoDocumentKey { place: Place, "Where." }
        "no_document_key" "{place} is empty, so the row belongs to no document"
        cure "fill the column, or map another one";
}

impl RejectionReason {
    /// The field it is about, where there is one.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::TooManyProperties { place }
            | Self::TooManyLines { place }
            | Self::TooLong { place }
            | Self::TimeNotUnderstood { place }
            | Self::TimeOutOfRange { place }
            | Self::CurrencyUnknown { place }
            | Self::NotANumber { place }
            | Self::NegativeAmount { place }
            | Self::MixedSigns { place }
            | Self::AmountTooLarge { place }
            | Self::NotAList { place }
            | Self::CurrencyDiffers { place }
            | Self::NoDocumentKey { place } => Some(place),
            Self::NotJson { .. }
            | Self::NotUtf8
            | Self::NotAnObject
            | Self::CallArguments
            | Self::NulCharacter
            | Self::LoneSurrogate
            | Self::EventTooLarge { .. }
            | Self::NestedTooDeep
            | Self::TooManyIdentifiers
            | Self::NoType
            | Self::UnknownType
            | Self::NoEventName
            | Self::NoSource
            | Self::NamesNobody
            | Self::ProviderEventUnknown
            | Self::NotItsToTell
            | Self::NoCompleteThrough
            | Self::NoOrderId
            | Self::ConsentChannel
            | Self::ConsentPurpose
            | Self::PushSubscription
            | Self::UnclosedQuote
            | Self::WrongColumns { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_its_place_and_a_cure() {
        let reason = RejectionReason::NotANumber { place: Place::in_product("price", 3) };
        assert_eq!(reason.to_string(), "\"price\" of product 3 is not a number");
        assert_eq!(reason.code(), "not_a_number");
        assert!(reason.cure().contains("19.99"));
    }

    #[test]
    fn codes_are_unique() {
        let mut codes = RejectionReason::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RejectionReason::CODES.len());
    }

    #[test]
    fn the_texts_state_the_bounds_that_hold() {
        assert_eq!((limits::EVENT_BYTES_MAX, limits::NESTING_MAX), (524_288, 64));
        assert_eq!((limits::PROPERTIES_MAX, limits::LINES_MAX), (500, 10_000));
        assert_eq!((limits::IDENTIFIERS_MAX, limits::ID_BYTES_MAX), (32, 256));
        assert_eq!(limits::TEXT_BYTES_MAX, 32_768);
    }

    #[test]
    fn debug_hides_the_bytes() {
        let rejection = Rejection::new(
            b"maria@example.com",
            RejectionReason::NotJson { offset: 0 },
            Timestamp(0),
        );
        assert!(!format!("{rejection:?}").contains("maria"));
    }
}
