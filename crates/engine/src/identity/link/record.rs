//! A record to be linked: what one source says of somebody, field by field.

use super::field::Field;

/// What one source says of somebody. One value a field; empty values are left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Record {
    values: Vec<(Field, String)>, // Invariant: sorted by field, one each, none blank.
}

impl Record {
    /// Adds a value; a blank one is not there, and a field's later value replaces the earlier.
    pub fn set(&mut self, field: Field, value: &str) {
        let value = value.trim();
        if value.is_empty() || is_absent(value) {
            return;
        }
        match self.values.binary_search_by_key(&field, |(field, _)| *field) {
            Ok(at) => value.clone_into(&mut self.values[at].1),
            Err(at) => self.values.insert(at, (field, value.to_owned())),
        }
    }

    /// The record with one more value.
    #[must_use]
    pub fn with(mut self, field: Field, value: &str) -> Self {
        self.set(field, value);
        self
    }

    /// A field's value.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        let at = self.values.binary_search_by_key(&field, |(field, _)| *field).ok()?;
        Some(&self.values[at].1)
    }

    /// All values in order of field.
    pub fn values(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// Empties the record, keeping its memory.
    pub fn clear(&mut self) {
        self.values.clear();
    }
}

/// Words that people and programs write where there is nothing.
fn is_absent(value: &str) -> bool {
    const ABSENT: [&str; 8] = ["null", "none", "n/a", "na", "nan", "-", "unknown", "\\n"];
    value.len() <= 7 && ABSENT.iter().any(|absent| value.eq_ignore_ascii_case(absent))
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.iter().map(|(field, _)| (field, "***"))).finish()
    }
}
