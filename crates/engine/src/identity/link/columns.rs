//! Guesses what the columns of a table mean, by the words of their headers and the shape of values.

use super::birth::BirthDate;
use super::field::Field;

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A field of the record. Where several columns are one field, the first that is not empty counts.
    Field(Field),
    /// Names the row in what is told about it; never compared.
    Id,
    /// Names where the row comes from; never compared.
    Source,
    /// Not looked at.
    Ignored,
}

/// Guesses each column; `rows` are some rows of the table, each with a value a column.
#[must_use]
pub fn guess(headers: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let words: Vec<Vec<String>> = headers.iter().map(|header| words(header)).collect();
    let numbered = words.iter().any(|words| street_number(words));
    let mut uniques = 0;
    let mut others = 0;
    let mut id = false;
    let mut guessed = Vec::with_capacity(headers.len());
    for (at, words) in words.iter().enumerate() {
        let mut column = by_words(words, numbered);
        match &mut column {
            Column::Id if id => column = Column::Ignored,
            Column::Id => id = true,
            Column::Field(Field::Unique(kind)) if uniques < Field::UNIQUES => {
                *kind = uniques;
                uniques += 1;
            }
            Column::Field(Field::Unique(_)) => column = Column::Ignored,
            Column::Field(Field::Word(kind)) if others < Field::WORDS => {
                *kind = others;
                others += 1;
            }
            Column::Field(Field::Word(_)) => column = Column::Ignored,
            Column::Field(_) | Column::Source | Column::Ignored => {}
        }
        let values = || {
            rows.iter().filter_map(|row| row.get(at)).map(|v| v.trim()).filter(|v| !v.is_empty())
        };
        guessed.push(by_shape(column, values));
    }
    guessed
}

