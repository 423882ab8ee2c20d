//! Scores of a shop: the model is fitted on everybody in the background and kept as an immutable
//! version; what it says of one person is computed on read, and told in sentences.

mod background;
mod fit;
mod json;

pub use crate::ui::scored::{Sentence, sentences};
pub use background::{Fitting, State, keep_fitted};
pub use fit::{VERSIONS_MAX, fit, keep, migration, stored, versions};
pub use json::{day_of_text, day_text, fitting_json, migration_json, model_json, scores_json};
