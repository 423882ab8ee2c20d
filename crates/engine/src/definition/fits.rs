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
            let shown = || step.kind.show().map(|show| &show.message);
            let Some(send) = step.kind.send().or_else(shown) else { continue };
            for (channel, template) in send.ways() {
                let Some(written_for) = channel_of(template) else { continue };
                if written_for == channel {
                    continue;
                }
                let (step, name) = (quoted(&step.name), quoted(&journey.name));
                let (does, cure) = goes(channel, written_for);
                let template = quoted(template);
                let written =
                    if written_for == Channel::Web { "the site" } else { written_for.word() };
                let message = format!(
                    "the step {step} of the journey {name} {does}, and its template {template} is written for {written}"
                );
                findings.mistake(place.clone(), message, cure.to_owned());
            }
        }
    }
}

/// What a step does over a channel, and what would cure a template that is written for another.
fn goes(channel: Channel, written_for: Channel) -> (String, &'static str) {
    if channel == Channel::Web {
        let cure = "name a template whose parts stand under \"site\", or send it";
        return ("shows on the site".to_owned(), cure);
    }
    let cure = if channel == Channel::Sms {
        "name a template whose text stands under \"sms\", or send over email"
    } else if channel == Channel::Push {
        "name a template whose parts stand under \"push\", or send over email"
    } else if written_for == Channel::Push {
        "name a template with MJML, or send over push"
    } else if written_for == Channel::Web {
        "name a template with MJML, or show it: - show: greeting"
    } else {
        "name a template with MJML, or send over sms"
    };
    (format!("sends over {}", channel.word()), cure)
}
