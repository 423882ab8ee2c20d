//! From what happened to a line of an event file, as a shop would send it.

use jiff::tz::TimeZone;
use regulars_engine::event::Kind;
use regulars_engine::time::Timestamp;
use serde_json::{Map, Value, json};

use super::scenario::{Happening, Told};

/// The line, as JSON.
pub(crate) fn event_line(happening: &Happening, zone: &TimeZone) -> Result<String, String> {
    let mut line = Map::new();
    // Read like any yes; `run` makes of it what our own page tells.
    let confirmed = happening.told_by_us() == Some(Kind::ConsentConfirmed);
    let word = if confirmed { "Consent Given" } else { happening.event.as_str() };
    let kind = match word {
        "identify" | "heartbeat" | "page" | "screen" => word,
        // What staff say comes from no source: `run` makes their statement of the identifiers.
        _ if happening.staff().is_some() => "identify",
        _ if word.starts_with("watermark") => "watermark",
        _ => "track",
    };
    line.insert("type".into(), kind.into());
    line.insert("source".into(), happening.source.clone().into());
    if let Some(feed) = &happening.feed {
        line.insert("feed".into(), feed.clone().into());
    }
    line.insert("receivedAt".into(), rfc3339(happening.received_at).into());
    if kind == "watermark" {
        let through = word.strip_prefix("watermark through").map(str::trim);
        let through = through.filter(|text| !text.is_empty()).ok_or("through which time?")?;
        line.insert("completeThrough".into(), through_time(happening, through, zone)?.into());
        return Ok(Value::Object(line).to_string());
    }
    line.insert("timestamp".into(), timestamp(happening, zone)?.into());
    if kind != "heartbeat" {
        let id = note(happening, "id ").unwrap_or_else(|| format!("line-{}", happening.number));
        line.insert("messageId".into(), id.into());
    }
    if let Some(sent) = note(happening, "sent ") {
        let at = at_time(happening, &sent)?.to_zoned(zone.clone()).map_err(|e| e.to_string())?;
        line.insert("sentAt".into(), at.timestamp().to_string().into());
    }
    if kind == "track" {
        line.insert("event".into(), word.into());
    }
    let members = if kind == "identify" { "traits" } else { "properties" };
    let mut inner = details(happening, &mut line)?;
    if kind == "track" && happening.source.starts_with("pos") && word.starts_with("Order") {
        inner.insert("channel".into(), "store".into());
        if let Some(till) = &happening.feed {
            inner.insert("till".into(), till.clone().into());
        }
    }
    if !inner.is_empty() {
        line.insert(members.into(), Value::Object(inner));
    }
    Ok(Value::Object(line).to_string())
}

fn rfc3339(at: Timestamp) -> String {
    at.to_string()
}

fn note(happening: &Happening, key: &str) -> Option<String> {
    happening.notes.iter().find_map(|note| note.strip_prefix(key)).map(str::to_owned)
}

/// The time as the source tells it: an instant, or local time to the minute or the day.
fn timestamp(happening: &Happening, zone: &TimeZone) -> Result<String, String> {
    let to_the_minute = happening.notes.iter().any(|note| note == "dated to the minute");
    Ok(match happening.told {
        Told::Day(day) => day.to_string(),
        Told::Moment(at) if to_the_minute => at.strftime("%Y-%m-%dT%H:%M").to_string(),
        Told::Moment(at) => {
            let zoned = at.to_zoned(zone.clone()).map_err(|error| error.to_string())?;
            zoned.timestamp().to_string()
        }
    })
}

/// `22:50`, or `16 Nov 2026 22:50`, or `16 Nov 2026` for the whole day.
fn through_time(happening: &Happening, text: &str, zone: &TimeZone) -> Result<String, String> {
    if let Ok(day) = jiff::civil::Date::strptime("%d %b %Y", text) {
        return Ok(day.to_string());
    }
    let at = at_time(happening, text)?.to_zoned(zone.clone()).map_err(|e| e.to_string())?;
    Ok(at.timestamp().to_string())
}

fn at_time(happening: &Happening, text: &str) -> Result<jiff::civil::DateTime, String> {
    if let Ok(at) = jiff::civil::DateTime::strptime("%d %b %Y %H:%M", text) {
        return Ok(at);
    }
    let day = match happening.told {
        Told::Moment(at) => at.date(),
        Told::Day(day) => day,
    };
    jiff::civil::Time::strptime("%H:%M", text)
        .map(|time| day.to_datetime(time))
        .map_err(|_| format!("\"{text}\" is no time"))
}

