//! Which yes waits to be confirmed, and to which address the question goes.
//!
//! Whoever can read a message to the address may confirm. A standing no leaves nothing to confirm.

use super::address::{Address, not_texted, reachable, suppressed};
use crate::condition::Twin;
use crate::event::{Channel, Purpose};
use crate::identity::Identifier;
use crate::profile::{Consents, DoubleOptIn};
use crate::program::Program;
use crate::reason::{Reason, ReasonCode};
use crate::record::Record;
use crate::time::Timestamp;

/// When a yes for an address was said that waits to be confirmed; `None`: none waits. A yes that
/// names no address waits at every address of the person.
pub(super) fn waiting(
    consents: &Consents,
    address: &Identifier,
    asked: &DoubleOptIn,
) -> Option<Timestamp> {
    let stated = consents.stated(address, asked.channel, asked.purpose);
    if stated.is_some_and(|record| !record.waits(Some(asked))) {
        return None;
    }
    let about = consents.by_key.iter().filter(|((identifier, channel, purpose), record)| {
        (*channel, *purpose) == (asked.channel, asked.purpose)
            && (identifier == address || identifier.kind != address.kind)
            && record.waits(Some(asked))
    });
    about.map(|(_, record)| record.stamp.at).max()
}

/// What a yes for an address is for that waits to be confirmed, in the order of the shop's settings.
#[must_use]
pub fn unconfirmed(
    program: &Program,
    record: &Record,
    address: &Identifier,
    channel: Channel,
) -> Vec<Purpose> {
    pending(program, &record.profile.consents, address, channel)
        .map(|(purpose, _)| purpose)
        .collect()
}

fn pending<'p>(
    program: &'p Program,
    consents: &'p Consents,
    address: &'p Identifier,
    channel: Channel,
) -> impl Iterator<Item = (Purpose, Timestamp)> + 'p {
    let asked = program.shop.double_opt_in.iter().filter(move |asked| asked.channel == channel);
    let open = asked.filter(move |asked| consents.withdrawn(channel, asked.purpose).is_none());
    open.filter_map(move |asked| Some((asked.purpose, waiting(consents, address, asked)?)))
}

/// The address to which the question for a confirmation goes over `channel`: the one of the latest
/// yes that waits.
#[must_use]
pub fn to_confirm(
    program: &Program,
    record: &Record,
    twins: &[Twin<'_>],
    channel: Channel,
) -> Address {
    let consents = &record.profile.consents;
    let all = reachable(record, channel);
    let mut found: Option<(Timestamp, Identifier)> = None;
    let mut refused = Reason::bare(ReasonCode::NothingToConfirm);
    if all.is_empty() && waits_for_an_address(program, consents, channel) {
        refused = Reason::bare(ReasonCode::NoAddress);
    }
    for address in all {
        let latest = pending(program, consents, &address, channel).map(|(_, at)| at).max();
        let Some(at) = latest else { continue };
        if let Some(reason) = not_texted(program, &address, channel) {
            refused = reason;
        } else if let Some(stop) = suppressed(consents, twins, &address) {
            refused = stop;
        } else if found.as_ref().is_none_or(|(held, _)| *held < at) {
            found = Some((at, address));
        }
    }
    found.map_or(Address::Refused(refused), |(_, address)| Address::Found(address))
}

/// Whether there is a yes that waits, of a person without an address.
fn waits_for_an_address(program: &Program, consents: &Consents, channel: Channel) -> bool {
    consents.by_key.iter().any(|((_, of, purpose), record)| {
        *of == channel
            && program.shop.asks_twice(channel, *purpose).is_some_and(|a| record.waits(Some(a)))
    })
}
