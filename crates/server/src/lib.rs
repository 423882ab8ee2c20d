//! HTTP API, web pages and workers; composes the other crates.

pub mod ui;
pub mod writer;
