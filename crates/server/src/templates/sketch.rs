//! A template that is being written: its fields, whether or not they are right yet.

use std::collections::BTreeMap;

use regulars_deliver::template::{SiteParts, SitePlace, built_in};
use regulars_engine::event::Channel;
use regulars_engine::program::{Program, PushParts, TemplateBody, TemplateSource};
use regulars_engine::wording::Words;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::site::written_on_site;

/// The fields of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSketch {
    /// The subject.
    pub subject: String,
    /// The line that mail programs show after it.
    pub preheader: String,
    /// The MJML.
    pub mjml: String,
    /// The text of a text message, which has nothing else of these; `None`: it is mail.
    pub sms: Option<String>,
    /// The parts of a push message, which has nothing else of these but words; `None`: it is none.
    pub push: Option<PushSketch>,
    /// The parts of a message on the shop's own site, which has nothing else of these but words; `None`:
    /// it is none.
    #[serde(default)]
    pub site: Option<SiteParts>,
    /// The plain text; empty: it is made from the MJML.
    pub text: String,
    /// What it says in each language.
    pub words: Words,
    /// Whether its links lead over us; `None`: as the shop says.
    pub link_tracking: Option<bool>,
}

/// The parts of a push message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushSketch {
    /// One line.
    pub title: String,
    /// What it says below.
    pub text: String,
    /// The address of a small picture.
    pub icon: String,
    /// The address of a large picture.
    pub image: String,
    /// Where it leads.
    pub link: String,
}

impl PushSketch {
    /// Its parts with their names in files.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, &str); 5] {
        let Self { title, text, icon, image, link } = self;
        [("title", title), ("text", text), ("icon", icon), ("image", image), ("link", link)]
    }

    /// The part of this name in files.
    fn part(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "title" => &mut self.title,
            "text" => &mut self.text,
            "icon" => &mut self.icon,
            "image" => &mut self.image,
            "link" => &mut self.link,
            _ => return None,
        })
    }
}

/// What a blank template begins with: what every message of a shop needs.
const BLANK: &str = "<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Hello {{ person.first_name | default(\"there\") }},</mj-text>
        <mj-button href=\"{{ shop.url }}\">To the shop</mj-button>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text>{{ shop.name }}, {{ shop.address }} · <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
";

