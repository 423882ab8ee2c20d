//! A second opinion on cart reminders, naive on purpose: what raw lines say about one cart.
//!
//! No profiles, no indexes, no identity resolution: every question reads all lines again, and the
//! caller says whose identifiers are whose. It knows the Maria family of cases: bought anywhere,
//! in any variant, told late, told without a time, with an unmapped code, by a feed that is
//! behind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use serde_json::Value;

/// What is asked: may the reminder of this enrollment go out?
#[derive(Debug)]
pub struct Question<'a> {
    /// Everything the person is known by, as it stands in the lines.
    pub identifiers: &'a BTreeSet<String>,
    /// Every mapped code of shop and till, to the product's id.
    pub codes: &'a BTreeMap<String, String>,
    /// The feeds that could tell of a purchase.
    pub feeds: &'a [ExpectedFeed],
    /// The zone of times without one.
    pub zone: &'a TimeZone,
    /// When the person entered the journey.
    pub entered_at: Timestamp,
    /// When the step became due; feeds have to be complete up to then, less [`LAG`].
    pub due_at: Timestamp,
    /// Only lines received up to this moment are read.
    pub now: Timestamp,
}

/// The normal lag of a feed.
pub const LAG: SignedDuration = SignedDuration::from_mins(15);
/// A clock wrong by more than this is corrected by `sentAt`.
const SKEW_MIN: SignedDuration = SignedDuration::from_secs(60);

/// A feed that could tell of a purchase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpectedFeed {
    /// Its source.
    pub source: String,
    /// Its name; `None` for a source without feeds.
    pub feed: Option<String>,
    /// How long it may be silent and still be presumed complete; `None` if only watermarks and
    /// heartbeats count.
    pub silence_max: Option<SignedDuration>,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// These products are surely still open in the cart.
    Send(Vec<String>),
    /// Something of the cart has been bought.
    StopBought(Vec<String>),
    /// Nothing is left in it.
    StopEmpty,
    /// A purchase is possible and not known.
    Hold(Vec<Doubt>),
}

/// Why a purchase is possible.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Doubt {
    /// A feed has not told everything up to the moment needed.
    FeedBehind {
        /// Its source.
        source: String,
        /// Its name.
        feed: Option<String>,
    },
    /// She bought something whose code is in no catalogue.
    UnmappedCode(String),
    /// She bought something, and nothing says what.
    OrderWithoutLines,
}

/// What changed in a cart: pieces added, taken away, or counted.
enum What {
    Added(i64),
    Removed(i64),
    Listed(i64),
}

/// A change of one of her carts: that of the app is not that of the site, and a listing of one
/// says nothing of the other.
struct Change {
    at: Timestamp,
    cart: String,
    what: What,
}

/// Her purchases: by product, the latest moment at which each can have happened, and that by the first word of
/// its order; and those that do not say of what.
#[derive(Default)]
struct Purchases {
    of: BTreeMap<String, Vec<(Timestamp, Timestamp)>>,
    unclear: Vec<(Timestamp, Doubt)>,
}

/// Answers `question` from `lines`, which may come in any order and more than once.
pub fn decide(lines: &[Value], question: &Question<'_>) -> Verdict {
    let read = received(lines, question.now);
    let mine: Vec<&Value> =
        read.iter().copied().filter(|line| is_by(line, question.identifiers)).collect();
    let changes = changes(&mine, question);
    let purchases = purchases(&mine, question);
    let (mut open, mut bought, mut first_open) = (Vec::new(), Vec::new(), question.now);
    for (product, changes) in &changes {
        let added = |change: &Change| {
            matches!(change.what, What::Added(_) | What::Listed(1..)).then_some(change.at)
        };
        let Some(last_added) = changes.iter().filter_map(added).max() else { continue };
        let all = purchases.of.get(product).map_or(&[][..], Vec::as_slice);
        let bought_at = all.iter().map(|(latest, _)| *latest).max().unwrap_or(Timestamp::MIN);
        let in_enrollment = last_added >= question.entered_at
            || pieces(changes, Timestamp::MIN, question.entered_at) > 0;
        if bought_at >= last_added {
            // What had been bought before she entered, by whoever tells of that order, is no part of this
            // cart any more, and does not become one by being bought again.
            let since = |at: &Timestamp| *at >= question.entered_at;
            let mut told = all.iter().filter(|(latest, _)| *latest >= last_added);
            let closed_before = !since(&last_added) && told.clone().any(|(_, first)| !since(first));
            if in_enrollment && !closed_before && told.any(|(_, first)| since(first)) {
                bought.push(product.clone());
            }
            continue;
        }
        if in_enrollment && pieces(changes, bought_at, question.now) > 0 {
            first_open = first_open.min(last_added);
            open.push(product.clone());
        }
    }
    if !bought.is_empty() {
        return Verdict::StopBought(bought);
    }
    if open.is_empty() {
        return Verdict::StopEmpty;
    }
    let unclear = purchases
        .unclear
        .into_iter()
        .filter(|(latest, _)| *latest >= first_open)
        .map(|(_, doubt)| doubt);
    let behind = question
        .feeds
        .iter()
        .filter(|feed| complete_through(&read, feed, question.now) < question.due_at - LAG);
    let behind = behind
        .map(|feed| Doubt::FeedBehind { source: feed.source.clone(), feed: feed.feed.clone() });
    let doubts: BTreeSet<Doubt> = behind.chain(unclear).collect();
    match doubts.is_empty() {
        true => Verdict::Send(open),
        false => Verdict::Hold(doubts.into_iter().collect()),
    }
}

