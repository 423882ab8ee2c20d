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
        let Some(value) = unspoiled(field, value.trim()) else { return };
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

/// What spreadsheets and tables of numbers make of digits: "2000.0" is 2000, and of "3.51913E+11" the
/// digits that told people apart are gone.
fn unspoiled(field: Field, value: &str) -> Option<&str> {
    let digits = match field {
        Field::Phone | Field::Postcode | Field::StreetNumber | Field::Age | Field::Unique(_) => {
            true
        }
        Field::Given | Field::Surname | Field::FullName | Field::Middle | Field::Generation => {
            false
        }
        Field::BirthDate | Field::Sex | Field::Address | Field::Street | Field::Unit => false,
        Field::AddressMore | Field::City | Field::State | Field::Email | Field::Device => false,
        Field::BirthPlace | Field::Occupation | Field::Word(_) => false,
    };
    let whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((before, after)) = value.split_once(['.', ',']).filter(|_| digits) else {
        return Some(value);
    };
    if !whole(before) {
        return Some(value);
    }
    let power = after.split_once("E+").or_else(|| after.split_once("e+"));
    match power {
        Some((some, power)) if whole(some) && whole(power) => None,
        _ if after.bytes().all(|byte| byte == b'0') => Some(before),
        _ => Some(value),
    }
}

/// Words that people and programs write where there is nothing.
fn is_absent(value: &str) -> bool {
    const ABSENT: [&str; 10] =
        ["null", "none", "n/a", "na", "nan", "-", "unknown", "\\n", "#n/a", "<na>"];
    value.len() <= 7 && ABSENT.iter().any(|absent| value.eq_ignore_ascii_case(absent))
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.iter().map(|(field, _)| (field, "***"))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_spreadsheet_spoiled_are_mended_or_left_out() {
        let kept =
            |field, value| Record::default().with(field, value).get(field).map(str::to_owned);
        assert_eq!(kept(Field::Postcode, "2000.0").as_deref(), Some("2000"));
        assert_eq!(kept(Field::Phone, "351912345678,00").as_deref(), Some("351912345678"));
        assert_eq!(kept(Field::Phone, "3.51913E+11"), None);
        assert_eq!(kept(Field::Phone, "912.345.678").as_deref(), Some("912.345.678"));
        assert_eq!(kept(Field::Unique(0), "1.5").as_deref(), Some("1.5"));
        assert_eq!(kept(Field::Street, "5.0").as_deref(), Some("5.0"));
        assert_eq!(kept(Field::City, "#N/A"), None);
    }
}
