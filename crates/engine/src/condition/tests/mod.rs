//! Laws, tables and worked examples of the condition language.

mod answers;
mod chain;
mod computed;
mod guide;
mod language;
mod laws;
mod membership;
mod naive;
mod path;
mod shop;
mod standing;
mod writing;
mod wrong;
