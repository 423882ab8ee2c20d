//! To which address of a person a message may go, by consent and suppression.

use super::confirm::waiting;
use super::site;
use crate::condition::Twin;
use crate::event::{Channel, ConsentAnswer, Purpose};
use crate::identity::{Evidence, Identifier, IdentifierKind};
use crate::profile::{Break, Consents, Profile, SuppressionCause};
use crate::program::Program;
use crate::reason::{Fact, Reason, ReasonCode, Span, Told};
use crate::record::Record;
use crate::time::{DAY, Timestamp};

/// What came of looking for an address.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// This one may be written to.
    Found(Identifier),
    /// None may, for this reason. It may change, so the message may wait.
    Refused(Reason),
}

/// Soft opt-in, where a shop sets it, covers customers of the last 24 months.
const SOFT_OPT_IN_MS: i64 = 730 * DAY;

/// The kind of a channel's addresses.
#[must_use]
pub fn address_kind(channel: Channel) -> IdentifierKind {
    match channel {
        Channel::Sms => IdentifierKind::Phone,
        Channel::Push => IdentifierKind::AnonymousId,
        Channel::Email
        | Channel::Web
        | Channel::App
        | Channel::Store
        | Channel::Service
        | Channel::Social
        | Channel::Ads
        | Channel::Other => IdentifierKind::Email,
    }
}

/// The person's addresses for a channel: its own, and those of a household that were seen
/// directly with one of its identifiers. The latest seen comes first. Of push messages: its
/// [`browsers`].
#[must_use]
pub fn addresses(record: &Record, channel: Channel) -> Vec<Identifier> {
    if channel == Channel::Push {
        return browsers(&record.profile, &record.evidence).into_iter().cloned().collect();
    }
    let kind = address_kind(channel);
    let mut found: Vec<(Timestamp, Identifier)> = record
        .evidence
        .nodes
        .iter()
        .filter(|node| node.identifier.kind == kind)
        .map(|node| (Timestamp::EARLIEST, node.identifier.clone()))
        .collect();
    for edge in &record.evidence.edges {
        if edge.weak.kind == kind && record.evidence.holds(&edge.strong) {
            match found.iter_mut().find(|(_, held)| *held == edge.weak) {
                Some((at, _)) => *at = (*at).max(edge.last_at),
                None => found.push((edge.last_at, edge.weak.clone())),
            }
        }
    }
    found.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    found.into_iter().map(|(_, identifier)| identifier).collect()
}

/// The person's browsers whose subscriptions to push messages stand, and none that others use too, since
/// whoever sits there would read them.
pub(crate) fn browsers<'r>(profile: &'r Profile, evidence: &Evidence) -> Vec<&'r Identifier> {
    let mut all = profile.push.live();
    all.retain(|browser| evidence.holds(browser));
    all
}

/// Those of the person's addresses for which a message can leave at all.
pub(super) fn reachable(record: &Record, channel: Channel) -> Vec<Identifier> {
    let mut all = addresses(record, channel);
    all.retain(Identifier::can_be_sent_to);
    all
}

