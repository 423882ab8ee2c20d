//! Reading what an offer gives: `20 % off`, `5 EUR off`, `free shipping`, `100 points`, `gift: a cap`.

use super::fields::Read;
use super::form::Form;
use super::mistake::quoted;
use super::units::{line, parse_money};
use super::yaml::{Node, Sheet};

/// What an offer gives, in its normal wording.
pub(super) fn offer(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    match parse(&text) {
        Ok(offer) => Some((offer.clone(), Form::Text(offer))),
        Err(cure) => {
            sheet.wrong(node.at.start, format!("{} is no offer", quoted(&text)), cure);
            None
        }
    }
}

fn parse(text: &str) -> Result<String, String> {
    let lower = text.to_lowercase();
    if lower == "free shipping" {
        return Ok(lower);
    }
    if let Some(gift) = text.strip_prefix("gift:").map(str::trim).filter(|gift| !gift.is_empty()) {
        return Ok(format!("gift: {gift}"));
    }
    if let Some(points) = lower.strip_suffix("points").map(str::trim) {
        return match points.parse::<u32>() {
            Ok(points) if points > 0 => Ok(format!("{points} points")),
            Ok(_) | Err(_) => Err("write a whole number: 100 points".to_owned()),
        };
    }
    let Some(off) = lower.strip_suffix("off").map(str::trim) else {
        return Err(
            "write 20 % off, 5 EUR off, free shipping, 100 points, or gift: a cap".to_owned()
        );
    };
    if let Some(percent) = off.strip_suffix('%').map(str::trim) {
        return match percent.parse::<u8>() {
            Ok(percent @ 1..=100) => Ok(format!("{percent} % off")),
            Ok(_) | Err(_) => Err("a percentage is a whole number from 1 to 100".to_owned()),
        };
    }
    let money = parse_money(off)?;
    if money.minor == 0 {
        return Err("an offer is worth more than nothing".to_owned());
    }
    Ok(format!("{money} off"))
}
