//! Numbers, money and times as each language writes them.

pub mod money;
pub mod number;
pub mod time;
