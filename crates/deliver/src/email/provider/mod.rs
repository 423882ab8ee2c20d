//! E-mail through a provider's HTTP interface: Postmark, SendGrid, Amazon SES.
//!
//! The line that matters is the same as with a mail server: before the server may have all of the
//! request nothing is delivered, after that only its answer tells. A provider's own breakdown in the
//! middle (a status of 500, 502, 504) is no answer: the message may be on its way.

mod client;
mod postmark;
mod sendgrid;
mod ses;
mod settings;
mod sign_v4;

pub use client::ProviderClient;
pub use settings::{Provider, ProviderSettings};