/// Up to when a feed has told everything, by what was received up to `now`.
fn complete_through(read: &[&Value], feed: &ExpectedFeed, now: Timestamp) -> Timestamp {
    let spoken = read.iter().filter(|line| {
        line["source"] == feed.source.as_str()
            && feed.feed.as_deref().is_none_or(|name| line["feed"] == name)
    });
    let (mut known, mut last) = (Timestamp::MIN, Timestamp::MIN);
    for line in spoken {
        let at = instant(&line["receivedAt"]).unwrap_or(Timestamp::MIN);
        last = last.max(at);
        match line["type"].as_str() {
            Some("heartbeat") => known = known.max(at),
            Some("watermark") => {
                known = known.max(instant(&line["completeThrough"]).unwrap_or(Timestamp::MIN))
            }
            _ => {}
        }
    }
    match feed.silence_max {
        Some(silence_max) if last != Timestamp::MIN && last + silence_max >= now => {
            known.max(now - LAG)
        }
        // Whoever has fallen silent had told what was older than the lag when it last spoke.
        Some(_) if last != Timestamp::MIN => known.max(last - LAG),
        Some(_) | None => known,
    }
}

/// Lines received up to `now`, each message once: as it was received first.
fn received(lines: &[Value], now: Timestamp) -> Vec<&Value> {
    let mut read: Vec<(Timestamp, &Value)> = Vec::new();
    for line in lines {
        let at = instant(&line["receivedAt"]);
        read.extend(at.filter(|at| *at <= now).map(|at| (at, line)));
    }
    read.sort_by_key(|(at, _)| *at);
    let mut seen = BTreeSet::new();
    let first = |line: &&Value| match line["messageId"].as_str() {
        Some(id) => seen.insert((line["source"].to_string(), id.to_owned())),
        None => true,
    };
    read.into_iter().map(|(_, line)| line).filter(first).collect()
}

fn is_by(line: &Value, identifiers: &BTreeSet<String>) -> bool {
    let top = ["anonymousId", "userId"].map(|key| &line[key]);
    let within = ["email", "phone", "loyalty_id"].into_iter().flat_map(|key| {
        [&line["properties"][key], &line["traits"][key], &line["context"]["traits"][key]]
    });
    top.into_iter().chain(within).filter_map(Value::as_str).any(|value| {
        identifiers.contains(value) || identifiers.contains(&value.trim().to_lowercase())
    })
}

/// Every change of her carts, by product, in the order in which it happened.
fn changes(mine: &[&Value], question: &Question<'_>) -> BTreeMap<String, Vec<Change>> {
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    let mut listings = Vec::new();
    for line in mine {
        let Some((at, _)) = occurred(line, question.zone) else { continue };
        let properties = &line["properties"];
        let quantity = properties["quantity"].as_i64().unwrap_or(1);
        let cart = properties["cart_id"].as_str().unwrap_or_default().to_owned();
        let what = match line["event"].as_str() {
            Some("Product Added") => What::Added(quantity),
            Some("Product Removed") => What::Removed(quantity),
            Some("Cart Viewed" | "Checkout Started") => {
                let listed = properties["products"].as_array().cloned().unwrap_or_default();
                listings.push((at, cart, listed));
                continue;
            }
            _ => continue,
        };
        if let Some(product) = product(properties, question.codes) {
            changes.entry(product).or_default().push(Change { at, cart, what });
        }
    }
    for (at, cart, listed) in listings {
        let mut pieces: BTreeMap<String, i64> =
            changes.keys().map(|product| (product.clone(), 0)).collect();
        for item in &listed {
            if let Some(product) = product(item, question.codes) {
                *pieces.entry(product).or_default() += item["quantity"].as_i64().unwrap_or(1);
            }
        }
        for (product, pieces) in pieces {
            let change = Change { at, cart: cart.clone(), what: What::Listed(pieces) };
            changes.entry(product).or_default().push(change);
        }
    }
    for changes in changes.values_mut() {
        changes.sort_by_key(|change| change.at);
    }
    changes
}

