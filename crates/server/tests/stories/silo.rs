//! What a tool does that sees online events alone and does not look again before it sends: the cart
//! reminder after four hours and the coupon of 20 % a day later, counted against what is true.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use regulars_sim::{PersonId, Town};
use serde_json::Value;

/// What came of the rules of a tool that sees online events alone.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    /// Reminders and coupons sent.
    pub(crate) sent: usize,
    /// Of them, about something that the person had bought by then.
    pub(crate) wrong: usize,
    /// Of them, coupons.
    pub(crate) coupons_wrong: usize,
    /// What those coupons are worth in cents: 20 % of the price that had been paid in full.
    pub(crate) coupon_minor: u64,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.wrong += other.wrong;
        self.coupons_wrong += other.coupons_wrong;
        self.coupon_minor += other.coupon_minor;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sent, wrong, coupons_wrong, coupon_minor } = self;
        let (units, cents) = (coupon_minor / 100, coupon_minor % 100);
        write!(
            f,
            "{sent} messages, {wrong} of them after the purchase, among these {coupons_wrong} coupons \
             worth {units}.{cents:02} EUR to people who had paid the full price"
        )
    }
}

/// What the tool sees of one visitor of the site and the app.
#[derive(Default)]
struct Visitor {
    added: Vec<Added>,
    removed: BTreeMap<String, Vec<Timestamp>>,
    ordered: BTreeMap<String, Vec<Timestamp>>,
    /// What the visitor said to letters that sell, and when.
    answers: Vec<(Timestamp, bool)>,
}

/// A cart line.
struct Added {
    at: Timestamp,
    product: String,
    price_minor: u64,
    /// Who it truly was.
    person: PersonId,
}

/// Who truly bought what, and when, wherever it was.
type Bought = BTreeMap<(PersonId, String), Vec<Timestamp>>;

const REMINDER: SignedDuration = SignedDuration::from_hours(4);
const COUPON: SignedDuration = SignedDuration::from_hours(28);
const AGAIN: SignedDuration = SignedDuration::from_hours(2 * 24);

/// Runs the siloed rules over a town: the cart journey of the towns without the tills, with a yes, a
/// re-entry after two days, and exits by what was bought or removed online.
pub(crate) fn count(town: &Town) -> Count {
    let (visitors, bought) = seen(town);
    let mut count = Count::default();
    for visitor in visitors.values() {
        let mut again = Timestamp::MIN;
        for entry in &visitor.added {
            if entry.at < again {
                continue;
            }
            again = entry.at + AGAIN;
            for (wait, coupon) in [(REMINDER, false), (COUPON, true)] {
                let now = entry.at + wait;
                let Some(open) = visitor.open(entry.at, now) else { break };
                if !visitor.said_yes(now) {
                    continue;
                }
                let had = |line: &&&Added| {
                    let moments = bought.get(&(line.person, line.product.clone()));
                    between(moments, line.at, now)
                };
                let wrong: Vec<&&Added> = open.iter().filter(had).collect();
                count.sent += 1;
                count.wrong += usize::from(!wrong.is_empty());
                if coupon {
                    count.coupons_wrong += usize::from(!wrong.is_empty());
                    count.coupon_minor +=
                        wrong.iter().map(|line| line.price_minor / 5).sum::<u64>();
                }
            }
        }
    }
    count
}

impl Visitor {
    /// What was put into the cart since `entry` and is open as far as the tool sees; `None`: something
    /// of it was ordered online, or nothing is left.
    fn open(&self, entry: Timestamp, now: Timestamp) -> Option<Vec<&Added>> {
        let since = |line: &&Added| line.at >= entry && line.at <= now;
        let lines: Vec<&Added> = self.added.iter().filter(since).collect();
        if lines.iter().any(|line| between(self.ordered.get(&line.product), line.at, now)) {
            return None;
        }
        let removed = |line: &&Added| between(self.removed.get(&line.product), line.at, now);
        let open: Vec<&Added> = lines.into_iter().filter(|line| !removed(line)).collect();
        (!open.is_empty()).then_some(open)
    }

    fn said_yes(&self, now: Timestamp) -> bool {
        let last = self.answers.iter().filter(|(at, _)| *at <= now).max();
        last.is_some_and(|(_, yes)| *yes)
    }
}

fn between(moments: Option<&Vec<Timestamp>>, from: Timestamp, to: Timestamp) -> bool {
    moments.is_some_and(|all| all.iter().any(|at| *at >= from && *at <= to))
}

/// Visitors under the login that a browser or app was ever seen with, else under its own id; and all
/// purchases as they truly were.
fn seen(town: &Town) -> (BTreeMap<String, Visitor>, Bought) {
    let codes = town.catalogue().codes();
    let told: Vec<(Value, _)> =
        town.lines().map(|line| (serde_json::from_str(&line.text).unwrap(), line.truth)).collect();
    let mut logins: BTreeMap<&str, &str> = BTreeMap::new();
    for (line, _) in &told {
        if let (Some(device), Some(login)) = (line["anonymousId"].as_str(), line["userId"].as_str())
        {
            logins.insert(device, login);
        }
    }
    let (mut visitors, mut bought) = (BTreeMap::<String, Visitor>::new(), Bought::new());
    for (line, truth) in &told {
        let (Some(person), at) = (truth.person, truth.occurred_at) else { continue };
        let online = matches!(line["source"].as_str(), Some("web" | "app" | "shop"));
        let device = line["anonymousId"].as_str().unwrap_or_default();
        let login = line["userId"].as_str().or_else(|| logins.get(device).copied());
        let mut unseen = Visitor::default();
        let visitor = match online {
            true => visitors.entry(login.unwrap_or(device).to_owned()).or_default(),
            false => &mut unseen,
        };
        let properties = &line["properties"];
        match line["event"].as_str().unwrap_or_default() {
            "Consent Given" if properties["channel"] == "email" => visitor.answers.push((at, true)),
            "Consent Withdrawn" if properties["channel"] == "email" => {
                visitor.answers.push((at, false))
            }
            "Unsubscribed" => visitor.answers.push((at, false)),
            "Product Added" => {
                let added = products(properties, &codes).into_iter();
                visitor.added.extend(added.map(|(product, price_minor)| Added {
                    at,
                    product,
                    price_minor,
                    person,
                }));
            }
            "Product Removed" => {
                for (product, _) in products(properties, &codes) {
                    visitor.removed.entry(product).or_default().push(at);
                }
            }
            "Order Completed" => {
                for (product, _) in products(properties, &codes) {
                    visitor.ordered.entry(product.clone()).or_default().push(at);
                    bought.entry((person, product)).or_default().push(at);
                }
            }
            _ => {}
        }
    }
    for visitor in visitors.values_mut() {
        visitor.added.sort_by_key(|line| line.at);
    }
    (visitors, bought)
}

/// The products that a line names, with their prices in cents.
fn products(properties: &Value, codes: &BTreeMap<String, String>) -> Vec<(String, u64)> {
    let one = |item: &Value| {
        let code = ["product_id", "sku", "variant", "till_code", "gtin"]
            .into_iter()
            .find_map(|key| item[key].as_str())?;
        let product = codes.get(code).cloned().unwrap_or_else(|| code.to_owned());
        let price = item["price"].as_f64().or_else(|| item["price"].as_str()?.parse().ok());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a price")]
        let minor = (price.unwrap_or(0.0) * 100.0).round() as u64;
        Some((product, minor))
    };
    match properties["products"].as_array() {
        Some(list) => list.iter().filter_map(one).collect(),
        None => one(properties).into_iter().collect(),
    }
}
