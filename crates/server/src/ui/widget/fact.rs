//! The engine's facts in the reader's language, from their codes and values.

use regulars_engine::event::{Channel, Purpose};
use regulars_engine::identity;
use regulars_engine::identity::link::Points;
use regulars_engine::reason::{Detail, Fact, Goods, Sort, Whereabouts};

use super::piece::money;
use crate::ui::context::Ctx;
use crate::ui::model::{EventKind, IdentifierKind, Money};
use crate::ui::text::{self, Arg};

/// The fact as a sentence without a full stop, as [`Fact::text`] says it in English.
pub fn said(ctx: &Ctx, fact: &Fact) -> String {
    let details = fact.told.details();
    let words: Vec<(&str, Word)> =
        details.iter().map(|(name, detail)| (*name, word(ctx, *detail))).collect();
    let args: Vec<(&str, Arg)> = words.iter().map(|(name, word)| (*name, word.arg())).collect();
    let first = ctx.tf(&format!("told-{}", fact.told.code()), &args);
    fact.asides.iter().fold(first, |text, aside| {
        // The page shows moments in its own way, where the fact has one.
        let clock = fact.at.map(|at| ctx.moment(at.0));
        let clock = clock.or_else(|| aside.clock().map(str::to_owned)).unwrap_or_default();
        let args = [("fact", Arg::from(&text)), ("clock", Arg::from(&clock))];
        ctx.tf(&format!("aside-{}", aside.code()), &args)
    })
}

/// A value as it is put into a text.
enum Word {
    /// A number, which chooses the plural.
    Count(u64),
    Text(String),
}

impl Word {
    fn arg(&self) -> Arg<'_> {
        match self {
            Self::Count(count) => Arg::from(*count),
            Self::Text(text) => Arg::from(text),
        }
    }
}

fn word(ctx: &Ctx, detail: Detail<'_>) -> Word {
    Word::Text(match detail {
        Detail::Count(count) => return Word::Count(count),
        Detail::Text(text) => text.to_owned(),
        Detail::Channel(channel) => channel_word(ctx, channel),
        Detail::Purpose(purpose) => purpose_word(ctx, purpose),
        Detail::Weekday(day) => ctx.t(&format!("weekday-{}", day.number())),
        Detail::Stage(stage) => ctx.t(&format!("stage-{}", stage.word().replace(' ', "-"))),
        Detail::Event(kind) => {
            let known = EventKind::named(kind.name());
            if known == EventKind::Custom { kind.name().to_owned() } else { ctx.t(known.key()) }
        }
        Detail::Identifier(kind) => identifier_word(ctx, kind),
        Detail::Money(amount) => {
            let currency = amount.currency.code().to_owned();
            money(ctx, &Money { minor: amount.minor, currency })
        }
        Detail::Messages(count) => ctx.tn("count-messages", &[("count", count)]),
        Detail::Span(ms) => whole_span(ctx, ms),
        Detail::Goods(Goods::Named(name)) => name.clone(),
        Detail::Goods(Goods::Order) => ctx.t("goods-order"),
        Detail::Goods(Goods::Products(count)) => ctx.tn("goods-products", &[("count", *count)]),
        Detail::Whereabouts(place) => after_space(match place {
            Whereabouts::Unknown => return Word::Text(String::new()),
            Whereabouts::StoreNamed(store) => {
                ctx.tf("place-store-named", &[("store", Arg::from(store))])
            }
            Whereabouts::Store => ctx.t("place-store"),
            Whereabouts::Web => ctx.t("place-web"),
            Whereabouts::App => ctx.t("place-app"),
            Whereabouts::Over(channel) => {
                ctx.tf("place-over", &[("channel", Arg::from(&channel_word(ctx, *channel)))])
            }
        }),
        Detail::Sort(sort) => after_space(match sort {
            Sort::Anything => return Word::Text(String::new()),
            Sort::Product(name) => ctx.tf("sort-product", &[("name", Arg::from(name))]),
            Sort::Category(name) => ctx.tf("sort-category", &[("name", Arg::from(name))]),
        }),
        Detail::Points(all) => points(ctx, all),
        Detail::Feed(name) if name.feed.is_empty() => {
            ctx.tf("feed-whole", &[("source", Arg::from(&name.source))])
        }
        Detail::Feed(name) => {
            let args = [("feed", Arg::from(&name.feed)), ("source", Arg::from(&name.source))];
            ctx.tf("feed-part", &args)
        }
    })
}