/// Pieces in all carts after the changes later than `after`, up to `until`.
fn pieces(changes: &[Change], after: Timestamp, until: Timestamp) -> i64 {
    let mut pieces: BTreeMap<&str, i64> = BTreeMap::new();
    for change in changes.iter().filter(|change| after < change.at && change.at <= until) {
        let held = pieces.entry(&change.cart).or_default();
        *held = match change.what {
            What::Added(quantity) => *held + quantity,
            What::Removed(quantity) => (*held - quantity).max(0),
            What::Listed(quantity) => quantity,
        };
    }
    pieces.values().sum()
}

fn purchases(mine: &[&Value], question: &Question<'_>) -> Purchases {
    let mut purchases = Purchases::default();
    let sale_ids: BTreeSet<String> = mine
        .iter()
        .filter(|line| line["event"] == "Order Completed")
        .filter_map(|line| sale_id(line))
        .collect();
    let mut first_told: BTreeMap<String, Timestamp> = BTreeMap::new();
    for line in mine.iter().filter(|line| line["event"] == "Order Completed") {
        if let (Some(id), Some((_, latest))) = (sale_id(line), occurred(line, question.zone)) {
            let first = first_told.entry(id).or_insert(latest);
            *first = latest.min(*first);
        }
    }
    // An order is not earlier than the checkout that bears its number, whatever the clocks say.
    let mut checked_out: BTreeMap<String, Timestamp> = BTreeMap::new();
    for line in mine.iter().filter(|line| line["event"] == "Checkout Started") {
        let number = line["properties"]["order_id"].as_str();
        if let (Some(number), Some((at, _))) = (number, occurred(line, question.zone)) {
            let last = checked_out.entry(number.to_owned()).or_insert(at);
            *last = at.max(*last);
        }
    }
    for line in mine {
        let sale = match line["event"].as_str() {
            Some("Order Completed") => true,
            // Goods brought back were bought, even if the sale has not been told.
            Some("Order Refunded") => sale_id(line).is_none_or(|id| !sale_ids.contains(&id)),
            _ => false,
        };
        let Some((_, latest)) = occurred(line, question.zone).filter(|_| sale) else { continue };
        let id = sale_id(line);
        let first = id.as_ref().and_then(|id| first_told.get(id)).copied().unwrap_or(latest);
        let checkout = id.and_then(|id| checked_out.get(&id)).copied();
        let latest = checkout.map_or(latest, |checkout| checkout.max(latest));
        let items = line["properties"]["products"].as_array().map_or(&[][..], Vec::as_slice);
        if items.is_empty() {
            purchases.unclear.push((latest, Doubt::OrderWithoutLines));
        }
        for item in items {
            match product(item, question.codes) {
                Some(product) => {
                    purchases.of.entry(product).or_default().push((latest, first));
                }
                None => {
                    let code = CODES.iter().find_map(|key| item[key].as_str()).unwrap_or("?");
                    purchases.unclear.push((latest, Doubt::UnmappedCode(code.to_owned())));
                }
            }
        }
    }
    purchases
}

const CODES: [&str; 5] = ["product_id", "variant", "sku", "gtin", "till_code"];

fn product(item: &Value, codes: &BTreeMap<String, String>) -> Option<String> {
    CODES.iter().find_map(|key| codes.get(item[key].as_str()?)).cloned()
}

fn sale_id(line: &Value) -> Option<String> {
    let properties = &line["properties"];
    ["receipt_id", "order_id"].iter().find_map(|key| properties[key].as_str()).map(str::to_owned)
}

