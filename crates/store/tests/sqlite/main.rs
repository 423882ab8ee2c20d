//! What only the embedded backend has: files, locks, backups, checks, a process that is killed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "../contract/backend.rs"]
mod backend;
#[path = "../contract/calls.rs"]
#[expect(dead_code, reason = "its promises run in the contract; here its calls are of use")]
mod calls;
#[path = "../contract/erase.rs"]
#[expect(dead_code, reason = "its promises run in the contract; here its shop is of use")]
mod erase;
#[path = "../contract/shop.rs"]
mod shop;

mod backup;
mod crash;
mod files;
mod tidy;
mod verify;
