//! All words of the pages: Fluent files in three languages, compiled into the program.
//!
//! **Invariant:** the three languages hold the same keys, and every key the code asks for exists
//! (held by the tests in `tests.rs`). A key that is missing all the same shows its English text,
//! or itself, rather than nothing.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::langid;

use super::format::number;
use super::language::Language;

type Bundle = FluentBundle<FluentResource>;

macro_rules! locale {
    ($code:literal) => {
        &[
            include_str!(concat!("../../locales/", $code, "/common.ftl")),
            include_str!(concat!("../../locales/", $code, "/words.ftl")),
            include_str!(concat!("../../locales/", $code, "/events.ftl")),
            include_str!(concat!("../../locales/", $code, "/reasons.ftl")),
            include_str!(concat!("../../locales/", $code, "/facts.ftl")),
            include_str!(concat!("../../locales/", $code, "/access.ftl")),
            include_str!(concat!("../../locales/", $code, "/roles.ftl")),
            include_str!(concat!("../../locales/", $code, "/today.ftl")),
            include_str!(concat!("../../locales/", $code, "/people.ftl")),
            include_str!(concat!("../../locales/", $code, "/person.ftl")),
            include_str!(concat!("../../locales/", $code, "/household.ftl")),
            include_str!(concat!("../../locales/", $code, "/linking.ftl")),
            include_str!(concat!("../../locales/", $code, "/sources.ftl")),
            include_str!(concat!("../../locales/", $code, "/journeys.ftl")),
            include_str!(concat!("../../locales/", $code, "/journey.ftl")),
            include_str!(concat!("../../locales/", $code, "/editor.ftl")),
            include_str!(concat!("../../locales/", $code, "/segments.ftl")),
            include_str!(concat!("../../locales/", $code, "/identity.ftl")),
            include_str!(concat!("../../locales/", $code, "/weights.ftl")),
            include_str!(concat!("../../locales/", $code, "/kinds.ftl")),
            include_str!(concat!("../../locales/", $code, "/against.ftl")),
            include_str!(concat!("../../locales/", $code, "/scores.ftl")),
            include_str!(concat!("../../locales/", $code, "/messages.ftl")),
            include_str!(concat!("../../locales/", $code, "/message-editor.ftl")),
            include_str!(concat!("../../locales/", $code, "/offers.ftl")),
            include_str!(concat!("../../locales/", $code, "/gifts.ftl")),
            include_str!(concat!("../../locales/", $code, "/channels.ftl")),
            include_str!(concat!("../../locales/", $code, "/channel-forms.ftl")),
            include_str!(concat!("../../locales/", $code, "/sms.ftl")),
            include_str!(concat!("../../locales/", $code, "/push.ftl")),
            include_str!(concat!("../../locales/", $code, "/reports.ftl")),
            include_str!(concat!("../../locales/", $code, "/silo.ftl")),
            include_str!(concat!("../../locales/", $code, "/preferences.ftl")),
            include_str!(concat!("../../locales/", $code, "/notices.ftl")),
            include_str!(concat!("../../locales/", $code, "/webhooks.ftl")),
            include_str!(concat!("../../locales/", $code, "/pace.ftl")),
            include_str!(concat!("../../locales/", $code, "/site.ftl")),
            include_str!(concat!("../../locales/", $code, "/moving.ftl")),
            include_str!(concat!("../../locales/", $code, "/confirm.ftl")),
            include_str!(concat!("../../locales/", $code, "/disclosure.ftl")),
            include_str!(concat!("../../locales/", $code, "/domain.ftl")),
        ]
    };
}

/// The Fluent sources of `language`, in the order they are loaded.
pub(super) const fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => locale!("en"),
        Language::Spanish => locale!("es"),
        Language::Russian => locale!("ru"),
    }
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| load(Language::English));
static SPANISH: LazyLock<Bundle> = LazyLock::new(|| load(Language::Spanish));
static RUSSIAN: LazyLock<Bundle> = LazyLock::new(|| load(Language::Russian));

fn bundle(language: Language) -> &'static Bundle {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
        Language::Russian => &RUSSIAN,
    }
}

fn load(language: Language) -> Bundle {
    let (id, formatter): (_, fn(&FluentValue, &_) -> Option<String>) = match language {
        Language::English => (langid!("en"), |value, _| grouped(value, Language::English)),
        Language::Spanish => (langid!("es"), |value, _| grouped(value, Language::Spanish)),
        Language::Russian => (langid!("ru"), |value, _| grouped(value, Language::Russian)),
    };
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // All our languages run left to right, so isolation marks would only dirty copied text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(formatter));
    for source in sources(language) {
        let resource = FluentResource::try_new((*source).to_owned())
            .expect("the locale files are parsed by the tests before they are shipped");
        bundle.add_resource(resource).expect("the tests refuse a key that is given twice");
    }
    bundle
}

/// Whole numbers are grouped as the language writes them; anything else is left to Fluent.
fn grouped(value: &FluentValue, language: Language) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only whole numbers below 2^53 are passed in"
    )]
    let whole = number.value as i64;
    (number.value.fract() == 0.0).then(|| number::whole(language, whole))
}

/// A value put into a text.
#[derive(Debug, Clone)]
pub enum Arg<'a> {
    /// A number: it chooses the plural form and is grouped as the language writes it.
    Count(i64),
    /// A text, put in as it is.
    Text(&'a str),
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<u64> for Arg<'_> {
    fn from(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

fn fluent_args<'a>(args: &'a [(&'a str, Arg<'a>)]) -> FluentArgs<'a> {
    args.iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Count(count) => FluentValue::from(*count),
                Arg::Text(text) => FluentValue::from(*text),
            };
            (*name, value)
        })
        .collect()
}

/// The text of `key` in `language`, else in English, else the key itself.
pub fn text(language: Language, key: &str, args: &[(&str, Arg)]) -> String {
    complete(language, key, None, args, Gaps::Shown)
        .or_else(|| complete(Language::English, key, None, args, Gaps::Shown))
        .unwrap_or_else(|| key.to_owned())
}

/// The text of `key`, or `None` when there is no such key.
pub fn find(language: Language, key: &str) -> Option<String> {
    complete(language, key, None, &[], Gaps::Shown)
}

/// The text of an attribute of `key`, or `None` when it does not exist or `args` lack a value it names.
pub fn attribute(
    language: Language,
    key: &str,
    name: &str,
    args: &[(&str, Arg)],
) -> Option<String> {
    complete(language, key, Some(name), args, Gaps::Refused)
}

/// What to do with a text that names a value nobody gave.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Shown,
    Refused,
}

fn complete(
    language: Language,
    key: &str,
    attribute: Option<&str>,
    args: &[(&str, Arg)],
    gaps: Gaps,
) -> Option<String> {
    let bundle = bundle(language);
    let message = bundle.get_message(key)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut errors: Vec<FluentError> = Vec::new();
    let args = fluent_args(args);
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    (errors.is_empty() || gaps == Gaps::Shown).then(|| text.into_owned())
}
