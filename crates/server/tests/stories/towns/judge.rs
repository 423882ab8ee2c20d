//! Whether a claim was forbidden by what was known: every rule once more, naively, from raw lines and from the
//! claims before. Whose identifiers are whose is asked of the engine, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regulars_engine::decision::{Decision, Message};
use regulars_engine::event::Channel;
use regulars_engine::identity::Identifier;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, HOUR, MINUTE, Timestamp};
use regulars_sim::oracle::{LAG, occurred};
use serde_json::Value;

use crate::play::{Told, moment};
use crate::second_opinion::{Case, Shop, known_by, shares_a_device};

/// At most so many, in so many hours, over that channel.
pub(super) const CAPS: [(usize, i64, Option<Channel>); 3] =
    [(1, 36, None), (3, 14 * 24, None), (1, 30 * 24, Some(Channel::Sms))];

/// Who was given a code gets no other one for so long.
const ONE_CODE_IN_DAYS: i64 = 20;
/// For what was brought back, nobody gets one for so long.
const NO_REBUY_IN_DAYS: i64 = 30;

/// A claim that counts: it surely went, or perhaps.
struct Gone {
    message: Option<u64>,
    address: String,
    /// What stands for whomever it was made to: the address, if it is theirs alone, else their strongest name.
    name: Option<Identifier>,
    channel: Channel,
    at: Timestamp,
    way: Way,
    /// The code it gave.
    code: Option<String>,
}

/// A step of a way through a journey, by the moment of entry: that stays when persons are joined.
type Way = (String, Timestamp, String);

/// Everything a claim is judged by, beside the raw lines.
pub(super) struct Judge {
    pub(super) shop: Shop,
    /// When the shop edited a journey.
    pub(super) edited_at: Option<Timestamp>,
    gone: Vec<Gone>,
    /// Every code there was.
    codes: BTreeSet<String>,
}

/// A claim, and whose it is.
#[derive(Clone, Copy)]
struct Claim<'a> {
    told: &'a Told,
    record: &'a Record,
    decision: &'a Decision,
    own: &'a BTreeSet<Identifier>,
    shared: &'a BTreeSet<Identifier>,
    entered_at: Timestamp,
    due_at: Timestamp,
    code: Option<&'a str>,
}

impl Claim<'_> {
    /// Lines that are the person's, and when they happened at the latest.
    fn own_lines(&self, zone: &TimeZone) -> Vec<(Timestamp, &Value)> {
        dated(self.told.of(self.own), zone)
    }

    fn channel(&self) -> Channel {
        self.decision.channel.unwrap_or(Channel::Other)
    }
}

fn dated<'l>(lines: Vec<&'l Value>, zone: &TimeZone) -> Vec<(Timestamp, &'l Value)> {
    let at = |line: &Value| Some(Timestamp(occurred(line, zone)?.1.as_millisecond()));
    lines.into_iter().filter_map(|line| Some((at(line)?, line))).collect()
}

impl Judge {
    pub(super) fn new(shop: Shop) -> Self {
        Self { shop, edited_at: None, gone: Vec::new(), codes: BTreeSet::new() }
    }

    /// Notes a claim, and the code it gives; says what is wrong with it, if anything is.
    pub(super) fn look(
        &mut self,
        told: &Told,
        record: &Record,
        decision: &Decision,
        code: Option<&str>,
    ) -> Option<String> {
        let of_journey = record.enrollments.iter().filter(|row| row.journey == decision.journey);
        let row = of_journey.max_by_key(|row| (row.runs(), row.entered_at));
        let entered_at = row.map_or(decision.at, |row| row.entered_at);
        let way = (decision.journey.clone(), entered_at, decision.step.clone());
        let due_at = row.map_or(decision.at, |row| row.since.min(decision.at));
        let (own, shared) = known_by(record);
        let (own, shared) = (&own, &shared);
        let claim = Claim { told, record, decision, own, shared, entered_at, due_at, code };
        let wrong = self.wrong(&claim, &way);
        self.codes.extend(code.map(str::to_owned));
        self.gone.push(Gone {
            message: decision.message,
            name: stands_for(own, decision),
            address: decision
                .recipient
                .as_ref()
                .map(|to| to.value().to_owned())
                .unwrap_or_default(),
            channel: claim.channel(),
            at: decision.at,
            way,
            code: code.map(str::to_owned),
        });
        wrong
    }

