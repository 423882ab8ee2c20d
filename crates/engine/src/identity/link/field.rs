//! The fields a record may have, as the world outside names them.

/// What a value says about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Given name, perhaps several.
    Given,
    /// Family name.
    Surname,
    /// The whole name in one value: "Jones, Kaylee", "Dr Maria Silva Jr".
    FullName,
    /// Middle names or initials.
    Middle,
    /// Jr, Sr, II, III: tells father from son.
    Generation,
    /// Date of birth.
    BirthDate,
    /// Age in years; it is compared where a date of birth is missing.
    Age,
    /// Sex or gender.
    Sex,
    /// A street address in one value, with or without the place.
    Address,
    /// The house number alone.
    StreetNumber,
    /// The street alone.
    Street,
    /// The flat alone.
    Unit,
    /// A second address line: house, estate, neighbourhood.
    AddressMore,
    /// City, town or suburb.
    City,
    /// Postal code.
    Postcode,
    /// State, province or region.
    State,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// A number that one person has: loyalty card, customer number, national id. Up to
    /// [`Field::UNIQUES`] kinds.
    Unique(u8),
    /// A device or cookie.
    Device,
    /// Place of birth.
    BirthPlace,
    /// Occupation.
    Occupation,
    /// Any other word that describes a person. Up to [`Field::WORDS`] kinds.
    Word(u8),
}

impl Field {
    /// How many kinds of unique numbers a record may carry.
    pub const UNIQUES: u8 = 4;
    /// How many kinds of other words a record may carry.
    pub const WORDS: u8 = 2;

    /// The field with this name, as `--columns` writes it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
        let numbered = |stem: &str, count| {
            let number = name.strip_prefix(stem)?.parse::<u8>().ok()?;
            (1..=count).contains(&number).then(|| number - 1)
        };
        plain
            .or_else(|| numbered("unique", Self::UNIQUES).map(Self::Unique))
            .or_else(|| numbered("word", Self::WORDS).map(Self::Word))
    }

    /// The field's name.
    #[must_use]
    pub fn name(self) -> String {
        if let Some((name, _)) = Self::NAMES.iter().find(|(_, field)| *field == self) {
            return (*name).to_owned();
        }
        let (Self::Unique(kind) | Self::Word(kind)) = self else {
            unreachable!("all others are in the table")
        };
        let stem = if matches!(self, Self::Unique(_)) { "unique" } else { "word" };
        format!("{stem}{}", kind + 1)
    }

    /// Names of the fields that are not numbered.
    pub const NAMES: [(&str, Self); 21] = [
        ("given", Self::Given),
        ("surname", Self::Surname),
        ("full_name", Self::FullName),
        ("middle", Self::Middle),
        ("generation", Self::Generation),
        ("birth_date", Self::BirthDate),
        ("age", Self::Age),
        ("sex", Self::Sex),
        ("address", Self::Address),
        ("street_number", Self::StreetNumber),
        ("street", Self::Street),
        ("unit", Self::Unit),
        ("address_more", Self::AddressMore),
        ("city", Self::City),
        ("postcode", Self::Postcode),
        ("state", Self::State),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("device", Self::Device),
        ("birth_place", Self::BirthPlace),
        ("occupation", Self::Occupation),
    ];
}
