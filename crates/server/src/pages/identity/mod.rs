//! Identity: pairs to review, health, linking, what changed and what staff said.

mod health;
mod linking;
mod past;
mod review;

pub(super) use health::page as health_page;
pub(super) use linking::{act as linking_act, page as linking, version as linking_version};
pub(super) use past::{changes, said, undo};
pub(crate) use review::weights as weights_shown;
pub(super) use review::{act, page, pair};
