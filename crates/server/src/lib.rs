//! HTTP API, web pages and workers; composes the other crates.

pub mod access;
pub mod clock;
pub mod clockwork;
pub mod dry_run;
pub mod explain;
pub mod hooks;
pub mod http;
pub mod identity;
pub mod import;
pub mod linkage;
pub mod live;
pub mod measure;
pub mod pages;
pub mod repair;
pub mod scores;
pub mod secret;
pub mod segments;
pub mod sending;
pub mod serve;
pub mod signing;
pub mod staff;
pub mod ui;
pub mod words;
pub mod writer;
