//! DKIM (RFC 6376): a message says which domain vouches for it, and anybody can check.
//!
//! Relaxed canonicalization of both header and body; RSA with SHA-256 (RFC 8301), and Ed25519 beside
//! it (RFC 8463) for receivers that know it. `List-Unsubscribe` and `List-Unsubscribe-Post` are among
//! what is signed, as one-click unsubscription asks (RFC 8058 §4).

mod canonical;
mod key;
mod sign;

pub use key::{Algorithm, DkimKey, KeyError, NewKey, Record};
pub use sign::Signers;
