//! The parts of a message on the shop's own site, as they are being written.

use regulars_engine::program::SiteTemplate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The parts, whether or not they are right yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSketch {
    /// One line.
    pub title: String,
    /// What it says below.
    pub text: String,
    /// The address of a picture.
    pub image: String,
    /// What the picture shows.
    pub image_text: String,
    /// What the button says.
    pub button: String,
    /// Where it leads.
    pub link: String,
}

impl SiteSketch {
    /// The parts by their keys in definitions, in the order in which they are written.
    pub const PARTS: [&'static str; 6] = ["title", "text", "image", "image text", "button", "link"];

    /// What a blank one begins with.
    #[must_use]
    pub fn blank() -> Self {
        Self { title: "Welcome back".to_owned(), ..Self::default() }
    }

    /// The parts of a template in force.
    #[must_use]
    pub fn of(source: &SiteTemplate) -> Self {
        Self {
            title: source.title.clone(),
            text: source.text.clone(),
            image: source.image.clone(),
            image_text: source.image_text.clone(),
            button: source.button.clone(),
            link: source.link.clone(),
        }
    }

    /// A part, by its key in definitions.
    #[must_use]
    pub fn part(&self, key: &str) -> &str {
        match key {
            "title" => &self.title,
            "text" => &self.text,
            "image" => &self.image,
            "image text" => &self.image_text,
            "button" => &self.button,
            "link" => &self.link,
            _ => "",
        }
    }

    /// Takes in a part, by its key in definitions. Only the text has more than one line.
    pub(super) fn write(&mut self, key: &str, text: &str) {
        let line = || text.replace(['\r', '\n'], " ").trim().to_owned();
        match key {
            "title" => self.title = line(),
            "text" => self.text = text.replace("\r\n", "\n"),
            "image" => self.image = line(),
            "image text" => self.image_text = line(),
            "button" => self.button = line(),
            "link" => self.link = line(),
            _ => {}
        }
    }

    /// As its definition states it: parts that say nothing are left out, but for the title.
    pub(super) fn stated(&self) -> Value {
        let said = |key: &&str| *key == "title" || !self.part(key).trim().is_empty();
        let parts = Self::PARTS.into_iter().filter(said);
        let parts: Map<String, Value> =
            parts.map(|key| (key.to_owned(), self.part(key).into())).collect();
        parts.into()
    }
}
