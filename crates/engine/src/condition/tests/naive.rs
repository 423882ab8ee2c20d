//! The second evaluator, for tests alone: reads raw events every time, knows no profile, no
//! interval and no next moment, and answers as known.

#![expect(clippy::wildcard_enum_match_arm, reason = "what histories do not bring is left out")]

use jiff::tz::TimeZone;

use crate::condition::{
    Age, Asks, CartTest, Comparison, ComputedTrait, Condition, Deed, Digest, End, FieldTest,
    Figure, FigureTest, Filter, Length, Limit, Literal, Mark, MarkOf, Number, Occasion, Of, Share,
    Thing, TicketTurn, TraitTest, Unit, Which, Window,
};
use crate::event::{Channel, CodeKind, ConsentAnswer, Event, Kind, Line, Money, Value};
use crate::time::{DAY, Timestamp};

/// What the naive evaluator knows.
pub(super) struct Log<'a> {
    /// In the order of their moments.
    pub(super) events: &'a [Event],
    pub(super) entry: Option<(Timestamp, &'a [Line])>,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
}

struct Receipt<'a> {
    key: &'a str,
    sale: Option<&'a Event>,
    at: Timestamp,
    latest: Timestamp,
    refunds: Vec<&'a Event>,
    cancelled: bool,
}

/// The product, with all that replace it, by one name.
fn product(line: &Line) -> Option<&str> {
    let code = line.codes.first()?;
    Some(match (code.kind, code.value.as_str()) {
        (CodeKind::Till, "4711" | "4712") | (CodeKind::Product, "tee-organic") => "tee",
        (CodeKind::Till, "4713") => "hat",
        (CodeKind::Till, "4714") => "boot",
        (CodeKind::Till, _) => return None,
        (_, id) => id,
    })
}

fn category(line: &Line) -> Option<&'static str> {
    Some(match product(line)? {
        "tee" => "Clothing/Tops",
        "hat" => "Clothing/Hats",
        "boot" => "Shoes",
        _ => return None,
    })
}

fn matches(line: &Line, thing: &Thing) -> bool {
    match thing {
        Thing::Anything => true,
        Thing::Product(id) => product(line) == Some(if id == "tee-organic" { "tee" } else { id }),
        Thing::Category(name) => {
            category(line).is_some_and(|held| held == name || held.starts_with(&format!("{name}/")))
        }
    }
}

/// A line that leads to no product may be any: what came back so is not known to be kept.
fn may_match(line: &Line, thing: &Thing) -> bool {
    product(line).is_none() || matches(line, thing)
}

