//! Tills that are offline: a list to take along, from which no code can be read, and what they tell
//! when they are back.

use regulars_engine::offer::{CodeState, Refusal, folded};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Redeemed;
use regulars_store::{Reader, StoreError};
use serde_json::{Value, json};

use crate::secret::{CODE_ROUNDS, code_hash, random_hex};

/// The most codes on a list: about four seconds of work, and 10 MB.
const CODES_MAX: usize = 100_000;
/// Codes read at once.
const PAGE: usize = 1_000;

/// A list of the codes that may be used, hashed under a salt of its own; of one offer, or of all.
/// Costs about 40 µs a code: so that whoever finds a list cannot try codes quickly either.
///
/// # Errors
/// If the store cannot be read.
pub fn offline<R: Reader>(
    reader: &R,
    program: &Program,
    offer: Option<&str>,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let salt = random_hex(16);
    let mut codes: Vec<(String, String, Timestamp)> = Vec::new();
    let mut complete = true;
    for name in program.offers.keys().filter(|name| offer.is_none_or(|offer| offer == *name)) {
        let mut after = None;
        loop {
            let page = reader.offer_codes((name, CodeState::Issued), after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (_, code) in page.into_iter().filter(|(_, code)| now <= code.until) {
                let Some(text) = code.text.as_deref().and_then(folded) else { continue };
                if codes.len() == CODES_MAX {
                    complete = false;
                    break;
                }
                codes.push((code_hash(&salt, &text), name.clone(), code.until));
            }
        }
    }
    // By hash: the order says nothing of who got which.
    codes.sort();
    let rows = codes.into_iter().map(|(hash, name, until)| {
        let gives = program.offers.get(&name).map(|offer| offer.benefit.to_string());
        json!({ "hash": hash, "offer": name, "gives": gives, "until": until.to_string() })
    });
    Ok(json!({
        "algorithm": "PBKDF2-HMAC-SHA256",
        "salt": salt,
        "rounds": CODE_ROUNDS.get(),
        "bytes": 16,
        "made_at": now.to_string(),
        "complete": complete,
        "codes": rows.collect::<Vec<_>>(),
    }))
}

/// What became of redemptions that happened at tills that were offline.
#[derive(Clone, Debug, Default)]
pub struct Reconciled {
    rows: Vec<(String, &'static str)>,
}

impl Reconciled {
    /// What a row comes to that nobody looked at any more, since too many were no codes.
    pub const UNHEARD: &'static str = "too_many_wrong_codes";

    /// Notes what became of one.
    pub fn note(&mut self, redemption: &str, done: &Redeemed) {
        let outcome = match done {
            Redeemed::Done { .. } => "redeemed",
            Redeemed::Again { .. } => "again",
            Redeemed::Refused(Refusal::Used) => "used_before",
            Redeemed::Refused(refusal) => refusal.word(),
        };
        self.rows.push((redemption.to_owned(), outcome));
    }

    /// Notes one that nobody looked at.
    pub fn unheard(&mut self, redemption: &str) {
        self.rows.push((redemption.to_owned(), Self::UNHEARD));
    }

    /// How many came to this.
    #[must_use]
    pub fn count(&self, outcome: &str) -> usize {
        self.rows.iter().filter(|(_, found)| *found == outcome).count()
    }

    /// As the API tells it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let row = |(redemption, outcome): &(String, &str)| json!({ "redemption": redemption, "outcome": outcome });
        json!({
            "redeemed": self.count("redeemed"),
            "again": self.count("again"),
            "used_before": self.count("used_before"),
            "not_valid": self.count(Refusal::NotValid.word()),
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }
}
