//! The demo: a seeded town of shoppers, lived through on a virtual clock until a moment ago.

mod history;
mod shop;

pub(crate) use history::{Size, USER, live_through};
