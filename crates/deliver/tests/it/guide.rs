//! The guide to templates is what it says: its templates compile, its values fill them in to what
//! stands below, its mistakes are told in its words, and the filters it names are those there are.

use regulars_deliver::template::{Kind, Template};

const GUIDE: &str = include_str!("../../../../docs/guide/templates.md");

/// The one fenced block of the page that begins with this word.
fn block(fence: &str) -> String {
    let begins = format!("```{fence}\n");
    let (_, after) = GUIDE.split_once(begins.as_str()).unwrap_or_else(|| panic!("no {fence}"));
    let (block, _) = after.split_once("\n```\n").unwrap();
    format!("{block}\n")
}

fn template(subject: &str, body: &str) -> Template {
    Template {
        kind: Kind::Marketing,
        subject: subject.to_owned(),
        preheader: String::new(),
        body: body.to_owned(),
        text: None,
    }
}

#[test]
fn the_template_of_the_guide_comes_to_what_it_says() {
    let template = template("{{ offer.text }} on your cart", &block("mjml"));
    let compiled = template.compile().unwrap_or_else(|errors| panic!("{errors:#?}"));
    let values: serde_json::Value = serde_json::from_str(&block("json")).unwrap();
    let rendered = compiled.render(&values).unwrap();
    assert_eq!(rendered.subject, "20 % off on your cart");
    let said = block("text");
    assert!(rendered.text == said, "made:\n{}\nthe guide says:\n{said}", rendered.text);
}

#[test]
fn the_mistakes_of_the_guide_are_told_as_it_says() {
    let Err(mistakes) = template("Your cart", &block("mjml mistakes")).compile() else {
        panic!("the mistakes passed")
    };
    let told: String = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
    let said = block("text mistakes");
    assert!(told == said, "told:\n{told}\nthe guide says:\n{said}");
}

/// Whatever stands in backticks in the first cell of a table that begins with `head`.
fn named(head: &str) -> Vec<String> {
    let (_, after) = GUIDE.split_once(head).unwrap_or_else(|| panic!("no table of {head}"));
    let rows = after.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let cell = row.split('|').nth(1).unwrap_or_default();
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn every_filter_and_value_of_the_guide_is_there() {
    const FOOT: &str = "{{ shop.address }} <a href=\"{{ unsubscribe_url }}\">No more</a>";
    let body = |text: &str| {
        format!(
            "<mjml><mj-body><mj-section><mj-column><mj-text>{text} {FOOT}</mj-text></mj-column></mj-section></mj-body></mjml>"
        )
    };
    let filters = named("| filter | what it makes |\n");
    assert_eq!(filters.len(), 12, "{filters:?}");
    for filter in &filters {
        let made = template("Hello", &body(&format!("{{{{ shop.name | {filter} }}}}"))).compile();
        assert!(made.is_ok(), "\"{filter}\" is no filter: {made:?}");
    }
    let values: serde_json::Value = serde_json::from_str(&block("json")).unwrap();
    let printed = named("| value | what |\n");
    for value in printed.iter().filter(|value| value.contains('.')) {
        if value == "person.last_name" || value.ends_with(".products") {
            continue;
        }
        let compiled = template("Hello", &body(&format!("{{{{ {value} }}}}"))).compile();
        compiled.unwrap().render(&values).unwrap_or_else(|error| panic!("{value}: {error}"));
    }
}
