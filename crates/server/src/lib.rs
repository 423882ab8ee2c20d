//! HTTP API, web pages and workers; composes the other crates.

pub mod clock;
pub mod dry_run;
pub mod live;
pub mod ui;
pub mod writer;