/// The address a message of `purpose` may go to over `channel` at `now`.
///
/// A no counts wherever it was said: by the person under any address, or by whoever else uses the
/// address. A yes counts only where it was said. On the site nobody is written to: it needs no yes.
#[must_use]
pub fn permitted(
    program: &Program,
    record: &Record,
    twins: &[Twin<'_>],
    (channel, purpose): (Channel, Purpose),
    now: Timestamp,
) -> Address {
    if channel == Channel::Web {
        return site::permitted(record, purpose);
    }
    let consents = &record.profile.consents;
    let refused_at = consents.withdrawn(channel, purpose).map(|(_, no)| no.stamp.at);
    if purpose != Purpose::Transactional
        && let Some(at) = refused_at
    {
        return Address::Refused(withdrawn(channel, purpose, at));
    }
    let all = reachable(record, channel);
    if all.is_empty() {
        return Address::Refused(Reason::bare(ReasonCode::NoAddress));
    }
    let mut refused = Reason::bare(ReasonCode::ConsentMissing);
    for address in all {
        if let Some(reason) = not_texted(program, &address, channel) {
            refused = reason;
            continue;
        }
        let of_twins = || twins.iter().map(|twin| &twin.profile.consents);
        let no = of_twins().filter_map(|consents| consents.stated(&address, channel, purpose));
        let no = no.filter(|stated| stated.answer == ConsentAnswer::Withdrawn);
        if let Some(no) = no.max_by_key(|stated| stated.stamp)
            && purpose != Purpose::Transactional
        {
            refused = withdrawn(channel, purpose, no.stamp.at);
            continue;
        }
        if let Some(at) = stopped(consents, twins, (&address, channel)) {
            refused = withdrawn(channel, purpose, at);
            continue;
        }
        if let Some(stop) = suppressed(consents, twins, &address) {
            refused = stop;
            continue;
        }
        if granted(program, &record.profile, &address, (channel, purpose), now) {
            return Address::Found(address);
        }
        let asked = program.shop.asks_twice(channel, purpose);
        if let Some(at) = asked.and_then(|asked| waiting(consents, &address, asked)) {
            let fact = Fact::new(Told::SaidYes { purpose, channel }, Some(at));
            refused = Reason::with(ReasonCode::ConsentUnconfirmed, vec![fact]);
        }
    }
    Address::Refused(refused)
}

/// Since when a provider holds back whatever goes to an address, since whoever has it, or uses it too,
/// told it to stop.
fn stopped(
    consents: &Consents,
    twins: &[Twin<'_>],
    (address, channel): (&Identifier, Channel),
) -> Option<Timestamp> {
    let of_twins = twins.iter().map(|twin| &*twin.profile.consents);
    let all = std::iter::once(consents).chain(of_twins);
    all.filter_map(|held| held.stopped(address, channel)).max().map(|stamp| stamp.at)
}

/// Why a number gets no text message by the shop's list of countries; `None`: it may get them.
pub(super) fn not_texted(
    program: &Program,
    address: &Identifier,
    channel: Channel,
) -> Option<Reason> {
    if channel != Channel::Sms || program.shop.texts(address) {
        return None;
    }
    let begins = address.calling_code().map(|code| Told::NumberBegins { code: code.to_string() });
    let facts = begins.map(|told| Fact::new(told, None)).into_iter().collect();
    Some(Reason::with(ReasonCode::CountryNotTexted, facts))
}

/// The hard stop on an address, said by the person or by whoever else uses it.
pub(super) fn suppressed(
    consents: &Consents,
    twins: &[Twin<'_>],
    address: &Identifier,
) -> Option<Reason> {
    let of_twins = twins.iter().map(|twin| &*twin.profile.consents);
    let stops = std::iter::once(consents).chain(of_twins);
    let stop = stops.filter_map(|held| held.suppressions.get(address)).min()?;
    let told = match stop.cause {
        SuppressionCause::Bounced => Told::Bounced,
        SuppressionCause::Complained => Told::Complained,
    };
    Some(Reason::with(ReasonCode::Suppressed, vec![Fact::new(told, Some(stop.stamp.at))]))
}

/// Until when the person, or whoever else uses the address, wants nothing over the channel.
#[must_use]
pub fn paused(
    record: &Record,
    twins: &[Twin<'_>],
    address: &Identifier,
    channel: Channel,
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let own = record.profile.consents.breaks.iter().filter(|((_, of), _)| *of == channel);
    let of_twins = twins
        .iter()
        .filter_map(|twin| twin.profile.consents.breaks.get(&(address.clone(), channel)));
    let all = own.map(|(_, asked)| asked).chain(of_twins).filter(|asked| now < asked.until);
    let longest: &Break = all.max_by_key(|asked| asked.until)?;
    let span = Span(longest.until.since(longest.stamp.at));
    let fact = Fact::new(Told::AskedForBreak { span }, Some(longest.stamp.at));
    Some((longest.until, Reason::with(ReasonCode::BreakAsked, vec![fact])))
}

pub(super) fn withdrawn(channel: Channel, purpose: Purpose, at: Timestamp) -> Reason {
    let no = Told::SaidNo { purpose, channel };
    Reason::with(ReasonCode::ConsentWithdrawn, vec![Fact::new(no, Some(at))])
}

fn granted(
    program: &Program,
    profile: &Profile,
    address: &Identifier,
    (channel, purpose): (Channel, Purpose),
    now: Timestamp,
) -> bool {
    let soft = || program.shop.soft_opt_in && customer_lately(profile, now);
    let asked = program.shop.asks_twice(channel, purpose);
    profile.consents.allows(address, (channel, purpose), asked).unwrap_or_else(soft)
}

fn customer_lately(profile: &Profile, now: Timestamp) -> bool {
    profile.orders.by_key.values().any(|order| {
        order.kept() && order.occurred().is_some_and(|at| now.since(at.at) <= SOFT_OPT_IN_MS)
    })
}
