//! The `regulars` command.

fn main() {}