    /// What surely did not go out counts for nothing.
    pub(super) fn failed(&mut self, decision: &Decision) {
        self.gone.retain(|gone| gone.message != decision.message);
    }

    /// A message that did not begin to leave in time counts for nothing, and may be claimed again.
    pub(super) fn taken_back(&mut self, message: &Message) {
        self.gone.retain(|gone| gone.message != Some(message.id));
    }

    /// The last messages to addresses of hers, for the story.
    pub(super) fn lately(&self, record: &Record) -> Vec<String> {
        let (own, _) = known_by(record);
        let hers = self.gone.iter().filter(|gone| gone.is_of(&own));
        let told = hers.map(|gone| {
            format!(
                "{} {} {} {} to {}",
                gone.at,
                gone.way.0,
                gone.way.2,
                gone.channel.word(),
                gone.address
            )
        });
        let told: Vec<String> = told.collect();
        told[told.len().saturating_sub(8)..].to_vec()
    }

    fn wrong(&self, claim: &Claim<'_>, way: &Way) -> Option<String> {
        self.twice(claim.own, way)
            .or_else(|| forgotten(claim))
            .or_else(|| self.of_another_edition(claim))
            .or_else(|| self.given_too_much(claim))
            .or_else(|| self.refused(claim))
            .or_else(|| self.too_many(claim))
            .or_else(|| self.at_night(claim))
            .or_else(|| self.disturbed(claim))
            .or_else(|| self.pointless(claim))
    }

    fn twice(&self, own: &BTreeSet<Identifier>, way: &Way) -> Option<String> {
        let before = self.gone.iter().find(|gone| gone.way == *way && gone.is_of(own))?;
        Some(format!("the same message was claimed at {} too", before.at))
    }

    /// A step that was not there when she entered, or that was taken out before she did.
    fn of_another_edition(&self, claim: &Claim<'_>) -> Option<String> {
        let edited = self.edited_at.is_some_and(|edited_at| claim.entered_at > edited_at);
        let wrong = match claim.decision.step.as_str() {
            "tips" => edited,
            "news" => !edited,
            _ => false,
        };
        wrong.then(|| format!("edited at {:?}, entered at {}", self.edited_at, claim.entered_at))
    }

    /// A code that somebody had, one more within twenty days, or one for what she has just brought back.
    fn given_too_much(&self, claim: &Claim<'_>) -> Option<String> {
        let code = claim.code?;
        if self.codes.contains(code) {
            return Some("the code was given before".to_owned());
        }
        let lately = |at: Timestamp, days| claim.decision.at.since(at) < days * DAY - HOUR;
        let given = |gone: &&Gone| {
            gone.code.is_some() && gone.is_of(claim.own) && lately(gone.at, ONE_CODE_IN_DAYS)
        };
        if let Some(before) = self.gone.iter().find(given) {
            return Some(format!("another code was given at {}", before.at));
        }
        let lines = claim.own_lines(&self.shop.zone);
        let mut undone = lines.iter().filter(|(at, line)| {
            let event = line["event"].as_str().unwrap_or_default();
            matches!(event, "Order Refunded" | "Order Cancelled") && lately(*at, NO_REBUY_IN_DAYS)
        });
        let products = &claim.decision.products;
        let (at, _) = undone.find(|(_, line)| {
            let items = line["properties"]["products"].as_array().map_or(&[][..], Vec::as_slice);
            items.iter().any(|item| {
                let code = ["product_id", "variant", "sku", "gtin", "till_code"];
                let code = code.iter().find_map(|key| self.shop.codes.get(item[key].as_str()?));
                code.is_some_and(|product| products.contains(product))
            })
        })?;
        Some(format!("a code for what was brought back at {at}"))
    }

