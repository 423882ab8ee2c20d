//! What holds for all pages at once: their words, their icons, their strictness.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regulars_deliver::dns;
use regulars_engine::condition::Stage;
use regulars_engine::decision::Verdict;
use regulars_engine::event::Kind;
use regulars_engine::reason::{Aside, Detail, Fact, Goods, ReasonCode, Sort, Told, Whereabouts};
use regulars_engine::score::{ACTS, RfmGroup};
use regulars_ingest::RejectionReason;

use crate::access::{Right, Role};

use super::language::Language;
use super::model::{
    AccessProblem, Answer, ChangeWord, Channel, ClaimWord, ClosedBecause, Compared, ConsentState,
    DecisionKind, Done, EdgeHow, EnrollmentState, ErrorPage, EventKind, HistoryWord,
    IdentifierClass, IdentifierKind, IdentifierUse, IdentityTab, JourneyState, KeptModel, Likeness,
    LinkingWrong, LivedWord, MessageStatus, MistakeWord, Notice, OrderState, PauseCause, Purpose,
    QuarantineState, RegretCause, SourceKind, Speaks, StepKind, UserProblem, WatermarkState,
};
use super::{assets, text};

/// One message of a locale: the values it names, and the plural forms it gives.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    values: BTreeSet<String>,
    attributes: BTreeSet<String>,
    forms: BTreeSet<String>,
}

fn entries(language: Language) -> BTreeMap<String, Entry> {
    let mut all: BTreeMap<String, Entry> = BTreeMap::new();
    let mut current = String::new();
    for line in text::sources(language).join("\n").lines() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            current = line.split('=').next().unwrap_or_default().trim().to_owned();
            assert!(
                all.insert(current.clone(), Entry::default()).is_none(),
                "\"{current}\" is given twice in {language:?}"
            );
        }
        let Some(entry) = all.get_mut(&current) else { continue };
        let trimmed = line.trim_start();
        if let Some(attribute) = trimmed.strip_prefix('.') {
            entry
                .attributes
                .insert(attribute.split('=').next().unwrap_or_default().trim().to_owned());
        }
        if let Some(form) = trimmed.trim_start_matches('*').strip_prefix('[') {
            entry.forms.insert(form.split(']').next().unwrap_or_default().to_owned());
        }
        for piece in line.split("{ $").skip(1) {
            let name: String =
                piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            entry.values.insert(name);
        }
    }
    all
}

#[test]
fn the_three_languages_hold_the_same_keys_with_the_same_values() {
    let english = entries(Language::English);
    assert!(english.len() > 400, "the locale files were not read");
    for language in [Language::Spanish, Language::Russian] {
        let other = entries(language);
        let keys = |all: &BTreeMap<String, Entry>| all.keys().cloned().collect::<BTreeSet<_>>();
        let apart: Vec<_> = keys(&english).symmetric_difference(&keys(&other)).cloned().collect();
        assert!(apart.is_empty(), "keys not in both English and {language:?}: {apart:?}");
        for (key, entry) in &english {
            assert_eq!(
                entry.attributes, other[key].attributes,
                "attributes of \"{key}\" in {language:?}"
            );
            assert_eq!(entry.values, other[key].values, "values of \"{key}\" in {language:?}");
        }
    }
}

#[test]
fn russian_gives_every_plural_form() {
    for (key, entry) in entries(Language::Russian) {
        let forms = ["one", "few", "many", "other"];
        // What chooses by a name, such as a day of the week, or by a number itself has no plural.
        let number = |form: &String| form.parse::<i64>().is_ok() || form == "other";
        if entry.forms.len() > 1 && entry.forms.iter().all(number) {
            continue;
        }
        if !forms.iter().any(|form| entry.forms.contains(*form)) {
            continue;
        }
        for form in forms {
            assert!(entry.forms.contains(form), "\"{key}\" lacks the form {form}");
        }
    }
    let rows = |count: i64| text::text(Language::Russian, "rows", &[("count", count.into())]);
    assert_eq!(
        [1, 2, 5, 11, 21, 22, 12_345].map(rows),
        [
            "1 строка",
            "2 строки",
            "5 строк",
            "11 строк",
            "21 строка",
            "22 строки",
            "12\u{a0}345 строк"
        ]
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui")
}

fn source_files(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is part of the repository") {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            found.push((path, text));
        }
    }
}

