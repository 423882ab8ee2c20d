//! The live shop: the writer on a thread of its own, and the deliverers beside it.

mod ahead;
mod caller;
mod context;
mod deliverer;
mod desk;
mod entry;
mod links;
mod own_mail;
mod push;
mod said_of;
mod sales;
mod staff_mail;
mod templates;
mod token;
mod trouble;

pub use caller::{Caller, call_others};
pub use context::{Lists, message_context, site_context, unsubscribe_url};
pub use deliverer::{Deliverers, Rendering, deliver};
pub use desk::{Desk, DeskError, start};
pub(crate) use links::{Follower, destination, followed, of_somebody};
pub(crate) use own_mail::OwnMail;
pub(crate) use push::dismissed;
pub(crate) use sales::slice_after;
pub use sales::{DAYS, DaySales, Sales};
pub use staff_mail::tell_staff;
pub use templates::template_mistakes;
pub(crate) use templates::{compile, mistakes_of, place_of, purpose_of, says};
pub(crate) use token::mark;
pub use token::{LinkToken, Token, message_mark};
pub use trouble::{Lasting, Trouble};
