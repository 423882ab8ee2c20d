//! How long the text messages of some definitions are, before they are published.

use std::fmt;

use regulars_deliver::sms::Counted;
use regulars_engine::event::Channel;
use regulars_engine::identity::KeySalt;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;

use super::preview::{Previews, channel_of};

/// A text message as somebody would get it of whom nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// Its template.
    pub template: String,
    /// In which language.
    pub language: String,
    /// What it comes to.
    pub counted: Counted,
}

impl Length {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = self.counted.to_json();
        json["template"] = self.template.clone().into();
        json["language"] = self.language.clone().into();
        json
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { template, language, counted } = self;
        write!(f, "the text message \"{template}\" ({language}) takes {counted}")
    }
}

/// The lengths of all text messages, in each language they speak. One that cannot be made without knowing
/// somebody is left out.
#[must_use]
pub fn lengths(program: &Program, now: Timestamp) -> Vec<Length> {
    let names = program.templates.keys();
    let texts = names.filter(|name| channel_of(program, name) == Channel::Sms);
    let mut all: Vec<Length> = Vec::new();
    for template in texts {
        let mut previews = Previews::bare(program, template, KeySalt(0, 0), now);
        let spoken = program.languages_of(template).into_iter().map(Some).chain([None]);
        for language in spoken {
            let shown = previews.preview(None, language);
            let Some(counted) = shown.counted else { continue };
            let length = Length { template: template.clone(), language: shown.language, counted };
            if !all.contains(&length) {
                all.push(length);
            }
        }
    }
    all
}
