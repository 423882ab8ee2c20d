//! The words of steps and fields. What files know and this does not is shown by its key.

use crate::ui::context::Ctx;

/// The key of a kind of step in the locales, and its icon.
const fn kind_key(kind: &str) -> (&'static str, &'static str) {
    match kind.as_bytes() {
        b"wait" => ("step-wait", "waiting"),
        b"wait until" => ("step-wait-until", "clock"),
        b"wait for" => ("step-wait-for", "clock"),
        b"branch" => ("step-branch", "branch"),
        b"split" => ("step-split", "branch"),
        b"test" => ("step-test", "branch"),
        b"holdout" => ("step-holdout", "people"),
        b"send" => ("step-send", "sent"),
        b"show" => ("step-show", "web"),
        b"set" => ("step-set", "trait"),
        b"add to list" => ("edit-add-to-list", "list"),
        b"notify" => ("step-notify", "push"),
        b"webhook" => ("step-webhook", "webhook"),
        b"go to" => ("step-go-to", "arrow-right"),
        b"exit" => ("step-exit", "exited"),
        _ => ("", "custom"),
    }
}

/// What a step of a kind does, in words.
pub(super) fn kind(ctx: &Ctx, kind: &str) -> String {
    match kind_key(kind).0 {
        "" if kind.is_empty() => ctx.t("edit-no-kind"),
        "" => kind.to_owned(),
        key => ctx.t(key),
    }
}

/// The icon of a kind of step.
pub(super) const fn kind_icon(kind: &str) -> &'static str {
    kind_key(kind).1
}

/// What a field is called.
pub(super) fn field(ctx: &Ctx, path: &str) -> String {
    let mut parts = path.split('/');
    let (list, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if let (Ok(number), Some(key)) = (number.parse::<u64>(), parts.next()) {
        let key = if key == "share" { "edit-way-share" } else { "edit-way-name" };
        return ctx.tn(key, &[("number", number + 1)]);
    }
    if let ("exit", Ok(number)) = (list, number.parse::<u64>()) {
        return ctx.tn("edit-exit-rule", &[("number", number + 1)]);
    }
    match field_key(path) {
        "" => path.to_owned(),
        key => ctx.t(key),
    }
}

fn field_key(path: &str) -> &'static str {
    match path {
        "purpose" => "edit-purpose",
        "enter/on" => "edit-enter-on",
        "enter/if" => "edit-enter-if",
        "enter/for each" => "edit-for-each",
        "goal" => "journey-goal",
        "re-entry" => "edit-re-entry",
        "entry at most" => "edit-entry-at-most",
        "priority" => "edit-priority",
        "name" => "edit-name",
        "wait" => "edit-how-long",
        "wait until" | "branch" => "edit-condition",
        "wait for" => "edit-event",
        "at most" => "edit-at-most",
        "if still unknown" => "edit-if-unknown",
        "slot" => "edit-slot",
        "for" => "edit-for",
        "split" | "test" | "holdout" | "send" | "show" => "edit-name",
        "share" => "edit-kept-out",
        "channel" => "edit-channel",
        "template" => "edit-template",
        "otherwise" => "edit-otherwise",
        "only if" => "edit-only-if",
        "offer" => "edit-offer",
        "if not granted" => "edit-if-not-granted",
        "hold at most" => "edit-hold-at-most",
        "deadline" => "edit-deadline",
        "asks for" => "edit-asks-for",
        "best hour" => "edit-best-hour",
        "feeds complete" => "edit-feeds-complete",
        "set" => "edit-traits",
        "add to list" => "edit-list",
        "notify" => "edit-notify",
        "to" => "edit-notify-to",
        "webhook" => "edit-webhook",
        "with" => "edit-webhook-with",
        "go to" => "edit-target",
        "exit" => "edit-reason",
        _ => "",
    }
}

/// A word of a choice; what is chosen from is told by the field.
pub(super) fn word(ctx: &Ctx, path: &str, word: &str) -> String {
    let key = match (path, word) {
        ("purpose", "promotion") => "purpose-promotion",
        ("purpose", "care") => "purpose-care",
        ("purpose", "transactional") => "purpose-transactional",
        ("enter/for each", "person") => "edit-each-person",
        ("enter/for each", "cart") => "edit-each-cart",
        ("enter/for each", "order") => "edit-each-order",
        (_, "skip") => "edit-skip",
        (_, "send") => "edit-send",
        (_, "send without the offer") => "edit-send-without",
        (_, "then") => "way-then",
        (_, "else") => "way-else",
        (_, "yes") => "edit-yes",
        (_, "no") => "edit-no",
        ("asks for", "nothing") => "edit-asks-nothing",
        ("asks for", "confirmation") => "edit-asks-confirmation",
        (_, "presumed") => "edit-presumed",
        (_, "known") => "edit-known",
        (_, _) => return word.to_owned(),
    };
    ctx.t(key)
}
