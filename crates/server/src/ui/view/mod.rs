//! The pages. Each is a pure function of the context and its model.

pub mod access;
pub mod channels;
pub mod editor;
pub mod confirm;
pub mod error;
pub mod identity;
pub mod journey;
pub mod journeys;
pub mod messages;
pub mod notices;
pub mod offers;
pub mod outbox;
pub mod people;
pub mod person;
pub mod preferences;
pub mod quarantine;
pub mod reply;
pub mod reports;
pub mod rhythm;
pub mod scores;
pub mod segment;
pub mod segments;
pub mod sizes;
pub mod source;
pub mod sources;
pub mod today;
