//! The language: parser, printer, JSON form.

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition;
