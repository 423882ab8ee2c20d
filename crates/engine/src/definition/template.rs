//! Reading templates; what stands in them is compiled where messages are made.

use std::collections::BTreeMap;

use super::fields::{Fields, Read};
use super::form::Form;
use super::mistake::quoted;
use super::suggest::write_instead;
use super::units::{line, lines, name, yes_no};
use super::words::words;
use super::yaml::{Node, Sheet};
use super::{push, site};
use crate::event::Channel;
use crate::nearest::nearest;
use crate::program::{PartialSource, SiteTemplate, TemplateBody, TemplateSource};
use crate::wording::Words;

/// The other files, by their paths: what definitions refer to by name.
pub(super) type Attachments<'a> = BTreeMap<String, &'a str>;

/// All parts of a template together may have so many bytes.
const SIZE_MAX: usize = 256 * 1024;

/// What a template states: a message that is sent, or one on the site.
#[derive(Clone, Debug)]
pub(super) enum TemplateDraft {
    /// A message that is sent.
    Sent(TemplateSource),
    /// A message on the site.
    Site(SiteTemplate),
}

impl TemplateDraft {
    /// The channel that its messages go over.
    pub(super) fn channel(&self) -> Channel {
        match self {
            Self::Sent(sent) => sent.channel(),
            Self::Site(_) => Channel::Web,
        }
    }

    /// What it says in each language.
    pub(super) fn words(&self) -> &Words {
        match self {
            Self::Sent(sent) => &sent.words,
            Self::Site(site) => &site.words,
        }
    }
}

/// Reads the document of a template: its name, what it states, its form.
pub(super) fn read(
    sheet: &Sheet<'_>,
    node: &Node,
    attachments: &Attachments<'_>,
) -> Option<(String, Option<TemplateDraft>, Form)> {
    let mut fields = Fields::of(sheet, node, "the template", "template: cart-reminder")?;
    let template_name = fields.required("template", "cart-reminder", name);
    if fields.has("site") {
        let site = site::template(&mut fields);
        return Some((template_name?, site.map(TemplateDraft::Site), fields.done()));
    }
    if fields.has("push") {
        let sent = push::template(&mut fields);
        return Some((template_name?, sent.map(TemplateDraft::Sent), fields.done()));
    }
    let built_in = fields.optional("built in", built_in_name);
    let alone = fields.has("sms") || fields.has("sms file");
    let subject = if fields.has("built in") || alone {
        Some(fields.or("subject", String::new(), line))
    } else {
        fields.required("subject", "Your cart is waiting", line)
    };
    let preheader = fields.or("preheader", String::new(), line);
    let mjml = part(&mut fields, "mjml", "mjml file", attachments);
    let text = part(&mut fields, "text", "text file", attachments);
    let sms = part(&mut fields, "sms", "sms file", attachments);
    let said = fields.or("words", Words::new(), words);
    let link_tracking = fields.optional("link tracking", yes_no);
    let say = "say it in the text under \"sms\"";
    let links = "leave it out: the links of a text message stay as they are written";
    for (key, cure) in [
        ("subject", say),
        ("preheader", say),
        ("text", say),
        ("text file", say),
        ("link tracking", links),
    ] {
        if alone && fields.has(key) {
            let message = format!("a text message has no \"{key}\"");
            sheet.wrong(fields.place_of(key), message, cure);
        }
    }
    let bodies = ["built in", "mjml", "mjml file", "sms", "sms file"];
    let stated: Vec<&str> = bodies.into_iter().filter(|key| fields.has(key)).collect();
    match stated.as_slice() {
        [] => fields.missing("mjml file", "cart-reminder.mjml"),
        [_] => {}
        [first, second, ..] => {
            let message = format!("the template has both \"{first}\" and \"{second}\"");
            sheet.wrong(fields.place_of(second), message, "keep one of the two");
        }
    }
    check_size("template", [mjml.as_deref(), sms.as_deref().or(text.as_deref())], sheet, node);
    let form = fields.done();
    let body = mjml.map(TemplateBody::Mjml).or(built_in.map(TemplateBody::BuiltIn));
    let body = body.or(sms.map(TemplateBody::Sms));
    let template = body.zip(subject).map(|(body, subject)| {
        TemplateDraft::Sent(TemplateSource {
            subject,
            preheader,
            body,
            text,
            words: said,
            link_tracking,
        })
    });
    Some((template_name?, template, form))
}

