//! Who may be shown a message on the shop's own site: whoever looks has come by themselves, and no
//! address is written to. A no over the site counts.

use super::address::{Address, withdrawn};
use crate::event::{Channel, Purpose};
use crate::reason::{Reason, ReasonCode};
use crate::record::Record;

/// The person, by the strongest identifier, unless they have said no to this purpose on the site.
pub(super) fn permitted(record: &Record, purpose: Purpose) -> Address {
    let no = record.profile.consents.withdrawn(Channel::Web, purpose);
    match (no, record.evidence.nodes.first()) {
        (Some((_, no)), _) if purpose != Purpose::Transactional => {
            Address::Refused(withdrawn(Channel::Web, purpose, no.stamp.at))
        }
        (_, Some(node)) => Address::Found(node.identifier.clone()),
        (_, None) => Address::Refused(Reason::bare(ReasonCode::NoAddress)),
    }
}