/// Properties or traits; `login` and `device` go to the message itself.
fn details(
    happening: &Happening,
    line: &mut Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    let mut inner = Map::new();
    let mut products: Vec<Map<String, Value>> = Vec::new();
    for detail in &happening.details {
        let (key, value) = detail.split_once(' ').unwrap_or((detail, ""));
        let value = value.trim();
        if value.is_empty() && key != "empty" {
            return Err(format!("\"{detail}\" says nothing; write for example login maria"));
        }
        let name = match key {
            "login" => {
                add(line, "userId", value.into());
                continue;
            }
            "device" => {
                add(line, "anonymousId", value.into());
                continue;
            }
            "product" | "sku" | "gtin" | "code" => {
                products.push(product(key, value)?);
                continue;
            }
            // A browser's subscription to push messages, at this address.
            "push" => {
                let keys =
                    json!({ "p256dh": format!("B{}", "a".repeat(86)), "auth": "b".repeat(22) });
                let endpoint = format!("https://push.example/{value}");
                inner.insert("subscription".into(), json!({ "endpoint": endpoint, "keys": keys }));
                continue;
            }
            // An order or a cart of which nothing is listed.
            "empty" => {
                inner.insert("products".into(), json!([]));
                continue;
            }
            "total" => {
                let (amount, currency) = money(value)?;
                inner.insert("total".into(), amount);
                inner.insert("currency".into(), currency.into());
                continue;
            }
            "card" => "loyalty_id",
            "receipt" => "receipt_id",
            "order" => "order_id",
            "cart" => "cart_id",
            "store" => "store_id",
            "ticket" => "ticket_id",
            "zone" => "timezone",
            other => other,
        };
        add(&mut inner, name, value.into());
    }
    let lists = ["Order", "Cart Viewed", "Checkout Started"];
    if lists.iter().any(|list| happening.event.starts_with(list)) {
        if !products.is_empty() {
            let list = products.into_iter().map(Value::Object).collect::<Vec<_>>();
            inner.insert("products".into(), Value::Array(list));
        }
    } else if let Some(one) = products.into_iter().next() {
        inner.extend(one);
    }
    Ok(inner)
}

/// Puts a value in; a second one of the same name makes a list.
fn add(map: &mut Map<String, Value>, name: &str, value: Value) {
    let joined = match map.remove(name) {
        Some(Value::Array(mut held)) => {
            held.push(value);
            Value::Array(held)
        }
        Some(held) => json!([held, value]),
        None => value,
    };
    map.insert(name.to_owned(), joined);
}

/// `tee variant tee-m x2 at 20 EUR`
fn product(key: &str, text: &str) -> Result<Map<String, Value>, String> {
    let mut product = Map::new();
    let (what, price) = match text.split_once(" at ") {
        Some((what, price)) => (what, Some(price)),
        None => (text, None),
    };
    let name = |key| match key {
        "product" => "product_id",
        "code" => "till_code",
        other => other,
    };
    let mut words = what.split_whitespace();
    let first = words.next().ok_or("which product?")?;
    product.insert(name(key).to_owned(), first.into());
    while let Some(word) = words.next() {
        if let Some(count) = word.strip_prefix('x').and_then(|count| count.parse::<u32>().ok()) {
            product.insert("quantity".to_owned(), count.into());
        } else {
            let value =
                words.next().ok_or_else(|| format!("\"{word}\" of {first} says nothing"))?;
            product.insert(name(word).to_owned(), value.into());
        }
    }
    if let Some(price) = price {
        let (amount, currency) = money(price)?;
        product.insert("price".to_owned(), amount);
        product.insert("currency".to_owned(), currency.into());
    }
    Ok(product)
}

fn money(text: &str) -> Result<(Value, String), String> {
    let (amount, currency) =
        text.split_once(' ').ok_or_else(|| format!("\"{text}\" is no amount; write 20 EUR"))?;
    let amount: f64 = amount.parse().map_err(|_| format!("\"{amount}\" is no number"))?;
    Ok((json!(amount), currency.trim().to_owned()))
}
