//! Who is who, as it is read: why two are one or are not, how a person came together, what changed,
//! what staff said, and who is possibly one. The rules are the engine's; this only reads.

mod compared;
mod household;
mod past;
mod queue;
mod rules;
mod said;
mod survey;

pub use compared::{Compared, against, alike_by, compared, joined_by, told_json};
pub use household::{household, household_json, through};
pub use past::{PastMoment, past, past_json};
pub use queue::{Pending, PossibleTwin, pending, pending_json, possible_twins};
pub use rules::{rules_json, rules_text};
pub use said::{Said, change_json, said, said_json};
pub use survey::{DAYS, Look, Surveyed, Surveys, surveyed_json};
