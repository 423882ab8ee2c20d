//! Everything known of one person, for the person: the right of access, and to take data along
//! (GDPR, articles 15 and 20). As JSON for programs, and as a page that needs nothing but a browser.
//!
//! **Invariant:** nothing of others is in it. Identifiers that are not the person's own are hidden
//! wherever they stand, and reasons that somebody else's deeds make tell no facts.

mod file;
mod gather;
mod others;

pub use file::as_page;
pub use gather::disclosure;
pub use others::Own;