impl<'a> Log<'a> {
    #[expect(clippy::too_many_lines, reason = "one arm for each statement")]
    pub(super) fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Never => false,
            Condition::Not(part) => !self.holds(part),
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Cart(test) => self.cart(test),
            Condition::BoughtOfCart(share) => self.bought_of_cart(*share),
            Condition::Done { deed, thing, filter, scope } => self
                .deeds(*deed, thing, filter, scope.channel)
                .iter()
                .any(|at| self.within(*at, &scope.window)),
            Condition::Orders { limit, filter, scope } => {
                let orders = self.kept_where(filter, scope.channel);
                let count = orders.iter().filter(|r| self.within(r.at, &scope.window)).count();
                compare(i128::try_from(count).unwrap(), limit.comparison, i128::from(limit.value))
            }
            Condition::Spent { limit, filter, scope } => {
                let paid = self
                    .receipts()
                    .into_iter()
                    .filter(|r| !r.cancelled && r.over(scope.channel) && r.passes(filter));
                let paid = paid.filter(|r| {
                    let currency = r.sale.and_then(|sale| sale.order.as_ref()).map(|o| o.currency);
                    currency == Some(limit.value.currency) && self.within(r.at, &scope.window)
                });
                compare(
                    paid.map(|r| r.net()).sum(),
                    limit.comparison,
                    i128::from(limit.value.minor),
                )
            }
            Condition::OrderAge { end, channel, filter, age } => {
                let moments = self.kept_where(filter, *channel).iter().map(|r| r.at).collect();
                self.age(moments, *end, *age)
            }
            Condition::Event { kind, limit, filter, window } => {
                let moments =
                    self.moments(|event| event.kind == *kind && event_passes(event, filter));
                let count = moments.into_iter().filter(|at| self.within(*at, window)).count();
                compare(i128::try_from(count).unwrap(), limit.comparison, i128::from(limit.value))
            }
            Condition::Figure { figure, test } => self.figure(figure, test),
            Condition::EventAge { end, kind, filter, age } => {
                let meant = |event: &Event| event.kind == *kind && event_passes(event, filter);
                self.age(self.moments(meant), *end, *age)
            }
            Condition::Trait { test, computed: Some(computed), .. } => {
                self.computed(computed, test)
            }
            Condition::Trait { name, test, computed: None } => {
                let stated = self.events.iter().rev().find_map(|event| event.traits.get(name));
                stated.is_some_and(|value| trait_holds(value, test))
            }
            Condition::Consent { .. } => {
                let last = self.events.iter().rev().find_map(|event| event.consent.as_ref());
                last.is_some_and(|consent| consent.answer == ConsentAnswer::Given)
            }
            Condition::Reachable(channel) => *channel == Channel::Email,
            Condition::MayWrite { channel, .. } => {
                let last = self.events.iter().rev().find_map(|event| event.consent.as_ref());
                *channel == Channel::Email
                    && last.is_some_and(|consent| consent.answer == ConsentAnswer::Given)
            }
            Condition::TicketOpen => {
                let last = self.last_of_a_ticket();
                last.is_some_and(|event| event.kind == Kind::TicketOpened)
            }
            Condition::TicketWaits(length) => {
                let last = self.last_of_a_ticket();
                let open = last.filter(|event| event.kind == Kind::TicketOpened);
                open.is_some_and(|event| self.now >= self.over_at(event.occurred.at, *length))
            }
            Condition::Tickets { turn, limit, window } => {
                let kind = match turn {
                    TicketTurn::Opened => Kind::TicketOpened,
                    TicketTurn::Closed => Kind::TicketClosed,
                };
                let mut last = std::collections::BTreeMap::new();
                for event in self.events.iter().filter(|event| event.kind == kind) {
                    last.insert(event.reference.as_ref().map(|r| r.id.as_str()), event.occurred.at);
                }
                let count = last.values().filter(|at| self.within(**at, window)).count();
                compare(i128::try_from(count).unwrap(), limit.comparison, i128::from(limit.value))
            }
            Condition::FirstSeen(channel) => {
                let first = self.events.iter().find(|event| event.kind.touchpoint());
                first.is_some_and(|event| event.place.channel == *channel)
            }
            Condition::Touched { channel, window } => {
                let touch = |e: &Event| e.kind.touchpoint() && e.place.channel == *channel;
                self.moments(touch).into_iter().any(|at| self.within(at, window))
            }
            Condition::Weekday(days) => {
                let weekday = format!("{:?}", self.day_of(self.now).weekday()).to_lowercase();
                days.iter().any(|day| day.word() == weekday)
            }
            Condition::Hour(limit) => {
                let hour = i128::from(self.now.in_zone(self.zone).hour());
                compare(hour, limit.comparison, i128::from(limit.value))
            }
            Condition::Anniversary { of, ahead } => {
                let born = match of {
                    Occasion::Trait(name) => {
                        let stated = self.events.iter().rev().find_map(|e| e.traits.get(name));
                        stated.and_then(Value::as_text).and_then(|text| text.parse().ok())
                    }
                    Occasion::FirstOrder => {
                        let moments = self.kept(None).into_iter().map(|receipt| receipt.at);
                        moments.filter(|at| *at <= self.now).min().map(|at| self.day_of(at))
                    }
                };
                let Some(born): Option<jiff::civil::Date> = born else { return false };
                (0..=i64::from(*ahead)).any(|days| {
                    let day = self.day_of(self.now);
                    let day = day.checked_add(jiff::Span::new().days(days)).unwrap();
                    let moved = !day.in_leap_year() && (born.month(), born.day()) == (2, 29);
                    let wanted = if moved { (2, 28) } else { (born.month(), born.day()) };
                    (day.month(), day.day()) == wanted && day.year() > born.year()
                })
            }
            Condition::Score { .. }
            | Condition::Stage(_)
            | Condition::InList(_)
            | Condition::Segment(_) => unreachable!("histories are asked by events alone"),
        }
    }

    fn moments(&self, wanted: impl Fn(&Event) -> bool) -> Vec<Timestamp> {
        self.events.iter().filter(|event| wanted(event)).map(|event| event.occurred.at).collect()
    }

    /// The moment from which so long has passed since `at`.
    fn over_at(&self, at: Timestamp, length: Length) -> Timestamp {
        let n = i64::from(length.count);
        let span = match length.unit {
            Unit::Seconds => jiff::Span::new().seconds(n),
            Unit::Minutes => jiff::Span::new().minutes(n),
            Unit::Hours => jiff::Span::new().hours(n),
            Unit::Days => jiff::Span::new().days(n),
            Unit::Weeks => jiff::Span::new().weeks(n),
            Unit::Months => jiff::Span::new().months(n),
            Unit::Years => jiff::Span::new().years(n),
        };
        let there = at.in_zone(self.zone).checked_add(span).unwrap();
        Timestamp(there.timestamp().as_millisecond())
    }

    fn within(&self, at: Timestamp, window: &Window) -> bool {
        match window {
            Window::Ever => true,
            Window::SinceEntry => self.entry.is_some_and(|(entry, _)| at > entry),
            Window::Last(length) => self.now < self.over_at(at, *length),
            Window::Before(length) => self.now >= self.over_at(at, *length),
            Window::Since(day) => self.day_of(at) >= *day,
            Window::Until(day) => self.day_of(at) < *day,
            Window::Between((first, last)) => (*first..=*last).contains(&self.day_of(at)),
            Window::BeforeMark(mark) => self.marked(mark).into_iter().any(|moment| {
                at < moment && mark.within.is_none_or(|near| moment < self.over_at(at, near))
            }),
            Window::AfterMark(mark) => self.marked(mark).into_iter().any(|moment| {
                at > moment && mark.within.is_none_or(|near| at < self.over_at(moment, near))
            }),
            Window::Latest(count) => {
                let later =
                    self.kept(None).iter().filter(|r| r.at > at && r.at <= self.now).count();
                later < usize::try_from(*count).unwrap()
            }
        }
    }

    /// When that was which other things come before or after.
    fn marked(&self, mark: &Mark) -> Vec<Timestamp> {
        let mut moments: Vec<Timestamp> = match &mark.of {
            MarkOf::Order { channel } => {
                self.kept_where(&mark.filter, *channel).iter().map(|r| r.at).collect()
            }
            MarkOf::Event(kind) => {
                self.moments(|event| event.kind == *kind && event_passes(event, &mark.filter))
            }
            MarkOf::Touch(channel) => {
                self.moments(|e| e.kind.touchpoint() && e.place.channel == *channel)
            }
        };
        moments.retain(|at| *at <= self.now && self.within(*at, &mark.window));
        match mark.which {
            Which::First => moments.into_iter().min().into_iter().collect(),
            Which::Last => moments.into_iter().max().into_iter().collect(),
            Which::Any => moments,
        }
    }

    fn age(&self, mut moments: Vec<Timestamp>, end: End, age: Age) -> bool {
        moments.sort();
        // Over clock changes and ends of months the order of what passes may differ from the
        // order of what happened, so the one meant is the one whose time is up first or last.
        let (length, passed) = match age {
            Age::MoreThan(length) => (length, true),
            Age::LessThan(length) => (length, false),
        };
        let over = moments.iter().map(|at| self.over_at(*at, length));
        let moment = match end {
            End::First => over.min(),
            End::Last => over.max(),
        };
        moment.is_some_and(|moment| (self.now >= moment) == passed)
    }

    fn last_of_a_ticket(&self) -> Option<&Event> {
        let of_tickets = [Kind::TicketOpened, Kind::TicketClosed];
        self.events.iter().rev().find(|event| of_tickets.contains(&event.kind))
    }

    fn receipts(&self) -> Vec<Receipt<'a>> {
        let mut receipts: Vec<Receipt<'a>> = Vec::new();
        let mut events: Vec<&Event> =
            self.events.iter().filter(|e| e.kind.touches_orders()).collect();
        events.sort_by_key(|event| (!event.lines.is_empty(), event.received_at));
        for event in events {
            let key = event.order.as_ref().unwrap().key.as_str();
            let index = receipts.iter().position(|held| held.key == key).unwrap_or_else(|| {
                let far = Timestamp(i64::MAX);
                let sale = None;
                receipts.push(Receipt {
                    key,
                    sale,
                    at: far,
                    latest: far,
                    refunds: vec![],
                    cancelled: false,
                });
                receipts.len() - 1
            });
            let receipt = &mut receipts[index];
            if event.kind == Kind::OrderRefunded {
                receipt.refunds.push(event);
            } else if event.kind == Kind::OrderCancelled {
                receipt.cancelled = true;
            } else {
                receipt.sale = Some(event);
            }
        }
        for receipt in &mut receipts {
            let of_order =
                |event: &&Event| event.order.as_ref().is_some_and(|order| order.key == receipt.key);
            let sales = self.events.iter().filter(of_order);
            let sales =
                sales.filter(|e| matches!(e.kind, Kind::OrderCompleted | Kind::OrderUpdated));
            let refunds = receipt.refunds.iter().copied();
            let cancels =
                self.events.iter().filter(of_order).filter(|e| e.kind == Kind::OrderCancelled);
            let occurred = sales.map(|e| e.occurred).min();
            let occurred = occurred.or_else(|| refunds.map(|e| e.occurred).min());
            let occurred = occurred.or_else(|| cancels.map(|e| e.occurred).min()).unwrap();
            receipt.at = occurred.at;
            // Whoever else tells of the sale may date it later, by less than a day.
            let told = self.events.iter().filter(of_order);
            let told = told.filter(|event| event.kind == Kind::OrderCompleted);
            let last = |event: &Event| {
                event.occurred.latest().min(event.received_at).max(event.occurred.at)
            };
            let last = told.map(last).max().map(|last| last.min(occurred.at.plus(DAY)));
            receipt.latest = occurred.latest().max(last.unwrap_or(occurred.at));
        }
        receipts
    }

    fn day_of(&self, at: Timestamp) -> jiff::civil::Date {
        at.in_zone(self.zone).date()
    }

    fn kept_where(&self, filter: &Filter, channel: Option<Channel>) -> Vec<Receipt<'a>> {
        self.kept(channel).into_iter().filter(|receipt| receipt.passes(filter)).collect()
    }

    /// A trait that is computed, as the figure with the same test.
    fn computed(&self, computed: &ComputedTrait, test: &TraitTest) -> bool {
        let asked = match (test, computed.figure.digest) {
            (TraitTest::Number(limit), Digest::TimeBetween) => {
                let count = u32::try_from(limit.value.digits).unwrap();
                let length = Length { count, unit: Unit::Days };
                FigureTest::Time { comparison: limit.comparison, length }
            }
            (TraitTest::Number(limit), _) => match computed.currency {
                Some(currency) => {
                    let value = Money { minor: limit.value.digits * 100, currency };
                    FigureTest::Amount(Limit { comparison: limit.comparison, value })
                }
                None => FigureTest::Number(*limit),
            },
            (test, _) => FigureTest::Is(test.clone()),
        };
        self.figure(&computed.figure, &asked)
    }

    /// The values of a figure's field, in the order in which they came, each with its moment.
    #[expect(clippy::too_many_lines, reason = "one arm for each way to sum up")]
    fn figure(&self, figure: &Figure, test_of: &FigureTest) -> bool {
        let field = figure.field.as_deref().unwrap_or("");
        let mut parts: Vec<(Timestamp, Vec<Value>)> = match &figure.of {
            Of::Event(kind) => {
                let meant = |e: &&Event| e.kind == *kind && event_passes(e, &figure.filter);
                let events = self.events.iter().filter(meant);
                events
                    .map(|event| {
                        let value = event.properties.get(field).cloned();
                        (event.occurred.at, value.into_iter().collect())
                    })
                    .collect()
            }
            Of::Orders => {
                let orders = self.kept_where(&figure.filter, figure.channel);
                orders.iter().map(|r| (r.at, r.values(field, &figure.filter))).collect()
            }
        };
        parts.retain(|(at, _)| self.within(*at, &figure.window));
        parts.sort_by_key(|(at, _)| *at);
        let values: Vec<&Value> = parts.iter().flat_map(|(_, values)| values).collect();
        let numbers: Vec<i128> = values
            .iter()
            .filter_map(|value| match value {
                Value::Integer(whole) => Some(i128::from(*whole)),
                _ => None,
            })
            .collect();
        let of = i128::try_from(numbers.len()).unwrap();
        let (comparison, bound) = match test_of {
            FigureTest::Number(limit) => (limit.comparison, i128::from(limit.value.digits)),
            FigureTest::Amount(limit) => (limit.comparison, i128::from(limit.value.minor)),
            FigureTest::Time { comparison, length } => {
                let [(first, _), .., (last, _)] = parts.as_slice() else { return false };
                let gaps = i128::try_from(parts.len() - 1).unwrap();
                let ms = match length.unit {
                    Unit::Days => 86_400_000,
                    Unit::Hours => 3_600_000,
                    _ => return false,
                };
                let bound = i128::from(length.count) * ms * gaps;
                return compare(i128::from(last.0 - first.0), *comparison, bound);
            }
            FigureTest::Is(test) | FigureTest::IsNot(test) => {
                let picked = match figure.digest {
                    Digest::First => values.first().copied(),
                    Digest::Last => values.last().copied(),
                    _ => {
                        let rank = |value: &&Value| {
                            let last = values.iter().rposition(|held| held == value);
                            (values.iter().filter(|held| *held == value).count(), last)
                        };
                        values.iter().copied().max_by_key(rank)
                    }
                };
                let plain = matches!(test_of, FigureTest::Is(_));
                return picked.is_some_and(|value| trait_holds(value, test) == plain);
            }
        };
        if values.is_empty() && figure.digest == Digest::Different {
            return compare(0, comparison, bound);
        }
        match figure.digest {
            Digest::Sum if of > 0 => compare(numbers.iter().sum(), comparison, bound),
            Digest::Average if of > 0 => compare(numbers.iter().sum(), comparison, bound * of),
            Digest::Smallest if of > 0 => {
                compare(*numbers.iter().min().unwrap(), comparison, bound)
            }
            Digest::Largest if of > 0 => compare(*numbers.iter().max().unwrap(), comparison, bound),
            Digest::Different => {
                let mut words: Vec<String> = values.iter().map(|v| format!("{v:?}")).collect();
                words.sort();
                words.dedup();
                compare(i128::try_from(words.len()).unwrap(), comparison, bound)
            }
            _ => false,
        }
    }

    fn kept(&self, channel: Option<Channel>) -> Vec<Receipt<'a>> {
        self.receipts().into_iter().filter(|r| r.kept() && r.over(channel)).collect()
    }

    /// The moments of purchases or returns of a thing.
    fn deeds(
        &self,
        deed: Deed,
        thing: &Thing,
        filter: &Filter,
        channel: Option<Channel>,
    ) -> Vec<Timestamp> {
        let any = |lines: &[Line]| lines.iter().any(|line| matches(line, thing));
        let mut moments = Vec::new();
        for receipt in self.receipts().into_iter().filter(|r| r.passes(filter)) {
            if deed == Deed::Returned {
                for refund in &receipt.refunds {
                    let all = if refund.lines.is_empty() {
                        receipt.sale.map_or(&[][..], |sale| &sale.lines)
                    } else {
                        &refund.lines
                    };
                    if any(all) || *thing == Thing::Anything {
                        moments.push(refund.occurred.at);
                    }
                }
                continue;
            }
            if !receipt.over(channel) {
                continue;
            }
            let bought = match receipt.sale {
                _ if *thing == Thing::Anything => true,
                Some(sale) => any(&sale.lines),
                None => receipt.refunds.iter().any(|refund| any(&refund.lines)),
            };
            let pieces =
                receipt.sale.map_or(0, |s| s.lines.iter().filter(|l| matches(l, thing)).count());
            let lines = receipt.refunds.iter().flat_map(|refund| &refund.lines);
            let returned = lines.filter(|line| may_match(line, thing)).count();
            let kept = receipt.kept() && (*thing == Thing::Anything || pieces > returned);
            if bought && (deed == Deed::Bought || kept) {
                moments.push(receipt.at);
            }
        }
        moments
    }

    /// What is in the cart at `now`: the product, when it was last added, pieces, worth of a piece.
    fn in_cart(&self, now: Timestamp) -> Vec<(String, Timestamp, i64)> {
        let mut cart: Vec<(String, Timestamp, i64)> = Vec::new();
        for event in self.events.iter().filter(|event| event.occurred.at <= now) {
            let id = |line: &Line| line.codes[0].value.clone();
            if event.kind == Kind::ProductAdded {
                for line in &event.lines {
                    match cart.iter_mut().find(|(held, _, _)| *held == id(line)) {
                        Some(held) => {
                            let bought = self.bought_since(&held.0, held.1, event.occurred.at);
                            let left = if bought { 0 } else { held.2 };
                            *held = (id(line), event.occurred.at, left + 1);
                        }
                        None => cart.push((id(line), event.occurred.at, 1)),
                    }
                }
            } else if event.kind == Kind::ProductRemoved {
                for line in &event.lines {
                    if let Some(held) = cart.iter_mut().find(|(held, _, _)| *held == id(line)) {
                        held.2 = (held.2 - 1).max(0);
                    }
                }
            } else if matches!(event.kind, Kind::CartViewed | Kind::CheckoutStarted)
                && !event.lines.is_empty()
            {
                cart.retain(|(held, _, _)| event.lines.iter().any(|line| *held == id(line)));
                for line in &event.lines {
                    match cart.iter_mut().find(|(held, _, _)| *held == id(line)) {
                        Some(held) if held.2 >= 1 => held.2 = 1,
                        Some(held) => *held = (id(line), event.occurred.at, 1),
                        None => cart.push((id(line), event.occurred.at, 1)),
                    }
                }
            }
        }
        cart.retain(|(_, _, pieces)| *pieces > 0);
        cart
    }

    fn bought_since(&self, id: &str, added: Timestamp, now: Timestamp) -> bool {
        let thing = Thing::Product(id.to_owned());
        // An order is not earlier than the checkout that bears its key.
        let checked_out = |key: &str| {
            let begun = |event: &&Event| event.kind == Kind::CheckoutStarted;
            let mut begun = self.events.iter().filter(begun);
            begun.any(|event| {
                event.reference.as_ref().is_some_and(|order| order.id == key)
                    && (added..=now).contains(&event.occurred.at)
            })
        };
        let after = |receipt: &&Receipt<'_>| receipt.latest >= added || checked_out(receipt.key);
        self.receipts().iter().filter(|r| r.at <= now).filter(after).any(|receipt| {
            let lines: Vec<&Line> = match receipt.sale {
                Some(sale) => sale.lines.iter().collect(),
                None => receipt.refunds.iter().flat_map(|refund| &refund.lines).collect(),
            };
            lines.into_iter().any(|line| matches(line, &thing))
        })
    }

    fn cart(&self, test: &CartTest) -> bool {
        let open = || {
            let lines = self.in_cart(self.now).into_iter();
            lines.filter(|(id, added, _)| !self.bought_since(id, *added, self.now))
        };
        match test {
            CartTest::Open => open().next().is_some(),
            CartTest::Empty => open().next().is_none(),
            CartTest::Has(thing) => {
                open().any(|(id, _, _)| matches(&super::shop::line(&id), thing))
            }
            CartTest::Value(limit) => {
                let worth = open().map(|(_, _, pieces)| i128::from(pieces) * 1_999).sum();
                compare(worth, limit.comparison, i128::from(limit.value.minor))
            }
            CartTest::Idle(length) => {
                let touched = self.moments(|event| event.kind.touches_cart());
                touched.into_iter().all(|at| self.now >= self.over_at(at, *length))
            }
        }
    }

    fn bought_of_cart(&self, share: Share) -> bool {
        let mut pieces: Vec<(String, Timestamp)> = Vec::new();
        match self.entry {
            None => pieces.extend(self.in_cart(self.now).into_iter().map(|(id, at, _)| (id, at))),
            Some((entry, stated)) => {
                for (id, added, _) in self.in_cart(entry) {
                    let believed = stated.iter().any(|line| line.codes[0].value == id);
                    if believed || !self.bought_since(&id, added, entry) {
                        pieces.push((id, added));
                    }
                }
                let stated = stated.iter().map(|line| (line.codes[0].value.clone(), entry));
                let later = self.events.iter().filter(|event| event.occurred.at > entry);
                let later = later.filter(|e| {
                    let adds = [Kind::ProductAdded, Kind::CartViewed, Kind::CheckoutStarted];
                    adds.contains(&e.kind)
                });
                let later = later.flat_map(|event| {
                    event.lines.iter().map(|line| (line.codes[0].value.clone(), event.occurred.at))
                });
                for (id, added) in stated.chain(later) {
                    if !pieces.iter().any(|(held, _)| *held == id) {
                        pieces.push((id, added));
                    }
                }
            }
        }
        let mut bought = pieces.iter().map(|(id, added)| self.bought_since(id, *added, self.now));
        match share {
            Share::Any => bought.any(|yes| yes),
            Share::All => !pieces.is_empty() && bought.all(|yes| yes),
        }
    }
}

