//! Whether messages go over the channel that their templates are written for.

use super::check::Stated;
use super::mistake::{Findings, quoted};
use crate::event::Channel;
use crate::journey::Journey;

/// A step that sends over one channel what is written for another is a mistake. `channel_of` knows the
/// templates there are; what it does not know is another mistake, and told as one.
pub(super) fn check(
    journeys: &[Stated<Journey>],
    channel_of: impl Fn(&str) -> Option<Channel>,
    findings: &Findings,
) {
    for (place, journey) in journeys.iter().filter_map(|j| Some((&j.place, j.value.as_ref()?))) {
        for step in &journey.steps {
            let Some(send) = step.kind.send() else { continue };
            for (channel, template) in send.ways() {
                let Some(written_for) = channel_of(template) else { continue };
                if written_for == channel {
                    continue;
                }
                let (step, name) = (quoted(&step.name), quoted(&journey.name));
                let message = format!(
                    "the step {step} of the journey {name} sends over {}, and its template {} is written for {}",
                    channel.word(),
                    quoted(template),
                    written_for.word()
                );
                let cure = if channel == Channel::Sms {
                    "name a template whose text stands under \"sms\", or send over email"
                } else {
                    "name a template with MJML, or send over sms"
                };
                findings.mistake(place.clone(), message, cure.to_owned());
            }
        }
    }
}