impl TemplateSketch {
    /// A template that nobody wrote in yet.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            subject: "News from {{ shop.name }}".to_owned(),
            mjml: BLANK.to_owned(),
            ..Self::default()
        }
    }

    /// A message over a channel that nobody wrote in yet; `Web` is the shop's own site.
    #[must_use]
    pub fn blank_over(channel: Channel) -> Self {
        let news = "News from {{ shop.name }}".to_owned();
        match channel {
            Channel::Web => {
                let title = "Welcome back".to_owned();
                let site = SiteParts { title, ..SiteParts::default() };
                Self { site: Some(site), ..Self::default() }
            }
            Channel::Sms => Self { sms: Some(news), ..Self::default() },
            Channel::Push => {
                let push = PushSketch { title: news, ..PushSketch::default() };
                Self { push: Some(push), ..Self::default() }
            }
            // No message goes over the others.
            Channel::Email
            | Channel::App
            | Channel::Store
            | Channel::Service
            | Channel::Social
            | Channel::Ads
            | Channel::Other => Self::blank(),
        }
    }

    /// The fields of the template of a name that is in force; `None`: there is none.
    #[must_use]
    pub fn in_force(program: &Program, name: &str) -> Option<Self> {
        let site = program.site_templates.get(name).map(|source| Self {
            site: Some(written_on_site(source)),
            words: source.words.clone(),
            ..Self::default()
        });
        site.or_else(|| program.templates.get(name).map(Self::of))
    }

    /// The fields of a template in force. One that comes with the program is written out, so that it
    /// can be changed.
    #[must_use]
    pub fn of(source: &TemplateSource) -> Self {
        let (subject, preheader) = (source.subject.clone(), source.preheader.clone());
        let either = |own: String, other: String| if own.is_empty() { other } else { own };
        let (mut sms, mut push) = (None, None);
        let (mjml, subject, preheader) = match &source.body {
            TemplateBody::Sms(text) => {
                sms = Some(text.clone());
                (String::new(), subject, preheader)
            }
            TemplateBody::Push(PushParts { title, text, icon, image, link }) => {
                let (title, text, icon) = (title.clone(), text.clone(), icon.clone());
                let (image, link) = (image.clone(), link.clone());
                push = Some(PushSketch { title, text, icon, image, link });
                (String::new(), subject, preheader)
            }
            TemplateBody::Mjml(mjml) => (mjml.clone(), subject, preheader),
            TemplateBody::BuiltIn(name) => match built_in(name) {
                Some(made) => {
                    (made.body, either(subject, made.subject), either(preheader, made.preheader))
                }
                None => (String::new(), subject, preheader),
            },
        };
        Self {
            subject,
            preheader,
            mjml,
            sms,
            push,
            site: None,
            text: source.text.clone().unwrap_or_default(),
            words: source.words.clone(),
            link_tracking: source.link_tracking,
        }
    }

    /// Reads what [`TemplateSketch::print`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As a draft keeps it.
    ///
    /// # Panics
    /// Never: texts are JSON.
    #[must_use]
    pub fn print(&self) -> String {
        serde_json::to_string(self).expect("texts are JSON")
    }

    /// The document of a file that defines it.
    #[must_use]
    pub fn document(&self, name: &str) -> String {
        // JSON's quotes are YAML's.
        let mut text = format!("template: {}\n", json!(name));
        let mut add = |key: &str, value: serde_json::Value| text += &format!("{key}: {value}\n");
        if let Some(site) = &self.site {
            add("site", stated(SitePlace::ALL.map(|place| (place.word(), site.part(place)))));
        } else if let Some(sms) = &self.sms {
            add("sms", json!(sms));
        } else if let Some(push) = &self.push {
            add("push", stated(push.parts()));
        } else {
            add("subject", json!(self.subject));
            if !self.preheader.is_empty() {
                add("preheader", json!(self.preheader));
            }
            add("mjml", json!(self.mjml));
            if !self.text.trim().is_empty() {
                add("text", json!(self.text));
            }
        }
        let said: BTreeMap<_, _> =
            self.words.iter().filter(|(_, texts)| !texts.is_empty()).collect();
        if !said.is_empty() {
            add("words", json!(said));
        }
        if let Some(tracked) = self.link_tracking {
            add("link tracking", json!(if tracked { "yes" } else { "no" }));
        }
        text
    }

    /// A part of a message that has parts, by its field in forms, with its name in files.
    fn part<'k>(&mut self, key: &'k str) -> Option<(&mut String, &'k str)> {
        let (of, name) = key.split_once('/')?;
        let part = match of {
            "push" => self.push.as_mut()?.part(name),
            "site" => self.site.as_mut()?.part_mut(SitePlace::parse(name)?),
            _ => None,
        };
        Some((part?, name))
    }

    /// The names of its words, in any language.
    #[must_use]
    pub fn word_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.words.values().flat_map(BTreeMap::keys).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    /// Takes in what was written into the fields of a form: `subject`, `words/es/hello`, ... What a
    /// field does not say stays.
    pub fn write(&mut self, fields: &BTreeMap<String, String>) {
        let line = |text: &str| text.replace(['\r', '\n'], " ").trim().to_owned();
        let lines = |text: &str| text.replace("\r\n", "\n");
        for (key, text) in fields {
            match key.as_str() {
                "subject" => self.subject = line(text),
                "preheader" => self.preheader = line(text),
                "mjml" => self.mjml = lines(text),
                "text" => self.text = lines(text),
                "sms" if self.sms.is_some() => self.sms = Some(lines(text)),
                "tracking" => {
                    self.link_tracking = match text.as_str() {
                        "yes" => Some(true),
                        "no" => Some(false),
                        _ => None,
                    };
                }
                _ => {
                    if let Some((part, name)) = self.part(key) {
                        *part = if name == "text" { lines(text) } else { line(text) };
                        continue;
                    }
                    let Some((language, name)) =
                        key.strip_prefix("words/").and_then(|rest| rest.split_once('/'))
                    else {
                        continue;
                    };
                    let said = self.words.entry(language.to_owned()).or_default();
                    if text.trim().is_empty() {
                        said.remove(name);
                    } else {
                        said.insert(name.to_owned(), lines(text));
                    }
                }
            }
        }
        let new =
            |key: &str| fields.get(key).map(|text| text.trim().to_owned()).unwrap_or_default();
        let (name, language, text) = (new("new-word"), new("new-language"), new("new-text"));
        let plain = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain && !language.is_empty() && !text.is_empty() {
            self.words.entry(language).or_default().insert(name, text);
        }
        self.words.retain(|_, said| !said.is_empty());
    }
}

