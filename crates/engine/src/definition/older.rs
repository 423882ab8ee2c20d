//! Reading back a journey that is no longer live, for the people inside.

use super::form::hash;
use super::journey;
use super::mistake::Findings;
use super::yaml::{self, Document, Sheet};
use crate::journey::Journey;

/// The journey of a canonical form that a store kept, with its version. What it refers to (its
/// templates and segments) is looked up when it is used, since it may be gone.
///
/// `None` if `canonical` is no journey in its canonical form.
#[must_use]
pub fn older(canonical: &str) -> Option<Journey> {
    let findings = Findings::default();
    let sheet = Sheet::new("", canonical, &findings);
    let mut documents = yaml::read(&sheet).into_iter();
    let (Some(Document::Whole(node)), None) = (documents.next(), documents.next()) else {
        return None;
    };
    let (_, journey, _) = journey::read(&sheet, &node)?;
    let (mistakes, _) = findings.into_parts();
    let version = hash(canonical);
    journey.filter(|_| mistakes.is_empty()).map(|journey| Journey { version, ..journey })
}
