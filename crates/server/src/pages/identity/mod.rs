//! Identity: pairs to review, health, what changed and what staff said.

mod health;
mod past;
mod review;

pub(super) use health::page as health_page;
pub(super) use past::{changes, said, undo};
pub(super) use review::{act, page, pair};
