//! Events: immutable facts in the words of retail. Nothing here knows where they came from.

mod amount;
#[expect(clippy::module_inception, reason = "the folder's main type has its own file")]
mod event;
mod kind;
mod line;
mod push;
mod value;

pub use amount::{Currency, Money, minor_units, parse_decimal};
pub use event::{
    Consent, ConsentAnswer, Document, Event, LogPosition, Mode, Order, Place, Purpose, Reference,
};
pub use kind::{Channel, Kind};
pub use line::{Code, CodeKind, Line};
pub use push::PushSubscription;
pub use value::{Map, Value};
