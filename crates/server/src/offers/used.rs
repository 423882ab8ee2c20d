//! What a till or a shop is told of a code.

use regulars_engine::offer::{Refusal, Usable};
use regulars_engine::program::Program;
use regulars_engine::work::Redeemed;
use serde_json::{Value, json};

use super::money_json;

/// Whether a code may be used. Every answer has the same keys.
#[must_use]
pub fn valid_json(found: &Result<(String, Usable), Refusal>, program: &Program) -> Value {
    let (offer, usable) = match found {
        Ok((offer, usable)) => (Some(offer.as_str()), Some(usable)),
        Err(_) => (None, None),
    };
    told("valid", found.as_ref().err().copied(), (offer, usable), program)
}

/// What became of a redemption. Every answer has the same keys.
#[must_use]
pub fn redeemed_json(done: &Redeemed, program: &Program) -> Value {
    let mut json = match done {
        Redeemed::Done { offer, usable, .. } => {
            told("redeemed", None, (Some(offer), Some(usable)), program)
        }
        Redeemed::Again { offer } => told("redeemed", None, (Some(offer), None), program),
        Redeemed::Refused(refusal) => told("redeemed", Some(*refusal), (None, None), program),
    };
    if let Redeemed::Done { cost: Some(cost), .. } = done {
        json["takes_off"] = money_json(*cost);
    }
    json["again"] = matches!(done, Redeemed::Again { .. }).into();
    json
}

fn told(
    what: &str,
    refusal: Option<Refusal>,
    (offer, usable): (Option<&str>, Option<&Usable>),
    program: &Program,
) -> Value {
    let gives = offer.and_then(|offer| program.offers.get(offer));
    json!({
        what: refusal.is_none(),
        "reason": refusal.map(Refusal::word),
        "message": refusal.map(Refusal::words),
        "offer": offer,
        "gives": gives.map(|offer| offer.benefit.to_string()),
        "takes_off": usable.and_then(|usable| usable.takes_off).map(money_json),
        "lines": usable.map(|usable| usable.lines.as_slice()).unwrap_or_default(),
    })
}
