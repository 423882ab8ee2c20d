//! Reading push messages: a title and what may stand beside it.

use super::fields::{Fields, Read};
use super::units::{line, lines, yes_no};
use super::words::words;
use super::yaml::{Node, Sheet};
use crate::program::{PushParts, TemplateBody, TemplateSource};
use crate::wording::Words;

/// Bytes of one part as it is written: a push message has less than 4,096 in all.
const PART_MAX: usize = 2_000;

/// Reads the parts of a push message, and what stands beside them.
pub(super) fn template(fields: &mut Fields<'_>) -> Option<TemplateSource> {
    let said = fields.optional("push", parts);
    let words = fields.or("words", Words::new(), words);
    let link_tracking = fields.optional("link tracking", yes_no);
    said.map(|said| TemplateSource {
        subject: String::new(),
        preheader: String::new(),
        body: TemplateBody::Push(said),
        text: None,
        words,
        link_tracking,
    })
}

/// `{ title: Your cart waits, text: ..., icon: ..., link: "{{ cart.url }}" }`
fn parts(sheet: &Sheet<'_>, node: &Node) -> Read<PushParts> {
    let mut fields = Fields::of(sheet, node, "the push message", "{ title: Your cart waits }")?;
    let title = fields.required("title", "Your cart waits", line);
    let text = fields.or("text", String::new(), lines);
    let icon = fields.or("icon", String::new(), line);
    let image = fields.or("image", String::new(), line);
    let link = fields.or("link", String::new(), line);
    for (key, part) in [("text", &text), ("icon", &icon), ("image", &image), ("link", &link)] {
        if part.len() > PART_MAX {
            let message = format!("the {key} has {} bytes", part.len());
            let cure = "bring it below 2000: push services take 4096 bytes in all";
            sheet.wrong(fields.place_of(key), message, cure);
        }
    }
    let form = fields.done();
    Some((PushParts { title: title?, text, icon, image, link }, form))
}