/// Every string literal of the pages' code.
fn literals() -> BTreeSet<String> {
    let mut files = Vec::new();
    source_files(&folder(), &mut files);
    assert!(files.len() > 30, "the sources were not found");
    files
        .iter()
        .flat_map(|(_, text)| text.lines().filter(|line| !line.trim_start().starts_with("//")))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// The keys that enums and families of codes ask for.
fn keys_of_words() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    macro_rules! all {
        ($($name:ident),* $(,)?) => { $(keys.extend($name::ALL.iter().map(|case| case.key().to_owned()));)* };
    }
    all!(
        AccessProblem,
        Answer,
        ChangeWord,
        Channel,
        ClaimWord,
        ClosedBecause,
        Compared,
        ConsentState,
        DecisionKind,
        Done,
        EdgeHow,
        EnrollmentState,
        ErrorPage,
        EventKind,
        HistoryWord,
        IdentifierClass,
        IdentifierKind,
        IdentifierUse,
        IdentityTab,
        JourneyState,
        KeptModel,
        Likeness,
        LinkingWrong,
        LivedWord,
        MessageStatus,
        MistakeWord,
        Notice,
        OrderState,
        PauseCause,
        Purpose,
        QuarantineState,
        RegretCause,
        Right,
        Role,
        SourceKind,
        Speaks,
        StepKind,
        UserProblem,
        WatermarkState,
    );
    keys
}

/// The keys that code asks for by `t`, `tn` or `tf`, or keeps beside an icon or an address.
fn keys_in_calls() -> BTreeSet<String> {
    let mut files = Vec::new();
    source_files(&folder(), &mut files);
    let mut keys = BTreeSet::new();
    for (_, text) in &files {
        // Calls may break the line after the bracket.
        let dense: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for call in [".t(", ".tn(", ".tf("] {
            for piece in dense.split(call).skip(1) {
                if let Some(rest) = piece.trim_start().strip_prefix('"') {
                    keys.insert(rest.split('"').next().unwrap_or_default().to_owned());
                }
            }
        }
    }
    keys
}

#[test]
fn every_key_the_code_asks_for_exists() {
    let known = entries(Language::English);
    let mut asked = keys_of_words();
    asked.extend(keys_in_calls());
    asked.extend(ReasonCode::ALL.iter().map(|reason| format!("reason-{}", reason.code())));
    asked.extend(Told::ALL.iter().map(|(code, _)| format!("told-{code}")));
    asked.extend(Told::KINDS.iter().map(|kind| format!("fact-{kind}")));
    asked.extend(Aside::ALL.iter().map(|(code, _)| format!("aside-{code}")));
    asked.extend(RejectionReason::CODES.iter().map(|code| format!("quarantine-{code}")));
    asked
        .extend(Stage::ALL.iter().map(|stage| format!("stage-{}", stage.word().replace(' ', "-"))));
    asked.extend(RfmGroup::ALL.iter().map(|group| format!("rfm-{}", group.word())));
    asked.extend(dns::Verdict::ALL.iter().map(|verdict| format!("found-{}", verdict.word())));
    asked.extend(ACTS.iter().map(|act| format!("act-{}", act.word())));
    let missing: Vec<_> = asked.iter().filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "no text for {missing:?}");
}

#[test]
fn every_text_is_used() {
    let mut used = literals();
    used.extend(keys_of_words());
    let families = [
        "reason-",
        "fact-",
        "quarantine-",
        "told-",
        "aside-",
        "stage-",
        "weigh-",
        "answered-",
        "rfm-",
        "act-",
        "found-",
    ];
    let unused: Vec<_> = entries(Language::English)
        .into_keys()
        .filter(|key| !used.contains(key) && !families.iter().any(|family| key.starts_with(family)))
        .collect();
    assert!(unused.is_empty(), "texts that nothing shows: {unused:?}");
}