/// Reads the document of a partial: its name, what it states, its form.
pub(super) fn read_partial(
    sheet: &Sheet<'_>,
    node: &Node,
    attachments: &Attachments<'_>,
) -> Option<(String, Option<PartialSource>, Form)> {
    let mut fields = Fields::of(sheet, node, "the partial", "partial: footer")?;
    let partial_name = fields.required("partial", "footer", name);
    let mjml = part(&mut fields, "mjml", "mjml file", attachments);
    if !fields.has("mjml") && !fields.has("mjml file") {
        fields.missing("mjml file", "footer.mjml");
    }
    let said = fields.or("words", Words::new(), words);
    check_size("partial", [mjml.as_deref(), None], sheet, node);
    let form = fields.done();
    let partial = mjml.map(|mjml| PartialSource { mjml, words: said });
    Some((partial_name?, partial, form))
}

fn check_size(what: &str, parts: [Option<&str>; 2], sheet: &Sheet<'_>, node: &Node) {
    let size: usize = parts.into_iter().flatten().map(str::len).sum();
    if size > SIZE_MAX {
        let message = format!("the {what} has {size} bytes");
        let cure = format!("bring it below {SIZE_MAX}: mail programs cut long messages");
        sheet.wrong(node.at.start, message, cure);
    }
}

/// The name of a template that comes with the program.
fn built_in_name(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, form) = name(sheet, node)?;
    if TemplateSource::BUILT_IN.contains(&text.as_str()) {
        return Some((text, form));
    }
    let cure = write_instead(&text, TemplateSource::BUILT_IN, "");
    let message = format!("no template {} comes with the program", quoted(&text));
    sheet.wrong(node.at.start, message, cure);
    None
}

/// A part that stands in the definition or in a file of its own. The form holds it either way.
fn part(
    fields: &mut Fields<'_>,
    key: &'static str,
    file_key: &'static str,
    attachments: &Attachments<'_>,
) -> Option<String> {
    if fields.has(key) && fields.has(file_key) {
        let message = format!("the template has both \"{key}\" and \"{file_key}\"");
        fields.sheet.wrong(fields.place_of(file_key), message, "keep one of the two");
    }
    let stated = fields.optional(key, lines);
    let Some(node) = fields.node(file_key) else { return stated };
    let sheet = fields.sheet;
    let (path, _) = line(sheet, node)?;
    let whole = beside(sheet.file, &path);
    let Some(content) = attachments.get(&whole) else {
        let cure = nearest(&whole, attachments.keys().map(String::as_str)).map_or_else(
            || "put the file beside this one, or write its path from here".to_owned(),
            |near| format!("did you mean \"{near}\"? Paths begin at the folder of this file"),
        );
        let message = format!("there is no file {} among the definitions", quoted(&whole));
        sheet.wrong(node.at.start, message, cure);
        return None;
    };
    let content = content.replace("\r\n", "\n");
    if content.trim().is_empty() {
        let message = format!("the file {} is empty", quoted(&whole));
        sheet.wrong(node.at.start, message, "write something into it");
        return None;
    }
    fields.write(key, Form::Text(content.clone()));
    stated.or(Some(content))
}

/// The path of a file that is named in `file` relative to its folder.
fn beside(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A path as attachments are kept by.
pub(super) fn normal_path(path: &str) -> String {
    beside("", path)
}
