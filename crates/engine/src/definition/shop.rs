//! Reading the shop as a whole.

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::pace;
use super::site;
use super::twice;
use super::units::{
    calling_code, channel, currency, duration, email, line, name, parse_time_of_day,
    print_time_of_day, url, whole, yes_no, zone,
};
use super::ways::share;
use super::yaml::{Node, Sheet};
use crate::identity::CallingCode;
use crate::profile::Profile;
use crate::program::{Balance, Cap, Shop};

/// So many rules of this kind are more than anybody understands.
const CAPS_MAX: usize = 20;
/// A limit counts no further than messages to a person are kept.
#[expect(clippy::cast_possible_wrap, reason = "a hundred")]
const MESSAGES_MAX: i64 = Profile::SENT_MAX as i64;

/// Reads the document of a shop: its name, what it states, its form.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Option<(String, Option<Shop>, Form)> {
    let mut fields = Fields::of(sheet, node, "the shop", "shop: Tienda Regulars")?;
    let default = Shop::default();
    let shop_name = fields.required("shop", "Tienda Regulars", line);
    let zone = fields.required("zone", "Europe/Madrid", zone);
    let currency = fields.required("currency", "EUR", currency);
    let calling_code = fields.optional("calling code", calling_code);
    let sms_to = fields.or("sms to", Vec::new(), texted);
    let address = fields.or("address", String::new(), line);
    let base_url = fields.or("base url", String::new(), bare_url);
    let site_url = fields.or("site", String::new(), bare_url);
    let cart_url = fields.or("cart page", String::new(), url);
    let from = fields.optional("from", sender);
    let quiet_hours = fields.optional("quiet hours", quiet_hours);
    let caps = fields.or("at most", Vec::new(), list(cap));
    if caps.len() > CAPS_MAX {
        let message = format!("more than {CAPS_MAX} limits on messages");
        sheet.wrong(fields.place_of("at most"), message, "keep the strictest");
    }
    let balance = fields.optional("balance", balance);
    let pace = pace::read(sheet, &mut fields);
    let holdout_permille = fields.or("holdout", 0, part);
    let soft_opt_in = fields.or("soft opt-in", false, yes_no);
    let link_tracking = fields.or("link tracking", default.link_tracking, yes_no);
    let double_opt_in = twice::read(sheet, &mut fields);
    let slots = fields.or("slots", Vec::new(), list(site::slot));
    site::check_slots(sheet, fields.place_of("slots"), &slots);
    let languages = fields.or("languages", default.languages, list(language));
    let form = fields.done();
    let name = shop_name?;
    let shop = (|| {
        let (from_name, from_email) = from.unwrap_or_default();
        let zone = zone.as_ref()?;
        let pace = pace.settle(from_email.rsplit_once('@').map_or("", |(_, domain)| domain));
        Some(Shop {
            name: name.clone(),
            zone: zone.clone(),
            currency: currency?,
            calling_code,
            sms_to,
            address,
            base_url,
            site_url,
            cart_url,
            from_email,
            from_name,
            quiet_hours,
            caps,
            balance,
            pace,
            holdout_permille,
            soft_opt_in,
            link_tracking,
            double_opt_in: double_opt_in.into_iter().map(|asked| asked.settle(zone)).collect(),
            languages,
            slots,
        })
    })();
    Some((name, shop, form))
}

/// An address on the web without a slash at its end, so that paths can be put behind it.
fn bare_url(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = url(sheet, node)?;
    let text = text.trim_end_matches('/').to_owned();
    Some((text.clone(), Form::text(text)))
}

fn sender(sheet: &Sheet<'_>, node: &Node) -> Read<(String, String)> {
    let example = "{ name: Tienda Regulars, email: hola@tienda.example }";
    let mut fields = Fields::of(sheet, node, "the sender", example)?;
    let name = fields.or("name", String::new(), line);
    let email = fields.required("email", "hola@tienda.example", email);
    let form = fields.done();
    Some(((name, email?), form))
}

