//! Partials and words: put in their places when a template is saved, told of where they were written.

use std::collections::BTreeMap;

use regulars_deliver::template::{Beside, Kind, Partial, Problem, Template, TemplateError, Words};
use serde_json::json;

fn template(column: &str) -> Template {
    Template {
        kind: Kind::Transactional,
        subject: "{{ words.subject }}".into(),
        preheader: String::new(),
        body: format!(
            "<mjml lang=\"{{{{ language }}}}\"><mj-body><mj-section><mj-column>\n{column}\n</mj-column></mj-section></mj-body></mjml>"
        ),
        text: None,
    }
}

fn words(all: &[(&str, &[(&str, &str)])]) -> Words {
    let texts = |said: &[(&str, &str)]| {
        said.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    all.iter().map(|(language, said)| ((*language).to_owned(), texts(said))).collect()
}

fn beside(languages: &[&str], partials: &[(&str, &str)]) -> Beside {
    let partial = |body: &str| Partial {
        body: body.to_owned(),
        words: words(&[("en", &[("bye", "Bye")]), ("es", &[("bye", "Adiós")])]),
    };
    Beside {
        partials: partials.iter().map(|(name, body)| ((*name).to_owned(), partial(body))).collect(),
        words: words(&[
            (
                "en",
                &[
                    ("subject", "Hello"),
                    ("hello", "Hello {{ person.first_name | default(\"you\") }}"),
                ],
            ),
            ("es", &[("subject", "Hola")]),
        ]),
        languages: languages.iter().map(|language| (*language).to_owned()).collect(),
    }
}

fn errors(column: &str, beside: &Beside) -> Vec<TemplateError> {
    match template(column).compile_with(beside) {
        Ok(_) => panic!("it compiled: {column}"),
        Err(errors) => errors,
    }
}

#[test]
fn words_are_said_in_the_language_and_where_it_has_none_in_the_next() {
    let partials =
        [("foot", "<mj-text>{{ words.bye }}, {{ person.first_name | upper }}</mj-text>")];
    let column = "<mj-text>{{ words.hello }}</mj-text>{% include 'foot' %}";
    let said = |languages: &[&str]| {
        let made = template(column).compile_with(&beside(languages, &partials));
        let made = made.unwrap_or_else(|errors| panic!("{errors:#?}"));
        made.render(&json!({ "person": { "first_name": "Ana" } })).unwrap()
    };
    let spanish = said(&["es", "en"]);
    assert_eq!(
        (spanish.subject.as_str(), spanish.text.as_str()),
        ("Hola", "Hello Ana\nAdiós, ANA\n")
    );
    assert!(spanish.html.contains("lang=\"es\""), "{}", spanish.html);
    assert_eq!(said(&["en"]).text, "Hello Ana\nBye, ANA\n");
}

#[test]
fn a_partial_knows_what_stands_around_it() {
    let partials = [
        ("row", "<mj-text>{{ product.name }}</mj-text>"),
        ("rows", "{% for product in products[:most] %}{% include \"row\" %}{% endfor %}"),
    ];
    let column = "{% set most = 2 %}\n{% include \"rows\" %}";
    let made = template(column).compile_with(&beside(&["en"], &partials)).unwrap();
    let products: Vec<_> = ["Tee", "Hat", "Sock"].map(|name| json!({ "name": name })).into();
    assert_eq!(made.render(&json!({ "products": products })).unwrap().text, "Tee\n\nHat\n");
}

#[test]
fn mistakes_and_missing_values_are_told_where_they_were_written() {
    let partials = [("foot", "<mj-text>\n{{ a }}</mj-text>\n<mj-text>{{ b }}</mj-text>")];
    let column = "{% include \"foot\" %}<mj-text>{{ c }}</mj-text>\n<mj-text>{{ d }}</mj-text>";
    let made = template(column).compile_with(&beside(&["en"], &partials)).unwrap();
    let mut values = serde_json::Map::new();
    for (value, told) in [
        ("a", "body, partial \"foot\", line 2: a value is missing in {{ a }}; "),
        ("b", "body, partial \"foot\", line 3: a value is missing in {{ b }}; "),
        ("c", "body, line 2: a value is missing in {{ c }}; "),
        ("d", "body, line 3: a value is missing in {{ d }}; "),
    ] {
        let error = made.render(&values).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
        values.insert(value.to_owned(), json!("x"));
    }
    assert!(made.render(&values).is_ok());
    let broken = [("foot", "<mj-text>a</mj-text>\n<mj-txt>b</mj-txt>")];
    let error = &errors("\n{% include \"foot\" %}", &beside(&["en"], &broken))[0];
    assert_eq!((error.within.as_deref(), error.line), (Some("foot"), 2), "{error}");
}

#[test]
fn what_is_not_there_or_goes_round_in_a_circle_is_a_mistake() {
    let partials = [
        ("a", "{% include 'b' %}"),
        ("b", "\n{% include \"a\" %}"),
        ("open", "<mj-text>x</mj-text>\n{% if x %}"),
    ];
    let beside = beside(&["en"], &partials);
    for (column, told) in [
        ("{% include \"c\" %}", "body, line 2: there is no partial \"c\"; use one of a, b, open"),
        (
            "{% include \"a\" %}",
            "body, partial \"b\", line 2: the partial \"a\" is put into itself; take one of them out of the other",
        ),
        (
            "{{ words.helo }}",
            "body, line 2: no words \"helo\" are written, in none of the languages asked; write them under \"words\", or use one of hello, subject",
        ),
        (
            "{{ words.hello | upper }}",
            "body, line 2: words can only be printed as they are; write {{ words.hello }} by itself, and filters inside the words",
        ),
    ] {
        let told_of: Vec<String> =
            errors(column, &beside).iter().map(ToString::to_string).collect();
        assert_eq!(told_of, [told], "{column}");
    }
    let open = &errors("{% include \"open\" %}{% endif %}", &beside)[0];
    assert_eq!(open.within.as_deref(), Some("open"), "{open}");
    let alone: Vec<_> = beside.partial_mistakes().iter().map(TemplateError::place).collect();
    assert_eq!(alone, ["body, partial \"b\"", "body, partial \"a\"", "body, partial \"open\""]);
    for part in ["{% include a %}", "{% include 'a' ignore missing %}", "{% include %}"] {
        assert!(!errors(part, &beside).is_empty(), "{part}");
    }
}

#[test]
fn partials_of_partials_of_partials_stay_bounded() {
    let many = "{% include \"1\" %}".repeat(1_000);
    let next = |number: u32| many.replace('1', &number.to_string());
    let bodies: Vec<(String, String)> =
        (0..8).map(|number| (number.to_string(), next(number + 1))).collect();
    let mut partials: Vec<(&str, &str)> =
        bodies.iter().map(|(name, body)| (name.as_str(), body.as_str())).collect();
    partials.push(("8", ""));
    let error = &errors("{% include \"0\" %}", &beside(&["en"], &partials))[0];
    assert!(matches!(error.problem, Problem::TooLarge { .. }), "{error}");
    let chain: BTreeMap<String, String> =
        (0..40).map(|n| (n.to_string(), format!("{{% include \"{}\" %}}", n + 1))).collect();
    let chain: Vec<(&str, &str)> = chain.iter().map(|(n, b)| (n.as_str(), b.as_str())).collect();
    assert_eq!(
        errors("{% include \"0\" %}", &beside(&["en"], &chain))[0].problem,
        Problem::TooDeep
    );
}

/// Words are text of the template: they may hold markup, and their values are held like all others.
#[test]
fn values_in_words_stay_letters() {
    let mut beside = beside(&["en"], &[]);
    let said = beside.words.get_mut("en").unwrap();
    said.insert("link".into(), "<a href=\"{{ url }}\">{{ name }}</a>".into());
    let made = template("<mj-text>{{ words.link }}</mj-text>").compile_with(&beside).unwrap();
    let html = made.render(&json!({ "url": "https://a.example", "name": "<b>" })).unwrap().html;
    assert!(html.contains("<a href=\"https://a.example\">&lt;b&gt;</a>"), "{html}");
    assert!(made.render(&json!({ "url": "javascript:x", "name": "a" })).is_err());
    beside.words.get_mut("en").unwrap().insert("two".into(), "{{ words.link }}".into());
    let error = &errors("<mj-text>{{ words.two }}</mj-text>", &beside)[0];
    assert_eq!(error.problem, Problem::WordsInWords);
    assert_eq!(error.place(), "body, words \"two\" in en");
}
