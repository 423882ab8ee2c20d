//! Asking the DNS what it says of the domain that mail comes from, and whether receivers will like it.
//!
//! A few questions a day, of four types: a resolver of a hundred lines that asks the machine's own name
//! servers does, where a library would bring caches, DNSSEC and a second runtime.
//!
//! **Invariant:** an answer counts only if it comes from the server that was asked, bears the number of
//! the question, and repeats it.

mod domain;
mod name;
mod resolver;
mod rules;
mod wire;

pub use domain::{Asked, check};
pub use name::in_dns;
pub use resolver::{DnsError, Resolver, ServerError};
pub use rules::{Finding, Publish, Standing, Topic, Verdict};
