//! Codes that staff give one person: looked at first, given once, shown once.

use regulars_engine::event::{self, CodeKind, Line};
use regulars_engine::guard::ByHand;
use regulars_engine::identity::PersonId;
use regulars_engine::offer::{Code, Given};
use regulars_engine::program::Program;
use regulars_engine::reason::Reason;
use regulars_engine::record::Record;
use regulars_engine::time::{MINUTE, Timestamp};
use regulars_engine::work::{Gift, Gifted};
use regulars_store::{Reader, Store};
use serde_json::{Value, json};

use crate::http::api::former_ids;
use crate::writer::{Writer, WriterError};

/// For so long whoever asks again under the same id, after a connection broke, is shown the code again.
pub const SHOWN_AGAIN_MS: i64 = 10 * MINUTE;

/// The longest id of a gift, in bytes.
const ID_MAX: usize = 200;
/// The longest name of a product, in characters.
const PRODUCT_MAX: usize = 200;

/// A code that staff want to give.
#[derive(Clone, Debug)]
pub struct Giving {
    /// An id of the asker's own: the same id is the same gift.
    pub id: String,
    /// The offer's name.
    pub offer: String,
    /// To whom.
    pub person: PersonId,
    /// What it is for; `None`: what is open in the person's cart.
    pub lines: Option<Vec<Line>>,
    /// Who gives it: a user's name or a key's.
    pub by: String,
    /// Whether it is only asked.
    pub dry_run: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It may be given, and nothing was changed.
    May,
    /// The person has it from now on.
    Given(Given),
    /// It was given under this id before; the code is shown again for a while.
    Before(Option<Given>),
    /// It was given under this id before, and staff took it back.
    TakenBack,
    /// The id is of another gift.
    OtherGift,
    /// It may not be given.
    Refused(Vec<Reason>),
    /// Whether it may be given is not known; nothing was given.
    Unknown(Vec<Reason>),
    /// Nobody bears the id of the person.
    Nobody,
}

impl Answer {
    /// The word in the API and on the command line.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::May => "may_be_given",
            Self::Given(_) => "given",
            Self::Before(_) => "given_before",
            Self::TakenBack => "taken_back",
            Self::OtherGift => "other_gift",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::Nobody => "nobody",
        }
    }

    /// Why not, where it was not given or may not be.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Refused(reasons) | Self::Unknown(reasons) => reasons,
            Self::May
            | Self::Given(_)
            | Self::Before(_)
            | Self::TakenBack
            | Self::OtherGift
            | Self::Nobody => &[],
        }
    }

    /// What was given, with its code, where that is shown.
    #[must_use]
    pub fn given(&self) -> Option<&Given> {
        match self {
            Self::Given(given) => Some(given),
            Self::Before(given) => given.as_ref(),
            Self::May
            | Self::TakenBack
            | Self::OtherGift
            | Self::Refused(_)
            | Self::Unknown(_)
            | Self::Nobody => None,
        }
    }

    /// As the API tells it. Every answer has the same keys.
    #[must_use]
    pub fn to_json(&self, giving: &Giving, program: &Program) -> Value {
        let gives = program.offers.get(&giving.offer).map(|offer| offer.benefit.to_string());
        json!({
            "outcome": self.word(),
            "person": giving.person.to_string(),
            "offer": giving.offer,
            "gives": gives,
            "code": self.given().map(|given| &given.code),
            "until": self.given().map(|given| given.until.to_string()),
            "reasons": self.reasons().iter().map(Reason::to_json).collect::<Vec<_>>(),
        })
    }
}

/// Gives a person a code of an offer, or only tells whether it may be given.
///
/// # Errors
/// If the store fails; then nothing was given.
pub fn give<S: Store>(
    writer: &mut Writer<S>,
    giving: &Giving,
    now: Timestamp,
) -> Result<Answer, WriterError> {
    let lines = giving.lines.as_deref();
    if giving.dry_run {
        let asked = [giving.offer.as_str()];
        let answers = writer.may_give(giving.person, (&asked, lines), now)?;
        return Ok(match answers.and_then(|answers| answers.into_iter().next()) {
            None => Answer::Nobody,
            Some(ByHand::May) => Answer::May,
            Some(ByHand::No(reasons)) => Answer::Refused(reasons),
            Some(ByHand::Unknown(reasons)) => Answer::Unknown(reasons),
        });
    }
    let Giving { id, offer, person, by, .. } = giving;
    let gift = Gift { id, offer, person: *person, lines, by };
    Ok(match writer.give(&gift, now)? {
        Gifted::Given(given) => Answer::Given(given),
        Gifted::Refused(reasons) => Answer::Refused(reasons),
        Gifted::Unknown(reasons) => Answer::Unknown(reasons),
        Gifted::Nobody => Answer::Nobody,
        Gifted::Noted(position) => {
            let reader = writer.reader();
            let record = reader.person(*person)?.map(|(_, record)| record);
            let codes = match &record {
                Some(record) => reader.codes_of(&former_ids(record))?,
                None => Vec::new(),
            };
            let same = |code: &&Code| code.message == position.0 && code.offer == *offer;
            match codes.iter().find(same) {
                Some(code) if code.taken_back_at.is_some() => Answer::TakenBack,
                Some(code) => Answer::Before(shown_again(code, writer.program(), now)),
                None => Answer::OtherGift,
            }
        }
    })
}

/// The id of a gift as it is kept; `None`: it is empty or too long.
#[must_use]
pub fn gift_id(id: &str) -> Option<&str> {
    let id = id.trim();
    (!id.is_empty() && id.len() <= ID_MAX).then_some(id)
}

/// What a code is for, as somebody types it: a product of the shop, or any code of one. `None`: it is
/// empty or too long.
#[must_use]
pub fn named_product(typed: &str) -> Option<Line> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().count() > PRODUCT_MAX {
        return None;
    }
    let code = |kind| event::Code { kind, value: typed.to_owned() };
    let mut codes = [CodeKind::Product, CodeKind::Sku, CodeKind::Gtin, CodeKind::Till].map(code);
    codes.sort_unstable();
    Some(Line { codes: codes.into(), quantity_milli: 1_000, ..Line::default() })
}

fn shown_again(code: &Code, program: &Program, now: Timestamp) -> Option<Given> {
    let fresh = now.since(code.issued_at) < SHOWN_AGAIN_MS && code.used.is_none();
    let text = code.text.clone().filter(|_| fresh)?;
    let offer = program.offers.get(&code.offer)?;
    Some(Given { code: text, until: code.until, ..Given::of(offer, code.issued_at) })
}

/// Every code that a person was given, for that person.
///
/// # Errors
/// If the store cannot be read.
pub fn codes_json<R: Reader>(
    reader: &R,
    program: &Program,
    record: &Record,
) -> Result<Vec<Value>, regulars_store::StoreError> {
    let mut codes = reader.codes_of(&former_ids(record))?;
    codes.sort_by_key(|code| std::cmp::Reverse(code.issued_at));
    let one = |code: &Code| {
        json!({
            "offer": code.offer,
            "gives": program.offers.get(&code.offer).map(|offer| offer.benefit.to_string()),
            "code": code.text,
            "given_at": code.issued_at.to_string(),
            "until": code.until.to_string(),
            "state": code.state.word(),
            "used_at": code.used.as_ref().map(|used| used.at.to_string()),
            "taken_back_at": code.taken_back_at.map(|at| at.to_string()),
        })
    };
    Ok(codes.iter().map(one).collect())
}
