//! The profile: what a person's events come to, whatever order they arrived in.
//!
//! **Invariant:** every part is a set, a last-write-wins value, or an order-free bounded choice
//! from a set, so that `fold` in any order and `merge` of any two halves give equal bytes.

mod cart;
mod confirmation;
mod consent;
mod figures;
mod fold;
mod offers;
mod orders;
mod path;
mod pulse;
mod push;
mod stamp;
mod standing;

pub(crate) use cart::same_piece;
pub use cart::{Before, CART_OPERATIONS_MAX, Cart, CartChange, CartOperation, Checkouts, OpenLine};
pub use confirmation::DoubleOptIn;
pub use consent::{Break, ConsentRecord, Consents, Suppression, SuppressionCause};
pub use figures::Figures;
pub use fold::{Activity, Interest, Profile, Sent, Ticket, Trait, list_of, list_trait};
pub use offers::{Grant, Offers};
pub use orders::{ORDERS_MAX, OrderRecord, Orders, Refund, Statement};
pub use path::{PATH_MAX, Path, Touch};
pub use pulse::{Act, Beat, MONTH_DAYS, Pulse, SUMS_MAX, UNIT};
pub use push::Subscriptions;
pub use stamp::Stamp;
pub use standing::{Atom, ENTRIES_MAX, Entry, Kept, Standing};