/// `21:00 to 08:00`
fn quiet_hours(sheet: &Sheet<'_>, node: &Node) -> Read<(i32, i32)> {
    let (text, _) = line(sheet, node)?;
    let cut =
        text.split_once(" to ").or_else(|| text.split_once('-')).or_else(|| text.split_once('–'));
    let hours = cut.and_then(|(from, to)| Some((parse_time_of_day(from)?, parse_time_of_day(to)?)));
    let Some((from, to)) = hours else {
        let message = format!("{} are no quiet hours", quoted(&text));
        sheet.wrong(node.at.start, message, "write two times of day: 21:00 to 08:00");
        return None;
    };
    if from == to {
        let message = format!("the quiet hours {} last no time, or all day", quoted(&text));
        sheet.wrong(
            node.at.start,
            message,
            "end them at another time than they begin, or leave them out",
        );
        return None;
    }
    let form = format!("{} to {}", print_time_of_day(from), print_time_of_day(to));
    Some(((from, to), Form::text(form)))
}

fn cap(sheet: &Sheet<'_>, node: &Node) -> Read<Cap> {
    let mut fields = Fields::of(sheet, node, "the limit", "{ messages: 2, per: 1 day }")?;
    let max = fields.required("messages", "2", whole(1, MESSAGES_MAX));
    let window_ms = fields.required("per", "1 day", window);
    let channel = fields.optional("channel", channel);
    let form = fields.done();
    let max = u32::try_from(max?).expect("the reader bounds it");
    Some((Cap { channel, max, window_ms: window_ms? }, form))
}

/// `{ promotions: 3, per: 30 days }`
fn balance(sheet: &Sheet<'_>, node: &Node) -> Read<Balance> {
    let mut fields = Fields::of(sheet, node, "the balance", "{ promotions: 3, per: 30 days }")?;
    let promotions = fields.required("promotions", "3", whole(1, MESSAGES_MAX));
    let window_ms = fields.required("per", "30 days", window);
    let form = fields.done();
    let promotions = u32::try_from(promotions?).expect("the reader bounds it");
    Some((Balance { promotions, window_ms: window_ms? }, form))
}

/// `[34, 351]`: the calling codes of the countries whose numbers get text messages; `all`: every one's.
fn texted(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<CallingCode>> {
    if node.text().is_some_and(|word| word.trim() == "all") {
        return Some((Vec::new(), Form::text("all")));
    }
    let (mut codes, _) = list(calling_code)(sheet, node)?;
    if codes.is_empty() {
        let cure = "write the calling codes of some, or all: [34, 351]";
        sheet.wrong(node.at.start, "no country would get a text message", cure);
        return None;
    }
    codes.sort_unstable();
    codes.dedup();
    let form = codes.iter().map(|code| Form::text(code.to_string())).collect();
    Some((codes, Form::List(form)))
}

/// A share of all people, but not all of them.
fn part(sheet: &Sheet<'_>, node: &Node) -> Read<u32> {
    let (tenths, form) = share(sheet, node)?;
    if tenths >= 1_000 {
        sheet.wrong(node.at.start, "nobody would get a message", "write less than 100 %");
        return None;
    }
    Some((tenths, form))
}

fn window(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    let (ms, form) = duration(sheet, node)?;
    if !(crate::time::MINUTE..=Cap::WINDOW_MS_MAX).contains(&ms) {
        let message = "a limit counts over at least a minute and at most a year";
        sheet.wrong(node.at.start, message, "write a length such as 1 day");
        return None;
    }
    Some((ms, form))
}

/// A BCP 47 tag in its simple form: `es`, `pt-BR`.
pub(super) fn language(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, form) = name(sheet, node)?;
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = |part: &str, min: usize, max: usize| {
        (min..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !letters(first, 2, 3)
        || !first.bytes().all(|b| b.is_ascii_lowercase())
        || !parts.all(|part| letters(part, 2, 8))
    {
        let message = format!("{} is no language", quoted(&text));
        sheet.wrong(node.at.start, message, "write its tag: en, es, ru, pt-BR");
        return None;
    }
    Some((text, form))
}
