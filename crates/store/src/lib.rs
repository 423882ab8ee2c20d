//! The log and all state, in one directory. One trait, shaped by the engine; the embedded SQLite
//! backend is the default.