    /// No yes under the address, or a no under any name of the person, or a hard stop. Of an address that others
    /// use too a no is one for that address: nobody knows who of them said it.
    fn refused(&self, claim: &Claim<'_>) -> Option<String> {
        let recipient = claim.decision.recipient.as_ref()?.value();
        let (channel, member) = match claim.channel() {
            Channel::Sms => ("sms", "phone"),
            _ => ("email", "email"),
        };
        let lines = claim.told.of(claim.own.iter().chain(claim.shared));
        // The last word on each address: of one moment the no.
        let mut stated: BTreeMap<String, (Timestamp, bool)> = BTreeMap::new();
        for (at, line) in dated(lines, &self.shop.zone) {
            let said = line["properties"]["channel"].as_str();
            let no = match line["event"].as_str().unwrap_or_default() {
                "Consent Given" if said == Some(channel) => false,
                "Consent Withdrawn" if said == Some(channel) => true,
                "Unsubscribed" if channel == "email" => true,
                _ => continue,
            };
            let address = line["properties"][member].as_str().map(in_full).unwrap_or_default();
            let held = stated.entry(address).or_insert((at, no));
            *held = (*held).max((at, no));
        }
        let of_others = |address: &str| claim.shared.iter().any(|name| name.value() == address);
        let counts = |address: &str| address == recipient || !of_others(address);
        let no = stated.iter().any(|(address, (_, no))| *no && counts(address));
        let yes = |address: &str| stated.get(address).is_some_and(|(_, no)| !no);
        let yes = yes(recipient) || yes("");
        let stopped = claim.told.stopped.contains(recipient);
        (no || stopped || !yes)
            .then(|| format!("said no: {no}, stopped: {stopped}, said yes: {yes}"))
    }

    /// More than a limit leaves room for, over all the addresses of the person as known now.
    fn too_many(&self, claim: &Claim<'_>) -> Option<String> {
        let to_her: Vec<&Gone> = self.gone.iter().filter(|gone| gone.is_of(claim.own)).collect();
        CAPS.iter().find_map(|(most, hours, channel)| {
            if channel.is_some_and(|channel| channel != claim.channel()) {
                return None;
            }
            let counts = |gone: &&&Gone| channel.is_none_or(|channel| channel == gone.channel);
            let window = hours * HOUR;
            let before = to_her.iter().filter(counts);
            let before = before.filter(|gone| claim.decision.at.since(gone.at) < window).count();
            (before >= *most).then(|| format!("{before} went in the {hours} hours before"))
        })
    }

    /// At night by the clock that her own lines named last; by the shop's where they name none.
    fn at_night(&self, claim: &Claim<'_>) -> Option<String> {
        let zones = zones(claim, &self.shop.zone);
        let zone = zones.last().map_or("Europe/Madrid", |(_, zone)| zone);
        let local = claim.decision.at.in_zone(&TimeZone::get(zone).unwrap());
        let awake = (8..22).contains(&local.hour());
        (!awake).then(|| format!("at night: {local}"))
    }

    /// While a question of hers is open, or in the middle of a visit.
    fn disturbed(&self, claim: &Claim<'_>) -> Option<String> {
        let now = claim.decision.at;
        let lines = claim.own_lines(&self.shop.zone);
        let ticket = |line: &Value| line["properties"]["ticket_id"].as_str().map(str::to_owned);
        let named = |name: &str| -> Vec<(Timestamp, &Value)> {
            lines.iter().filter(|(_, line)| line["event"] == name).copied().collect()
        };
        let closed: BTreeSet<_> =
            named("Ticket Closed").iter().filter_map(|(_, line)| ticket(line)).collect();
        let open = named("Ticket Opened").into_iter().filter_map(|(_, line)| ticket(line));
        if let Some(open) = open.into_iter().find(|ticket| !closed.contains(ticket)) {
            return Some(format!("the question {open} is open"));
        }
        if shares_a_device(claim.record) {
            return None;
        }
        let since = |at: &Timestamp| (0..5 * MINUTE).contains(&now.since(*at));
        let looks = ["Product Viewed", "Product Added"].map(named).into_iter().flatten();
        let (at, _) = looks.into_iter().find(|(at, _)| since(at))?;
        Some(format!("in the middle of a visit, {at}"))
    }

    /// What the message is about does not hold any more, or perhaps not.
    fn pointless(&self, claim: &Claim<'_>) -> Option<String> {
        let decision = claim.decision;
        match decision.journey.as_str() {
            "cart" if !shares_a_device(claim.record) => {
                let Claim { told, record, entered_at, due_at, .. } = *claim;
                self.shop.disagrees(&Case { decision, record, told, entered_at, due_at })
            }
            "welcome" => self.bought_since(claim, after(claim.entered_at)),
            "win-back" => self
                .bought_since(claim, after(claim.entered_at))
                .or_else(|| self.bought_since(claim, self.eight_days_ago(claim))),
            "birthday" => self.another_day(claim),
            _ => None,
        }
    }

