//! Laws, tables and worked examples of the condition language.

mod answers;
mod language;
