//! Look-ups in memory. Each is rebuilt at start from packed rows, and holds keyed hashes only.

mod key_map;
mod message_keys;
pub(crate) mod packed;

pub(crate) use key_map::KeyMap;
pub(crate) use message_keys::MessageKeys;
