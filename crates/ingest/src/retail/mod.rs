//! The retail vocabulary inside properties: products, orders, places, consents. What no typed part
//! takes stays a property, as it came.

mod consent;
mod fields;
mod lines;
mod order;
mod place;
mod push;

pub(crate) use consent::consent;
pub(crate) use fields::{Field, Properties, check_map, keep};
pub(crate) use lines::{amount, lines, quantity_milli};
pub(crate) use order::{Draft, order, order_key, receipt_key};
pub(crate) use place::{feed, place};
pub(crate) use push::push;