/// Fluent drops spaces at the beginning of a text.
fn after_space(text: String) -> String {
    format!(" {text}")
}

fn channel_word(ctx: &Ctx, channel: Channel) -> String {
    inside(&text::text(ctx.language, &format!("channel-{}", channel.word()), &[]))
}

fn purpose_word(ctx: &Ctx, purpose: Purpose) -> String {
    inside(&text::text(ctx.language, &format!("purpose-{}", purpose.word()), &[]))
}

/// In what two records are alike.
pub(crate) fn points(ctx: &Ctx, points: Points) -> String {
    let words = points.words().map(|word| match word {
        "name" => ctx.t("point-name"),
        "date of birth" => ctx.t("point-birth-date"),
        "address" => ctx.t("point-address"),
        "e-mail" => ctx.t("point-email"),
        "phone" => ctx.t("point-phone"),
        _ => ctx.t("point-card"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What to call a kind of identifier.
pub(crate) fn identifier_kind(kind: &identity::IdentifierKind) -> IdentifierKind {
    match kind {
        identity::IdentifierKind::UserId => IdentifierKind::Login,
        identity::IdentifierKind::CustomerId => IdentifierKind::Customer,
        identity::IdentifierKind::LoyaltyId => IdentifierKind::LoyaltyCard,
        identity::IdentifierKind::Email => IdentifierKind::Email,
        identity::IdentifierKind::Phone => IdentifierKind::Phone,
        identity::IdentifierKind::AnonymousId => IdentifierKind::Browser,
        identity::IdentifierKind::DeviceId => IdentifierKind::AppInstall,
        identity::IdentifierKind::CartToken => IdentifierKind::CartToken,
        identity::IdentifierKind::PaymentCard => IdentifierKind::PaymentCard,
        identity::IdentifierKind::CustomUnique(_)
        | identity::IdentifierKind::CustomContact(_)
        | identity::IdentifierKind::CustomDevice(_)
        | identity::IdentifierKind::CustomHint(_) => IdentifierKind::Other,
    }
}

/// What to call a kind of identifier inside a sentence; the shop's own kinds bear their own word.
pub(crate) fn identifier_word(ctx: &Ctx, kind: &identity::IdentifierKind) -> String {
    let known = identifier_kind(kind);
    if known == IdentifierKind::Other {
        return kind.word().to_owned();
    }
    inside(&ctx.t(known.key()))
}

/// A word as it stands inside a sentence: its first letter small, unless it is an abbreviation.
fn inside(word: &str) -> String {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(word.chars().skip(1)).collect()
        }
        (Some(_) | None, _) => word.to_owned(),
    }
}

/// A length of time in the largest unit that leaves nothing over: `90 min`, `7 d`.
fn whole_span(ctx: &Ctx, ms: i64) -> String {
    const MINUTE: i64 = 60_000;
    let units = [
        ("span-days", 24 * 60 * MINUTE, 48 * 60 * MINUTE),
        ("span-hours", 60 * MINUTE, 60 * MINUTE),
        ("span-minutes", MINUTE, MINUTE),
    ];
    let whole = units.into_iter().find(|(_, unit, least)| ms >= *least && ms % unit == 0);
    let (key, unit) = whole.map_or(("span-seconds", 1_000), |(key, unit, _)| (key, unit));
    ctx.tn(key, &[("count", ms / unit)])
}