/// The earliest and the latest moment at which a line's event can have happened; `None`: it is no line of an
/// event file. `zone` is that of times without one.
pub fn occurred(line: &Value, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let received_at = instant(&line["receivedAt"])?;
    let text = line["timestamp"].as_str().or(line["originalTimestamp"].as_str());
    let Some(text) = text else { return Some((received_at, received_at)) };
    if let Ok(at) = text.parse::<Timestamp>() {
        let skew = instant(&line["sentAt"])
            .map_or(SignedDuration::ZERO, |sent_at| received_at.duration_since(sent_at));
        let at = if skew.abs() > SKEW_MIN { at + skew } else { at };
        return Some((at.min(received_at), at.min(received_at)));
    }
    let (from, length) = match text.parse::<civil::Date>() {
        Ok(date) if text.len() == 10 => (date.at(0, 0, 0, 0), SignedDuration::from_hours(24)),
        _ => (text.parse::<civil::DateTime>().ok()?, SignedDuration::from_mins(1)),
    };
    let from = from.to_zoned(zone.clone()).ok()?.timestamp();
    Some((from.min(received_at), (from + length).min(received_at)))
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour_minute: &str) -> Timestamp {
        format!("2026-11-21T{hour_minute}:00Z").parse().unwrap()
    }

    /// `source feed hh:mm received-hh:mm event {properties}`
    fn line(id: usize, text: &str) -> Value {
        let mut words = text.splitn(6, ' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (source, feed, happened, received, event, properties) =
            (word(), word(), word(), word(), word(), word());
        let timestamp =
            if happened.len() == 5 { format!("2026-11-21T{happened}:00Z") } else { happened };
        let mut line = serde_json::json!({
            "type": "track", "source": source, "feed": feed, "messageId": format!("m{id}"),
            "userId": "maria", "event": event.replace('_', " "), "timestamp": timestamp,
            "receivedAt": at(&received).to_string(),
            "properties": serde_json::from_str::<Value>(&properties).unwrap_or(Value::Null),
        });
        if event == "watermark" {
            line["type"] = "watermark".into();
            line["completeThrough"] = line["timestamp"].clone();
            line.as_object_mut().unwrap().remove("messageId");
        }
        line
    }

    /// Asked of a reminder due at 18:00 in a journey entered at 17:00, at `now`.
    fn ask(now: &str, lines: &[&str]) -> String {
        let lines: Vec<Value> = lines.iter().enumerate().map(|(id, text)| line(id, text)).collect();
        let identifiers = BTreeSet::from(["maria".to_owned()]);
        let codes = [("tee", "tee"), ("TEE-M", "tee"), ("TEE-L", "tee"), ("jeans", "jeans")];
        let codes = codes
            .into_iter()
            .map(|(code, product)| (code.to_owned(), product.to_owned()))
            .collect();
        let (source, feed) = ("pos".to_owned(), Some("till".to_owned()));
        let question = Question {
            identifiers: &identifiers,
            codes: &codes,
            feeds: &[ExpectedFeed { source, feed, silence_max: None }],
            zone: &TimeZone::UTC,
            entered_at: at("17:00"),
            due_at: at("18:00"),
            now: at(now),
        };
        match decide(&lines, &question) {
            Verdict::Send(products) => format!("send {}", products.join(" ")),
            Verdict::StopBought(products) => format!("bought {}", products.join(" ")),
            Verdict::StopEmpty => "empty".to_owned(),
            Verdict::Hold(doubts) => format!("hold {doubts:?}"),
        }
    }

    const ADDED: &str = r#"web - 17:00 17:00 Product_Added {"product_id":"tee"}"#;
    const JEANS: &str = r#"web - 17:01 17:01 Product_Added {"product_id":"jeans","quantity":2}"#;
    const COMPLETE: &str = "pos till 18:00 18:01 watermark -";
    const BEHIND: &str = r#"hold [FeedBehind { source: "pos", feed: Some("till") }]"#;

    #[test]
    fn an_open_cart_is_reminded_of_once_the_till_is_complete() {
        assert_eq!(ask("18:00", &[ADDED]), BEHIND);
        assert_eq!(ask("18:01", &[ADDED, COMPLETE]), "send tee");
        assert_eq!(ask("18:01", &[COMPLETE, JEANS, ADDED, ADDED]), "send jeans tee");
    }

    #[test]
    fn a_receipt_stops_it_whenever_it_arrives() {
        let sold = r#"pos till 17:40 19:40 Order_Completed {"products":[{"sku":"TEE-L"}]}"#;
        assert_eq!(ask("19:39", &[ADDED, sold]), BEHIND);
        assert_eq!(ask("19:40", &[sold, ADDED]), "bought tee");
        assert_eq!(ask("19:40", &[ADDED, JEANS, sold, COMPLETE]), "bought tee");
    }

    #[test]
    fn a_purchase_that_surely_came_before_closes_nothing() {
        let before = r#"pos till 16:40 16:40 Order_Completed {"products":[{"sku":"TEE-M"}]}"#;
        assert_eq!(ask("18:01", &[ADDED, before, COMPLETE]), "send tee");
        let that_day =
            r#"pos till 2026-11-21 18:01 Order_Completed {"products":[{"sku":"TEE-M"}]}"#;
        assert_eq!(ask("18:01", &[ADDED, that_day, COMPLETE]), "bought tee");
    }

    #[test]
    fn an_order_is_not_earlier_than_its_checkout() {
        let checkout = r#"web - 17:30 17:30 Checkout_Started {"order_id":"7001","products":[{"product_id":"tee"}]}"#;
        let sold = |order: &str| {
            let properties = format!(r#"{{"order_id":"{order}","products":[{{"sku":"TEE-M"}}]}}"#);
            ask(
                "18:01",
                &[checkout, &format!("shop - 16:40 17:31 Order_Completed {properties}"), COMPLETE],
            )
        };
        assert_eq!(sold("7002"), "send tee");
        assert_eq!(sold("7001"), "empty");
    }

    #[test]
    fn what_was_bought_before_the_entry_is_not_of_this_cart_when_it_is_bought_again() {
        let tee = r#"web - 16:00 16:00 Product_Added {"product_id":"tee"}"#;
        let sold = |at: &str| {
            format!(r#"pos till {at} {at} Order_Completed {{"products":[{{"sku":"TEE-M"}}]}}"#)
        };
        let (first, again) = (&sold("16:30"), &sold("17:40"));
        assert_eq!(ask("18:01", &[tee, JEANS, first, again, COMPLETE]), "send jeans");
        assert_eq!(ask("18:01", &[tee, JEANS, again, COMPLETE]), "bought tee");
    }

    #[test]
    fn what_cannot_be_read_is_a_doubt() {
        let unmapped = r#"pos till 17:40 17:40 Order_Completed {"products":[{"till_code":"T-9"}]}"#;
        assert_eq!(ask("18:01", &[ADDED, unmapped, COMPLETE]), r#"hold [UnmappedCode("T-9")]"#);
        let bare = r#"pos till 17:40 17:40 Order_Completed {"total":19.95}"#;
        assert_eq!(ask("18:01", &[ADDED, bare, COMPLETE]), "hold [OrderWithoutLines]");
    }

    #[test]
    fn removed_pieces_and_listed_carts_count() {
        let removed = r#"web - 17:05 17:05 Product_Removed {"product_id":"jeans"}"#;
        let again = r#"web - 17:06 17:06 Product_Removed {"product_id":"jeans"}"#;
        assert_eq!(ask("18:01", &[JEANS, removed, COMPLETE]), "send jeans");
        assert_eq!(ask("18:01", &[JEANS, again, removed, COMPLETE]), "empty");
        let listed = r#"web - 17:07 17:07 Cart_Viewed {"products":[{"product_id":"tee"}]}"#;
        assert_eq!(ask("18:01", &[JEANS, ADDED, listed, COMPLETE]), "send tee");
    }

    #[test]
    fn a_listing_of_one_cart_empties_no_other() {
        let on_site =
            r#"web - 17:00 17:00 Product_Added {"cart_id":"w","product_id":"jeans","quantity":2}"#;
        let in_app = r#"app - 17:05 17:05 Product_Added {"cart_id":"a","product_id":"tee"}"#;
        let listed =
            r#"app - 17:06 17:06 Cart_Viewed {"cart_id":"a","products":[{"product_id":"tee"}]}"#;
        assert_eq!(ask("18:01", &[on_site, in_app, listed, COMPLETE]), "send jeans tee");
        let removed = r#"app - 17:07 17:07 Product_Removed {"cart_id":"a","product_id":"tee"}"#;
        assert_eq!(ask("18:01", &[on_site, in_app, removed, COMPLETE]), "send jeans");
    }

    #[test]
    fn a_return_shows_a_sale_and_reopens_nothing() {
        let returned = r#"pos till 17:50 17:50 Order_Refunded {"receipt_id":"r1","products":[{"sku":"TEE-M"}]}"#;
        assert_eq!(ask("18:01", &[ADDED, returned, COMPLETE]), "bought tee");
    }
}
