//! Templates as the API, the pages and the command line show them: what each says, how it looks for
//! anybody, and what people's data lacks for it.

mod json;
mod lengths;
mod listed;
mod on_site;
mod preview;
mod scheme;
mod sketch;
mod tally;
mod test_send;
mod trial;

pub use regulars_deliver::template::Otherwise;

pub use lengths::{Length, lengths};
pub use listed::{Listed, list, list_caught_up};
pub use on_site::{OVER_THE_PAGE_PX, slots_of};
pub use preview::{Preview, Previews, StandIn};
pub use scheme::Scheme;
pub use sketch::{PushSketch, TemplateSketch};
pub use tally::{DAYS, Sent, Tally};
pub use test_send::{Sender, TestError, TestSend, Tested, test_send};
pub(crate) use trial::beginning;
pub use trial::{Failure, Finding, SAMPLE, Sample, Trial, trial};
