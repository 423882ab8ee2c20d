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

/// Guesses each column by its header, a path where values nest ("customer.email"); `rows` are some rows of the table, each with a value a column.
#[must_use]
pub fn guess(headers: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let headers: Vec<Header> = headers.iter().map(|header| Header::of(header)).collect();
    let numbered = headers.iter().any(|header| street_number(&header.all));
    let mut uniques = 0;
    let mut others = 0;
    let mut id = false;
    let mut guessed = Vec::with_capacity(headers.len());
    for (at, header) in headers.iter().enumerate() {
        if header.of_others() {
            guessed.push(Column::Ignored);
            continue;
        }
        let mut column = header.meaning(numbered);
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
    beside_each_other(&mut guessed, rows);
    guessed
}

/// A header as words: "dateOfBirth" and "DATE_OF_BIRTH" are date, of, birth.
struct Header {
    /// Of "customer.address.city" the last word.
    last: Vec<String>,
    /// What holds it: customer, address.
    outer: Vec<String>,
    all: Vec<String>,
}

impl Header {
    fn of(header: &str) -> Self {
        let nests = header.contains('.')
            && header
                .split('.')
                .all(|part| !part.is_empty() && !part.contains(char::is_whitespace));
        let (outer, last) = header.rsplit_once('.').filter(|_| nests).unwrap_or(("", header));
        Self { last: words(last), outer: words(outer), all: words(header) }
    }

    /// Whether it is of somebody or something else: "store.email".
    fn of_others(&self) -> bool {
        self.outer.iter().any(|word| NOT_A_PERSON.split(' ').any(|known| known == word))
    }

    /// What it is by its own words; where they say nothing ("birth.date"), with those of what holds it.
    fn meaning(&self, numbered: bool) -> Column {
        let column = by_words(&self.last, numbered);
        let silent = matches!(column, Column::Ignored | Column::Id) && !self.outer.is_empty();
        if silent { by_words(&self.all, numbered) } else { column }
    }
}

/// "Vorname" and "Name" are given name and surname; one column of names holds both.
fn beside_each_other(columns: &mut [Column], rows: &[Vec<String>]) {
    let at = |field: Field| columns.iter().position(|column| *column == Column::Field(field));
    let (given, surname, full) = (at(Field::Given), at(Field::Surname), at(Field::FullName));
    match (given, surname, full) {
        (Some(_), None, Some(name)) => columns[name] = Column::Field(Field::Surname),
        (Some(name), None, None) => {
            let values = || rows.iter().filter_map(|row| row.get(name)).map(|value| value.trim());
            let named = values().filter(|value| !value.is_empty()).count();
            let several = values().filter(|value| value.contains(char::is_whitespace)).count();
            if several * 2 > named {
                columns[name] = Column::Field(Field::FullName);
            }
        }
        _ => {}
    }
}

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
    any(&["streetnumber", "housenumber", "houseno", "hausnummer", "hausnr", "dom"])
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

/// In this order; the first that fits decides. English, German, Spanish, French, Italian, Portuguese and
/// Russian, as folding writes them.
const RULES: [Rule; 24] = [
    rule(Field::Word(0), "org organisation organization company business firma empresa", ""),
    rule(Field::BirthPlace, "birthplace", ""),
    rule(
        Field::BirthDate,
        "birth dob birthday birthdate born geburtsdatum nacimiento dateofbirth naissance nascita \
         nascimento rozhdeniia",
        "state order weight",
    ),
    rule(
        Field::Given,
        "given first forename firstname fname givenname vorname nombre nombres prenom nome imia",
        "seen visit order login purchase line usuario tienda producto polzovatelia",
    ),
    rule(Field::Middle, "middle middlename otchestvo", ""),
    rule(
        Field::Surname,
        "surname last family lastname lname familyname nachname apellido apellidos nom cognome sobrenome \
         apelido familiia",
        "seen visit order login purchase magasin produit utilisateur",
    ),
    rule(Field::Generation, "suffix generation", ""),
    rule(Field::FullName, "name fullname fio", "user shop store product title"),
    rule(Field::Email, "email mail correo courriel pochta", ""),
    rule(
        Field::Phone,
        "phone telephone mobile cell tel msisdn phonenumber telefono telefon handy movil celular telefone \
         telemovel mobilnyi",
        "",
    ),
    rule(Field::Device, "device cookie anonymous install browser", ""),
    rule(
        Field::Unique(0),
        "ssn soc nhs nino loyalty passport tin lei customerid memberid patientid nationalid itin curp dni nif \
         nie cpf snils kundennummer kundennr",
        "",
    ),
    rule(Field::Unique(0), "tax national", "form year office region"),
    rule(Field::Unique(0), "license licence", "state"),
    rule(
        Field::City,
        "suburb city town locality municipality ciudad ort stadt ville citta cidade localidad poblacion gorod",
        "",
    ),
    rule(
        Field::Postcode,
        "postcode zip zipcode postal plz postleitzahl postalcode cp cep indeks",
        "",
    ),
    rule(
        Field::State,
        "state province region county provincia bundesland oblast",
        "license licence",
    ),
    rule(Field::AddressMore, "address2 line2 box", ""),
    rule(
        Field::Address,
        "address addr street address1 line1 direccion anschrift adresse indirizzo endereco morada adres",
        "ip mac 3",
    ),
    rule(Field::Address, "strasse calle domicilio rua rue ulitsa", "number nr no"),
    rule(Field::Sex, "sex gender geschlecht sexo sexe sesso genero pol", ""),
    rule(Field::Occupation, "occupation profession job beruf profesion", ""),
    rule(Field::Unit, "kvartira", ""),
    rule(Field::Word(0), "race ethnicity", ""),
];

/// Headers of languages that write no blanks between words, as folding spells them.
const WHOLE: [(&str, Field); 16] = [
    ("xing ming", Field::FullName),
    ("ming zi", Field::Given),
    ("ming", Field::Given),
    ("xing", Field::Surname),
    ("chu sheng ri qi", Field::BirthDate),
    ("sheng ri", Field::BirthDate),
    ("dian hua", Field::Phone),
    ("shou ji", Field::Phone),
    ("shou ji hao", Field::Phone),
    ("you xiang", Field::Email),
    ("dian zi you jian", Field::Email),
    ("di zhi", Field::Address),
    ("cheng shi", Field::City),
    ("sheng", Field::State),
    ("you bian", Field::Postcode),
    ("xing bie", Field::Sex),
];

/// What holds values of somebody or something else.
const NOT_A_PERSON: &str = "store shop merchant vendor supplier seller employer location warehouse till register \
    product item items line lines company";

const NOT_OF_THE_PERSON: &str = "type country status amount category cluster household entity truth label \
    created updated employer employers spouse guardian emergency relationship relation event survey";

fn by_words(words: &[String], numbered: bool) -> Column {
    let any = |list: &str| words.iter().any(|word| list.split(' ').any(|known| known == word));
    let whole = words.join(" ");
    if let Some((_, field)) = WHOLE.iter().find(|(known, _)| *known == whole) {
        return Column::Field(*field);
    }
    match whole.as_str() {
        "id" | "rec id" | "recid" | "record id" | "recordid" | "row id" | "rowid" | "unique id"
        | "uid" | "key" | "index" | "kod" | "bian hao" => {
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
    let number = any("id number no nr num numero nummer nomer security");
    if any("birth born") && any("place city town county location") {
        return Column::Field(Field::BirthPlace);
    }
    let whole_name = any("completo full complet volledige polnoe") && any(RULES[3].words);
    if whole_name || any(RULES[3].words) && any(RULES[5].words) {
        return Column::Field(Field::FullName);
    }
    if number
        && any("customer member client patient card account social cliente client klienta kunden")
    {
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

    #[test]
    fn headers_of_other_languages_are_read() {
        for (headers, meant) in [
            (
                "Kundennummer,Vorname,Name,Geburtsdatum,Straße,Hausnummer,PLZ,Ort,E-Mail,Telefon",
                "unique1 given surname birth_date street street_number postcode city email phone",
            ),
            (
                "Nombre,Apellidos,Fecha de nacimiento,Correo electrónico,Teléfono móvil,Dirección,Código postal,Población",
                "given surname birth_date email phone address postcode city",
            ),
            (
                "Фамилия,Имя,Отчество,Дата рождения,Эл. почта,Телефон,Адрес,Город,Индекс,Пол",
                "surname given middle birth_date email phone address city postcode sex",
            ),
            ("Prénom,Nom,Date de naissance,Adresse,Ville", "given surname birth_date address city"),
            ("姓名,出生日期,手机,邮箱,地址,城市", "full_name birth_date phone email address city"),
            ("ФИО,Дата создания,Номер клиента", "full_name - unique1"),
            ("Nº cliente,nombre_completo,calle", "unique1 full_name address"),
        ] {
            assert_eq!(guessed(headers).join(" "), meant, "{headers}");
        }
    }

    #[test]
    fn paths_are_read_from_their_last_word_on() {
        assert_eq!(
            guessed("id,customer.id,customer.email,store.email,birth.date,customer.address.city,order.id").join(" "),
            "id unique1 email - birth_date city -"
        );
    }

    #[test]
    fn the_address_of_a_store_is_nobodys() {
        let headers = ["store.email".to_owned(), "email_of_buyer".to_owned()];
        let row = vec!["porto@shop.example".to_owned(), "ana@example.com".to_owned()];
        assert_eq!(guess(&headers, &[row]), [Column::Ignored, Column::Field(Field::Email)]);
    }

    #[test]
    fn a_column_of_whole_names_is_seen_by_its_values() {
        let rows = |names: [&str; 3]| names.map(|name| vec![name.to_owned()]).to_vec();
        let header = ["Nombre".to_owned()];
        let whole = rows(["Ana Silva", "Boris Iglesias Prado", "Carmen"]);
        assert_eq!(guess(&header, &whole), [Column::Field(Field::FullName)]);
        let given = rows(["Ana", "Boris", "María José"]);
        assert_eq!(guess(&header, &given), [Column::Field(Field::Given)]);
    }
}
