//! Subscriptions of browsers to push messages, as browsers state them:
//! `{"endpoint": "https://...", "keys": {"p256dh": "...", "auth": "..."}}`.

use regulars_engine::event::{Kind, PushSubscription, Value};

use super::fields::Properties;
use crate::rejection::RejectionReason;

/// Reads the subscription, and takes it out of `properties`: it is a secret of the person, and no page
/// shows it.
pub(crate) fn push(
    kind: &Kind,
    properties: &mut Properties<'_>,
) -> Result<Option<PushSubscription>, RejectionReason> {
    let begins = *kind == Kind::PushSubscribed;
    if !begins && *kind != Kind::PushSubscriptionEnded {
        return Ok(None);
    }
    match properties.rest.remove("subscription") {
        None if begins => Err(RejectionReason::PushSubscription),
        None => Ok(None),
        Some(stated) => read(&stated).map(Some).ok_or(RejectionReason::PushSubscription),
    }
}

fn read(stated: &Value) -> Option<PushSubscription> {
    let Value::Map(parts) = stated else { return None };
    let Value::Map(keys) = parts.get("keys")? else { return None };
    let text = |value: Option<&Value>| value.and_then(Value::as_text).map(str::to_owned);
    let (endpoint, key) = (text(parts.get("endpoint"))?, text(keys.get("p256dh"))?);
    PushSubscription::new(&endpoint, &key, &text(keys.get("auth"))?)
}
