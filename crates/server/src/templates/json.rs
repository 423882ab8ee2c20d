//! Templates as programs read them.

use regulars_deliver::sms::Counted;
use regulars_deliver::template::{Asked, Otherwise};
use serde_json::{Value, json};

use super::{Failure, Finding, Listed, Preview, Sample, Trial};

impl Listed {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "template": self.name,
            "channel": self.channel.word(),
            "subject": self.subject,
            "purpose": self.purpose.word(),
            "journeys": self.journeys,
            "languages": self.languages,
            "sent": self.sent.map(|sent| sent.sent),
            "opened": self.sent.map(|sent| sent.opened),
            "clicked": self.sent.map(|sent| sent.clicked),
            "bounced": self.sent.map(|sent| sent.bounced),
            "complaints": self.sent.map(|sent| sent.complaints),
        })
    }
}

impl Preview {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let (made, problem) = match &self.made {
            Ok(made) => (Some(made), None),
            Err(problem) => (None, Some(problem)),
        };
        json!({
            "language": self.language,
            "subject": made.map(|made| &made.subject),
            "html": made.map(|made| &made.html),
            "text": made.map(|made| &made.text),
            "problem": problem,
            "push": made.and_then(|made| made.notification.as_ref()).map(|shown| json!({
                "icon": shown.icon, "image": shown.image, "link": shown.link,
            })),
            "sms": self.counted.as_ref().map(Counted::to_json),
            "stand_ins": self.stand_ins.iter().map(|one| one.word()).collect::<Vec<_>>(),
        })
    }
}

impl Trial {
    /// As programs read it. Names nobody: people are told by their ids and masked addresses.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "persons": self.persons,
            "looked_at": self.looked_at,
            "recipients": self.recipients,
            "whole": self.whole,
            "lacking": self.lacking,
            "held": self.held,
            "languages": self.languages,
            "findings": self.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
            "failures": self.failures.iter().map(Failure::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Finding {
    fn to_json(&self) -> Value {
        let Asked { part, within, line, placeholder, path, otherwise } = &self.asked;
        let (does, says) = match otherwise {
            Otherwise::Held => ("held", None),
            Otherwise::Says(says) => ("says", Some(says)),
            Otherwise::Chooses => ("chooses", None),
        };
        json!({
            "value": path,
            "part": part.to_string(),
            "partial": within.as_deref(),
            "line": line,
            "placeholder": placeholder,
            "otherwise": does,
            "says": says,
            "missing": self.missing,
            "blank": self.blank,
            "samples": self.samples.iter().map(Sample::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Failure {
    fn to_json(&self) -> Value {
        json!({
            "why": self.why,
            "people": self.people,
            "samples": self.samples.iter().map(Sample::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Sample {
    fn to_json(&self) -> Value {
        json!({
            "person": self.person.to_string(),
            "address": self.address,
            "subject": self.subject,
        })
    }
}
