//! Offers for one person: what may be given now, what is given, what was given.

use super::Reason;

/// The page of offers for one person.
#[derive(Debug, Clone, Default)]
pub struct GiftsModel {
    /// The person's id.
    pub person: String,
    /// The person's name, where one is known.
    pub name: Option<String>,
    /// The product it is to be for, as it was typed; empty: what is open in the cart.
    pub product: String,
    /// What is open in the cart.
    pub cart: Vec<String>,
    /// Every offer, and whether it may be given now.
    pub offers: Vec<GiftRow>,
    /// The offer that somebody came for, which stands first.
    pub wanted: Option<String>,
    /// What the ids of gifts of this page begin with.
    pub id: String,
    /// What came of the form.
    pub told: Option<GiftTold>,
    /// Codes that the person was given, the latest first.
    pub given: Vec<GivenRow>,
}

/// An offer, and whether it may be given now.
#[derive(Debug, Clone)]
pub struct GiftRow {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub gives: String,
    /// Whether it may be given; `None`: that is not known.
    pub may: Option<bool>,
    /// Why not.
    pub reasons: Vec<Reason>,
}

/// What came of giving an offer.
#[derive(Debug, Clone)]
pub enum GiftTold {
    /// It was given: what, its code, and until when it may be used.
    Given(String, String, i64),
    /// It was given before, and its code is not shown again.
    Before,
    /// It was taken back before: give another one.
    Revoked,
    /// A code of this offer is taken back.
    TakenBack(String),
    /// That of this offer had been taken back before.
    TakenBackBefore(String),
    /// The code of this offer was used, and stays so.
    Used(String),
    /// It was not given: which offer, and why.
    Not(String, Vec<Reason>),
}

/// A code that was given.
#[derive(Debug, Clone)]
pub struct GivenRow {
    /// Of which offer.
    pub offer: String,
    /// What it gives, where the offer is still defined.
    pub gives: Option<String>,
    /// When it was given.
    pub at: i64,
    /// Until when it may be used.
    pub until: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// When staff took it back.
    pub taken_back_at: Option<i64>,
    /// The id of the gift and who gave it, where staff gave it by hand.
    pub gift: Option<(String, String)>,
}