/// Whether an event passes tests on its properties, or on the category of what it shows.
fn event_passes(event: &Event, filter: &Filter) -> bool {
    filter.0.iter().all(|test| {
        if test.field == "category" {
            let Asks::Is(TraitTest::Is(Literal::Text(name))) = &test.asks else { return false };
            let thing = Thing::Category(name.clone());
            return event.lines.iter().any(|line| matches(line, &thing));
        }
        let value = event.properties.get(&test.field);
        match &test.asks {
            Asks::Is(asks) => value.is_some_and(|value| trait_holds(value, asks)),
            Asks::IsNot(asks) => !value.is_some_and(|value| trait_holds(value, asks)),
            Asks::Amount(_) => false,
        }
    })
}

impl Receipt<'_> {
    /// Whether the sale passes tests on its total, its store, or one of its lines.
    fn passes(&self, filter: &Filter) -> bool {
        let Some(sale) = self.sale else { return filter.0.is_empty() };
        let whole = |test: &FieldTest| match (test.field.as_str(), &test.asks) {
            ("total", Asks::Amount(limit)) => {
                sale.order.as_ref().unwrap().currency == limit.value.currency
                    && compare(Self::total(sale), limit.comparison, i128::from(limit.value.minor))
            }
            ("store", Asks::Is(asks)) => {
                trait_holds(&Value::Text(sale.place.store.clone().unwrap_or_default()), asks)
            }
            _ => true,
        };
        let of_lines: Vec<&FieldTest> =
            filter.0.iter().filter(|t| !matches!(t.field.as_str(), "total" | "store")).collect();
        filter.0.iter().all(whole)
            && (of_lines.is_empty()
                || (0..sale.lines.len()).any(|n| line_passes(sale, n, &of_lines)))
    }

    /// The values of a field: the total, or how many pieces of each line that is meant.
    fn values(&self, field: &str, filter: &Filter) -> Vec<Value> {
        let Some(sale) = self.sale else { return Vec::new() };
        if field == "total" {
            let euros = sale.order.as_ref().unwrap().currency.code() == "EUR";
            let total = i64::try_from(Self::total(sale)).unwrap();
            return if euros { vec![Value::Integer(total)] } else { Vec::new() };
        }
        let of_lines: Vec<&FieldTest> =
            filter.0.iter().filter(|t| !matches!(t.field.as_str(), "total" | "store")).collect();
        let meant = (0..sale.lines.len()).filter(|n| line_passes(sale, *n, &of_lines));
        meant.map(|n| Value::Integer(sale.lines[n].quantity_milli / 1_000)).collect()
    }

    fn over(&self, channel: Option<Channel>) -> bool {
        channel.is_none_or(|channel| self.sale.is_some_and(|sale| sale.place.channel == channel))
    }

    fn total(event: &Event) -> i128 {
        i128::from(event.order.as_ref().and_then(|order| order.total_minor).unwrap_or(0))
    }

    fn net(&self) -> i128 {
        let back: i128 = self.refunds.iter().map(|refund| Self::total(refund)).sum();
        self.sale.map_or(0, |sale| Self::total(sale) - back)
    }

    fn kept(&self) -> bool {
        let Some(sale) = self.sale else { return false };
        let whole = self.refunds.iter().any(|refund| refund.lines.is_empty());
        let nothing_left = Self::total(sale) != 0 && self.net() <= 0;
        !self.cancelled && (self.refunds.is_empty() || !(whole || nothing_left))
    }
}

