//! Browsers of the town that take push messages, and what the shop says over them: so that the pages
//! have some to show. Their push service is nobody's, and the demo has no key: nothing leaves.

use std::collections::BTreeSet;

use regulars_engine::event::Event;
use regulars_engine::identity::IdentifierKind;
use serde_json::{Value, json};

/// A journey whose message goes to browsers, as a file of definitions: name and text.
pub(super) const DEFINITIONS: (&str, &str) = ("push.yaml", include_str!("push.yaml"));

/// One browser in so many takes push messages.
const ONE_IN: u32 = 5;

/// The browsers that were asked.
#[derive(Debug, Default)]
pub(super) struct Subscribers {
    asked: BTreeSet<String>,
}

impl Subscribers {
    /// The line by which the browser of an event subscribes: the first time that somebody is signed in
    /// there, if it is one that does.
    pub(super) fn line(&mut self, event: &Event) -> Option<Value> {
        let named = event.identifiers.iter().find(|name| name.kind == IdentifierKind::UserId)?;
        let browser = event.browser().filter(|_| event.source == "web")?.value();
        if !self.asked.insert(browser.to_owned()) || !spread(browser).is_multiple_of(ONE_IN) {
            return None;
        }
        let at = event.received_at.to_string();
        // Keys of the form that browsers give; nobody holds their other half.
        let keys = json!({ "p256dh": format!("B{}", "A".repeat(86)), "auth": "A".repeat(22) });
        let endpoint = format!("https://push.example/{:08x}", spread(browser));
        Some(json!({
            "type": "track",
            "source": "web",
            "messageId": format!("push-{browser}"),
            "userId": named.value(),
            "anonymousId": browser,
            "event": "Push Subscribed",
            "timestamp": at,
            "receivedAt": at,
            "properties": {
                "subscription": { "endpoint": endpoint, "keys": keys },
                "purpose": "all",
                "wording": "Avisadme de mis pedidos y de las ofertas",
            },
        }))
    }
}

/// Numbers that are spread evenly over texts (FNV-1a).
fn spread(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_browser_in_five_subscribes_and_always_the_same() {
        let names: Vec<String> = (0..1_000).map(|number| format!("browser-{number}")).collect();
        let takes = names.iter().filter(|name| spread(name).is_multiple_of(ONE_IN)).count();
        assert!((150..=250).contains(&takes), "{takes}");
    }
}
