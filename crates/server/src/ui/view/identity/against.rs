//! What stands against two people being one, in sentences.

use regulars_engine::identity::{Against, Identifier, Whose};

use crate::ui::context::Ctx;
use crate::ui::text::Arg;
use crate::ui::widget::identifier_word;

/// The sentence.
pub(in crate::ui) fn sentence(ctx: &Ctx, against: &Against) -> String {
    let value =
        |key: &str, value: &Identifier| ctx.tf(key, &[("value", Arg::from(&named(ctx, value)))]);
    match against {
        Against::KeptApart(one, other) => {
            let (one, other) = (named(ctx, one), named(ctx, other));
            ctx.tf("against-kept-apart", &[("one", Arg::from(&one)), ("other", Arg::from(&other))])
        }
        Against::TooMany(one, other, values) => {
            let (one, other) = (named(ctx, one), named(ctx, other));
            let values: Vec<String> = values.iter().map(|value| named(ctx, value)).collect();
            let values = values.join(", ");
            ctx.tf(
                "against-too-many",
                &[
                    ("one", Arg::from(&one)),
                    ("other", Arg::from(&other)),
                    ("values", Arg::from(&values)),
                ],
            )
        }
        Against::Shared(value, people, whose) => {
            let key = match whose {
                Whose::Neithers => "against-shared",
                Whose::ItsOwn => "against-its-own",
                Whose::Given => "against-given",
            };
            let (value, people) = (named(ctx, value), u64::from(*people));
            ctx.tf(key, &[("value", Arg::from(&value)), ("people", Arg::from(people))])
        }
        Against::ChangedHands(held, Whose::ItsOwn) => value("against-its-own-turns", held),
        Against::ChangedHands(held, Whose::Neithers | Whose::Given) => value("against-turns", held),
        Against::NothingInCommon => ctx.t("against-nothing"),
    }
}

/// An identifier as people say it: `login anna`.
pub(in crate::ui) fn named(ctx: &Ctx, identifier: &Identifier) -> String {
    format!("{} {}", identifier_word(ctx, &identifier.kind), identifier.value())
}