/// The parts of a message as files state them: a title is needed; what else is empty need not be said.
fn stated<const N: usize>(parts: [(&'static str, &str); N]) -> serde_json::Value {
    let said = parts.into_iter().filter(|(key, text)| *key == "title" || !text.trim().is_empty());
    json!(said.collect::<BTreeMap<_, _>>())
}

#[cfg(test)]
mod tests {
    use regulars_engine::definition::check;

    use super::*;

    fn fields(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    /// What is written in the pages is what files say: nothing is lost on the way there and back.
    #[test]
    fn what_is_written_is_what_its_document_defines() {
        let mut sketch = TemplateSketch::blank();
        sketch.write(&fields(&[
            ("subject", "  \"Two\": 'quotes'\r\nand # a line "),
            ("preheader", "- {{ words.hello }}"),
            ("mjml", "<mjml>\r\n  <mj-body>é: {# x #}</mj-body>\n</mjml>\n"),
            ("text", "plain\r\n\r\n  text"),
            ("words/es/hello", "¿Qué tal?"),
            ("words/en/gone", "  "),
            ("new-word", "hello"),
            ("new-language", "en"),
            ("new-text", "Hi: there"),
            ("tracking", "no"),
        ]));
        assert_eq!(sketch.subject, "\"Two\": 'quotes'  and # a line");
        let shop = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\nlanguages: [en, es]\n";
        let files = [
            ("shop.yaml".to_owned(), shop.to_owned()),
            ("a.yaml".to_owned(), sketch.document("my letter")),
        ];
        let (program, _) = check(&files).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        let held = TemplateSketch::of(&program.templates["my letter"]);
        assert_eq!(held.words["en"]["hello"], "Hi: there");
        assert_eq!(held.word_names(), ["hello"]);
        let trimmed = |sketch: &TemplateSketch| TemplateSketch {
            mjml: sketch.mjml.trim().to_owned(),
            text: sketch.text.trim().to_owned(),
            ..sketch.clone()
        };
        assert_eq!(trimmed(&held), trimmed(&sketch));
        assert_eq!(TemplateSketch::read(&sketch.print()), Some(sketch));
    }

    #[test]
    fn a_blank_one_over_any_channel_is_a_definition() {
        let shop = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n";
        for channel in Channel::OF_MESSAGES.into_iter().chain([Channel::Web]) {
            let sketch = TemplateSketch::blank_over(channel);
            let files = [
                ("shop.yaml".to_owned(), shop.to_owned()),
                ("a.yaml".to_owned(), sketch.document("new")),
            ];
            let (program, _) = check(&files).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
            let held = TemplateSketch::in_force(&program, "new").unwrap();
            let of = |sketch: &TemplateSketch| {
                (sketch.sms.is_some(), sketch.push.is_some(), sketch.site.is_some())
            };
            assert_eq!(of(&held), of(&sketch), "{channel:?}");
        }
    }

    #[test]
    fn a_message_on_the_site_is_what_its_document_defines() {
        let mut sketch = TemplateSketch::blank_over(Channel::Web);
        sketch.write(&fields(&[
            ("site/title", " {{ words.hello }}: \"Ana\" "),
            ("site/text", "one\r\n# two"),
            ("site/image", "/hat.png"),
            ("site/image text", "A hat"),
            ("site/button", "Look"),
            ("site/link", "/new"),
            ("mjml", "<mjml>"),
            ("new-word", "hello"),
            ("new-language", "en"),
            ("new-text", "Hi"),
        ]));
        let shop = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\nlanguages: [en, es]\n";
        let files = [
            ("shop.yaml".to_owned(), shop.to_owned()),
            ("a.yaml".to_owned(), sketch.document("banner")),
        ];
        let (program, _) = check(&files).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        let held = TemplateSketch::in_force(&program, "banner").unwrap();
        assert_eq!(held.site.as_ref().unwrap().text.trim(), "one\n# two");
        assert_eq!(held.site.as_ref().unwrap().title, "{{ words.hello }}: \"Ana\"");
        assert_eq!((held.mjml.as_str(), &held.words["en"]["hello"]), ("", &"Hi".to_owned()));
        assert_eq!(TemplateSketch::in_force(&program, "none"), None);
        // What says nothing is not stated.
        sketch.write(&fields(&[("site/image", " "), ("site/image text", ""), ("site/text", "")]));
        assert!(!sketch.document("banner").contains("image"), "{}", sketch.document("banner"));
    }

    #[test]
    fn a_text_message_stays_one() {
        let body = TemplateBody::Sms("Hi {{ shop.name }}".to_owned());
        let source = TemplateSource {
            subject: String::new(),
            preheader: String::new(),
            body,
            text: None,
            words: Words::new(),
            link_tracking: None,
        };
        let mut sketch = TemplateSketch::of(&source);
        sketch.write(&fields(&[("sms", "Bye"), ("mjml", "<mjml>")]));
        assert_eq!(sketch.document("a"), "template: \"a\"\nsms: \"Bye\"\n");
    }

    #[test]
    fn a_push_message_is_written_by_its_parts_and_stays_one() {
        let mut sketch =
            TemplateSketch { push: Some(PushSketch::default()), ..TemplateSketch::default() };
        sketch.write(&fields(&[
            ("push/title", " Your \"cart\"\nwaits "),
            ("push/text", "{{ words.hello }}\r\n: x"),
            ("push/link", "{{ cart.url }}"),
            ("push/else", "x"),
            ("subject", "none"),
            ("words/en/hello", "Hi"),
            ("tracking", "no"),
        ]));
        let shop = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n".to_owned();
        let files =
            [("shop.yaml".to_owned(), shop), ("a.yaml".to_owned(), sketch.document("cart push"))];
        let (program, _) = check(&files).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        let held = TemplateSketch::of(&program.templates["cart push"]);
        assert_eq!(held, TemplateSketch { subject: String::new(), ..sketch });
        let push = held.push.unwrap();
        assert_eq!((push.title.as_str(), push.icon.as_str()), ("Your \"cart\" waits", ""));
    }

    #[test]
    fn a_template_that_comes_with_the_program_is_written_out() {
        let source = TemplateSource {
            subject: String::new(),
            preheader: "Own".to_owned(),
            body: TemplateBody::BuiltIn("cart-reminder".to_owned()),
            text: None,
            words: Words::new(),
            link_tracking: None,
        };
        let sketch = TemplateSketch::of(&source);
        assert!(sketch.mjml.contains("<mjml"));
        assert!(sketch.subject.contains("{{ shop.name }}"));
        assert_eq!(sketch.preheader, "Own");
    }
}