/// Whether one line of a sale passes what is asked of lines.
fn line_passes(sale: &Event, number: usize, tests: &[&FieldTest]) -> bool {
    tests.iter().all(|test| {
        let Asks::Is(asks) = &test.asks else { return false };
        if test.field == "category" {
            let TraitTest::Is(Literal::Text(name)) = asks else { return false };
            return matches(&sale.lines[number], &Thing::Category(name.clone()));
        }
        let Some(Value::List(products)) = sale.properties.get("products") else { return false };
        let Some(Value::Map(said)) = products.get(number) else { return false };
        said.get(&test.field).is_some_and(|value| trait_holds(value, asks))
    })
}

fn compare(value: i128, comparison: Comparison, bound: i128) -> bool {
    match comparison {
        Comparison::AtLeast => value >= bound,
        Comparison::AtMost => value <= bound,
        Comparison::MoreThan => value > bound,
        Comparison::LessThan => value < bound,
        Comparison::Exactly => value == bound,
    }
}

fn trait_holds(value: &Value, test: &TraitTest) -> bool {
    let is = |literal: &Literal| match (value, literal) {
        (Value::Text(text), Literal::Text(wanted)) => text.to_lowercase() == wanted.to_lowercase(),
        (Value::Integer(whole), Literal::Number(Number { digits, places: 0 })) => whole == digits,
        _ => false,
    };
    match test {
        TraitTest::Known => true,
        TraitTest::Is(literal) => is(literal),
        TraitTest::OneOf(literals) => literals.iter().any(is),
        TraitTest::Contains(Literal::Text(part)) => {
            value.as_text().is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
        }
        TraitTest::Contains(_) => false,
        TraitTest::Number(limit) => {
            let Value::Integer(whole) = value else { return false };
            compare(i128::from(*whole), limit.comparison, i128::from(limit.value.digits))
        }
    }
}