/// A reason's sentence needs facts; each of them must have a label for "Why?".
#[test]
fn every_fact_a_sentence_names_has_a_label() {
    let known = entries(Language::English);
    for (key, entry) in &known {
        if key.starts_with("reason-") || key.starts_with("quarantine-") {
            for value in &entry.values {
                assert!(
                    known.contains_key(&format!("fact-{value}")),
                    "\"{key}\" names {value}, which has no label"
                );
            }
        }
    }
}

#[test]
fn every_icon_is_in_the_sprite() {
    let mut names: BTreeSet<String> = BTreeSet::new();
    macro_rules! all {
        ($($name:ident),* $(,)?) => { $(names.extend($name::ALL.iter().map(|case| case.icon().to_owned()));)* };
    }
    all!(
        AccessProblem,
        Answer,
        ChangeWord,
        Channel,
        ClaimWord,
        ClosedBecause,
        Compared,
        ConsentState,
        DecisionKind,
        Done,
        EdgeHow,
        EnrollmentState,
        ErrorPage,
        EventKind,
        HistoryWord,
        IdentifierClass,
        IdentifierKind,
        IdentifierUse,
        IdentityTab,
        JourneyState,
        Likeness,
        LivedWord,
        MessageStatus,
        MistakeWord,
        Notice,
        OrderState,
        PauseCause,
        Purpose,
        QuarantineState,
        RegretCause,
        SourceKind,
        StepKind,
        WatermarkState,
    );
    let mut files = Vec::new();
    source_files(&folder(), &mut files);
    for (_, text) in &files {
        for call in ["icon(\"", "empty(\""] {
            for piece in text.split(call).skip(1) {
                names.insert(piece.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    let missing: Vec<_> = names.iter().filter(|name| !assets::has_icon(name)).collect();
    assert!(missing.is_empty(), "not in icons.svg: {missing:?}");
}

/// A strict policy refuses these silently in the browser, so they are refused here aloud.
#[test]
fn no_page_has_inline_styles_or_handlers() {
    let mut files = Vec::new();
    source_files(&folder(), &mut files);
    for (path, text) in &files {
        for forbidden in [" style=", " onclick=", " onload=", "hx-on", "<style", "javascript:"] {
            assert!(!text.contains(forbidden), "{} has {forbidden:?}", path.display());
        }
    }
}

/// Only what a feed says of itself has no word on a timeline.
#[test]
fn every_kind_of_event_has_a_word() {
    for kind in Kind::ALL.iter().filter(|kind| !kind.speaks_of_feed()) {
        assert_ne!(EventKind::named(kind.name()), EventKind::Custom, "\"{}\"", kind.name());
    }
}

#[test]
fn every_verdict_has_a_word() {
    for verdict in Verdict::ALL {
        assert!(DecisionKind::from_word(verdict.word()).is_some(), "\"{}\"", verdict.word());
    }
}

/// A row in quarantine that says no cure would leave its reader alone.
#[test]
fn every_rejection_says_its_cure() {
    for language in Language::ALL {
        let known = entries(language);
        for code in RejectionReason::CODES {
            let key = format!("quarantine-{code}");
            assert!(known[&key].attributes.contains("cure"), "\"{key}\" in {language:?}");
        }
    }
}

/// The text of every key that stands on one line.
fn one_liners(language: Language) -> BTreeMap<String, String> {
    text::sources(language)
        .join("\n")
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect()
}

/// The command line and the API print the engine's English, pages print Fluent's: they are one.
#[test]
fn pages_say_in_english_what_the_engine_says() {
    let texts = one_liners(Language::English);
    let pattern = |english: &str| english.replace('{', "{ $").replace('}', " }");
    for reason in ReasonCode::ALL {
        let said = reason.words().trim_end_matches('.');
        assert_eq!(texts[&format!("reason-{}", reason.code())], said);
    }
    for (code, english) in Told::ALL {
        assert_eq!(texts[&format!("told-{code}")], pattern(english));
    }
    for (code, english) in Aside::ALL {
        assert_eq!(texts[&format!("aside-{code}")], pattern(english));
    }
    let said = |detail: Detail<'_>| detail.to_string().trim_start().to_owned();
    assert_eq!(texts["goods-order"], said(Detail::Goods(&Goods::Order)));
    for (key, place) in [
        ("place-store", Whereabouts::Store),
        ("place-web", Whereabouts::Web),
        ("place-app", Whereabouts::App),
        ("place-store-named", Whereabouts::StoreNamed("{ $store }".to_owned())),
    ] {
        assert_eq!(texts[key], said(Detail::Whereabouts(&place)), "{key}");
    }
    let words = ["name", "birth-date", "address", "email", "phone", "card"];
    for (key, word) in words.into_iter().zip(regulars_engine::identity::link::Points::WORDS) {
        assert_eq!(texts[&format!("point-{key}")], word);
    }
    for (key, sort) in [
        ("sort-product", Sort::Product("{ $name }".to_owned())),
        ("sort-category", Sort::Category("{ $name }".to_owned())),
    ] {
        assert_eq!(texts[key], said(Detail::Sort(&sort)), "{key}");
    }
}

/// What is found where records are compared is said in the engine's words, in every language.
#[test]
fn every_weight_has_its_words() {
    for language in Language::ALL {
        let texts = one_liners(language);
        for english in regulars_engine::identity::link::phrases() {
            let key = super::view::identity::weight_key(english);
            let text = texts.get(&key).unwrap_or_else(|| panic!("\"{key}\" in {language:?}"));
            assert_eq!(text == english, language == Language::English, "{text}");
        }
    }
}

/// Facts are whole sentences in every language, with nothing left of a pattern or another alphabet.
#[test]
fn facts_are_told_in_three_languages() {
    use regulars_engine::event::{Channel, Currency, Money, Purpose};
    use regulars_engine::identity::IdentifierKind;
    use regulars_engine::reason::{Messages, Span};
    use regulars_engine::source::FeedName;

    let facts = [
        Told::Bought {
            goods: Goods::Products(3),
            place: Whereabouts::StoreNamed("gran-via".to_owned()),
        },
        Told::NoPurchase { of: Sort::Category("Boots".to_owned()) },
        Told::SaidNo { purpose: Purpose::Promotion, channel: Channel::Sms },
        Told::NotHappened { event: Kind::StoreVisited },
        Told::SpentInAll { amount: Money { minor: 1_990, currency: Currency::EUR } },
        Told::MessagesLately { messages: Messages(2), window: Span(7 * 86_400_000) },
        Told::FeedSilent {
            feed: FeedName { source: "pos".to_owned(), feed: "till-3".to_owned() },
            since: "18:02".to_owned(),
        },
        Told::TwinShares { percent: 50, identifier: IdentifierKind::Email, users: 2 },
    ];
    let mut said = String::new();
    for language in Language::ALL {
        let ctx = super::Ctx {
            language,
            zone: jiff::tz::TimeZone::UTC,
            shop: String::new(),
            user: None,
            role: None,
            path: String::new(),
            csrf: String::new(),
            now: 0,
            counts: super::NavCounts::default(),
            notice: None,
        };
        for told in &facts {
            said.push_str(&super::widget::said(&ctx, &Fact::new(told.clone(), None)));
            said.push('\n');
        }
    }
    let expected = "\
bought 3 products in store gran-via
no purchase of category Boots is known
said no to promotion by SMS
Visited a store is not known to have happened
€19.90 in all
2 messages in 7 d, the latest
till-3 of source pos has not reported since 18:02
50 % likely the same person: the same e-mail, which 2 people use
compró 3 productos en la tienda gran-via
no consta ninguna compra de la categoría Boots
dijo que no a promoción por SMS
no consta que haya ocurrido: Visitó una tienda
19,90\u{a0}€ en total
2 mensajes en 7 d, el último
till-3 de la fuente pos no ha informado desde 18:02
con un 50 % es la misma persona: lo mismo en «correo», que usan 2 personas
покупка: 3 товара в магазине gran-via
о покупках категории Boots ничего не известно
отказ: реклама, SMS
неизвестно, чтобы это случилось: Визит в магазин
всего 19,90\u{a0}€
2 сообщения за 7 дн., последнее
till-3 источника pos молчит с 18:02
с вероятностью 50 % тот же человек: общее значение «почта», которым пользуются 2 чел.
";
    assert_eq!(said, expected);
}