/// "dateOfBirth" and "DATE_OF_BIRTH" are the words date, of, birth.
fn words(header: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut lower = false;
    for c in header.trim().chars() {
        if c.is_uppercase() && lower {
            spaced.push(' ');
        }
        lower = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    let folded = super::text::fold(&spaced);
    folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn street_number(words: &[String]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    any(&["streetnumber", "housenumber", "houseno"])
        || any(&["street", "house", "building", "stnum"]) && any(&["number", "no", "nr", "num"])
}

/// Words that stand for a field where they are in a header, unless another word speaks against it.
struct Rule {
    field: Field,
    words: &'static str,
    against: &'static str,
}

const fn rule(field: Field, words: &'static str, against: &'static str) -> Rule {
    Rule { field, words, against }
}

/// In this order; the first that fits decides.
const RULES: [Rule; 22] = [
    rule(Field::Word(0), "org organisation organization company business", ""),
    rule(Field::BirthPlace, "birthplace", ""),
    rule(
        Field::BirthDate,
        "birth dob birthday birthdate born geburtsdatum nacimiento dateofbirth",
        "state order weight",
    ),
    rule(
        Field::Given,
        "given first forename firstname fname givenname vorname nombre prenom",
        "seen visit order login purchase line",
    ),
    rule(Field::Middle, "middle middlename", ""),
    rule(
        Field::Surname,
        "surname last family lastname lname familyname nachname apellido apellidos",
        "seen visit order login purchase",
    ),
    rule(Field::Generation, "suffix generation", ""),
    rule(Field::FullName, "name fullname", "user shop store product title"),
    rule(Field::Email, "email mail", ""),
    rule(Field::Phone, "phone telephone mobile cell tel msisdn phonenumber telefono", ""),
    rule(Field::Device, "device cookie anonymous install browser", ""),
    rule(
        Field::Unique(0),
        "ssn soc nhs nino loyalty passport tin lei customerid memberid patientid nationalid itin curp dni nif",
        "",
    ),
    rule(Field::Unique(0), "tax national", "form year office region"),
    rule(Field::Unique(0), "license licence", "state"),
    rule(Field::City, "suburb city town locality municipality ciudad ort", ""),
    rule(Field::Postcode, "postcode zip zipcode postal plz postalcode cp", ""),
    rule(Field::State, "state province region county provincia", "license licence"),
    rule(Field::AddressMore, "address2 line2 box", ""),
    rule(Field::Address, "address addr street address1 line1 direccion", "ip mac 3"),
    rule(Field::Sex, "sex gender", ""),
    rule(Field::Occupation, "occupation profession job", ""),
    rule(Field::Word(0), "race ethnicity", ""),
];

const NOT_OF_THE_PERSON: &str = "type country status amount category cluster household entity truth label \
    created updated employer employers spouse guardian emergency relationship relation event survey";

fn by_words(words: &[String], numbered: bool) -> Column {
    let any = |list: &str| words.iter().any(|word| list.split(' ').any(|known| known == word));
    let whole = words.join(" ");
    match whole.as_str() {
        "id" | "rec id" | "recid" | "record id" | "recordid" | "row id" | "rowid" | "unique id"
        | "uid" | "key" | "index" => {
            return Column::Id;
        }
        "source" | "data source" | "datasource" | "system" | "origin" | "source dataset"
        | "channel" => return Column::Source,
        _ => {}
    }
    // What describes another value ("passport country", "phone type"), somebody else, or a moment, and
    // what a test set knows.
    if any(NOT_OF_THE_PERSON) {
        return Column::Ignored;
    }
    if whole == "age" || any("age") && any("years at") {
        return Column::Field(Field::Age);
    }
    if any("unit apartment apt flat suite") && !any("price") {
        return Column::Field(Field::Unit);
    }
    let number = any("id number no nr num security");
    if any("birth born") && any("place city town county location") {
        return Column::Field(Field::BirthPlace);
    }
    if any(RULES[3].words) && any(RULES[5].words) {
        return Column::Field(Field::FullName);
    }
    if number && any("customer member client patient card account social") {
        return Column::Field(Field::Unique(0));
    }
    if street_number(words) {
        return Column::Field(Field::StreetNumber);
    }
    if any("street road") && any("name") {
        return Column::Field(Field::Street);
    }
    if any("address addr street line") && any("2") {
        return Column::Field(Field::AddressMore);
    }
    let fits = |rule: &&Rule| any(rule.words) && (rule.against.is_empty() || !any(rule.against));
    match RULES.iter().find(fits).map(|rule| rule.field) {
        Some(Field::Address) if numbered => Column::Field(Field::Street),
        Some(field) => Column::Field(field),
        None => Column::Ignored,
    }
}

/// A header may say one thing and the values another; then the values are believed.
fn by_shape<'a, I: Iterator<Item = &'a str>>(column: Column, values: impl Fn() -> I) -> Column {
    let share = |test: &dyn Fn(&str) -> bool| {
        let (mut all, mut fit) = (0_u32, 0_u32);
        for value in values() {
            all += 1;
            fit += u32::from(test(value));
        }
        if all == 0 { 1.0 } else { f64::from(fit) / f64::from(all) }
    };
    let address = |value: &str| value.contains('@') && value.contains('.');
    match column {
        Column::Ignored if values().next().is_some() && share(&address) > 0.8 => {
            Column::Field(Field::Email)
        }
        Column::Field(Field::Email) if share(&address) < 0.2 => Column::Ignored,
        Column::Field(Field::BirthDate)
            if share(&|value| BirthDate::parse(value).is_some()) < 0.2 =>
        {
            Column::Ignored
        }
        Column::Field(Field::Phone)
            if share(&|value| value.bytes().filter(u8::is_ascii_digit).count() >= 5) < 0.2 =>
        {
            Column::Ignored
        }
        Column::Field(_) | Column::Id | Column::Source | Column::Ignored => column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headers: &str) -> Vec<String> {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        let name = |column: &Column| match column {
            Column::Field(field) => field.name(),
            Column::Id => "id".to_owned(),
            Column::Source => "source".to_owned(),
            Column::Ignored => "-".to_owned(),
        };
        guess(&headers, &[]).iter().map(name).collect()
    }

    #[test]
    fn headers_are_read_as_words() {
        assert_eq!(
            guessed(
                "rec_id, given_name, surname, street_number, address_1, address_2, suburb, soc_sec_id"
            ),
            [
                "id",
                "given",
                "surname",
                "street_number",
                "street",
                "address_more",
                "city",
                "unique1"
            ]
        );
        assert_eq!(
            guessed(
                "CustomerId,FirstName,dateOfBirth,E-Mail,Mobile,cluster,PASSPORT_NUMBER,PASSPORT_COUNTRY"
            ),
            ["unique1", "given", "birth_date", "email", "phone", "-", "unique2", "-"]
        );
        assert_eq!(
            guessed(
                "middle_initial,age,street_name,unit_number,zipcode,race_ethnicity,employer_name,tax_form,mailing_address_po_box"
            ),
            ["middle", "age", "street", "unit", "postcode", "word1", "-", "-", "address_more"]
        );
    }
}