    /// An order of hers, or perhaps hers; or a feed that could still tell of one.
    fn bought_since(&self, claim: &Claim<'_>, from: Timestamp) -> Option<String> {
        let lines = claim.told.of(claim.own.iter().chain(claim.shared));
        let lines = dated(lines, &self.shop.zone);
        let mut orders =
            lines.iter().filter(|(at, line)| line["event"] == "Order Completed" && *at >= from);
        if let Some((at, line)) = orders.next() {
            return Some(format!("bought at {at}, told by {}", line["source"]));
        }
        let needed = moment(claim.due_at) - LAG;
        let behind = self.shop.feeds.iter().find(|feed| {
            let name = (feed.source.clone(), feed.feed.clone().unwrap_or_default());
            claim.told.complete.get(&name).is_none_or(|through| *through < needed)
        })?;
        Some(format!("{} {:?} is behind {needed}", behind.source, behind.feed))
    }

    /// Where the last eight days of her calendar begin: what was to the millisecond so long ago lies before.
    fn eight_days_ago(&self, claim: &Claim<'_>) -> Timestamp {
        let zones = zones(claim, &self.shop.zone);
        let zone = zones.last().map_or("Europe/Madrid", |(_, zone)| zone);
        let local = claim.decision.at.in_zone(&TimeZone::get(zone).unwrap());
        let began = local.checked_sub(8.days()).unwrap();
        Timestamp(began.timestamp().as_millisecond() + 1)
    }

    /// It is no birthday of hers, nor was it one in the last 24 hours, in any zone of hers.
    fn another_day(&self, claim: &Claim<'_>) -> Option<String> {
        let mut zones: Vec<String> =
            zones(claim, &self.shop.zone).into_iter().map(|(_, zone)| zone).collect();
        zones.push("Europe/Madrid".to_owned());
        let lines = claim.told.of(claim.own);
        let dates = lines.iter().filter_map(|line| line["traits"]["birthday"].as_str());
        let dates: BTreeSet<(i8, i8)> = dates
            .map(|text| text.parse::<Date>().unwrap())
            .map(|day| (day.month(), day.day()))
            .collect();
        let on = |zone: &String| {
            let zone = TimeZone::get(zone).unwrap();
            [0, -DAY].into_iter().any(|ms| {
                let local = claim.decision.at.plus(ms).in_zone(&zone);
                dates.contains(&(local.month(), local.day()))
            })
        };
        (!zones.iter().any(on)).then(|| format!("no birthday: {dates:?} in {zones:?}"))
    }
}

/// What starts a journey is not since its entry, nor is what came in the same millisecond.
fn after(entered_at: Timestamp) -> Timestamp {
    entered_at.plus(1)
}

/// To an address of somebody who was erased.
fn forgotten(claim: &Claim<'_>) -> Option<String> {
    let recipient = claim.decision.recipient.as_ref()?;
    claim.told.erased.contains(recipient).then(|| "it is an address of who was erased".to_owned())
}

/// The zones that her own lines name, the latest last.
fn zones(claim: &Claim<'_>, zone: &TimeZone) -> Vec<(Timestamp, String)> {
    let lines = claim.own_lines(zone).into_iter();
    let named =
        lines.filter_map(|(at, line)| Some((at, line["context"]["timezone"].as_str()?.to_owned())));
    let mut zones: Vec<(Timestamp, String)> = named.collect();
    zones.sort();
    zones
}

impl Gone {
    fn is_of(&self, own: &BTreeSet<Identifier>) -> bool {
        self.name.as_ref().is_some_and(|name| own.contains(name))
    }
}

/// A message to an address that a household shares is one to whomever of them it was made, and none to the others.
fn stands_for(own: &BTreeSet<Identifier>, decision: &Decision) -> Option<Identifier> {
    let recipient = decision.recipient.as_ref();
    recipient.filter(|to| own.contains(to)).or(own.first()).cloned()
}

/// An address as messages go to it.
fn in_full(address: &str) -> String {
    match address.len() {
        9 if !address.contains('@') => format!("+34{address}"),
        _ => address.to_lowercase(),
    }
}
