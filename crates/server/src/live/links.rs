//! Links of a message that lead over us, so that it is known which were followed.
//!
//! The address in the message is an opaque token: the message's id, the link's number, and a keyed
//! mark. Where it leads is kept with the message, so no address that somebody makes up leads anywhere.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use regulars_deliver::template::replace_links;
use regulars_engine::decision::{Link, Message};
use regulars_engine::event::{Channel, Event, Kind, Line, Place, Reference, Value};
use regulars_engine::identity::{IdentifierKind, KeySalt};
use regulars_engine::program::Program;
use regulars_engine::time::{HOUR, Timestamp};
use regulars_engine::work::OWN_SOURCE;

use super::token::LinkToken;

/// The most links of one message that are followed; more stay as they are.
const LINKS_MAX: usize = 100;
/// Nobody reads a message and follows a link of it within a second of its leaving; scanners do.
const READING_MS: i64 = 1_000;
/// What must be encoded in a header that was written as it is.
const UNPRINTABLE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'`');

/// Where links to pages of our own begin: they bear a token already.
const OWN: [&str; 4] = ["/unsubscribe/", "/preferences/", "/confirm/", "/l/"];

/// Leads the links of a rendered message over us, and keeps with it where they lead, if its shop and
/// template want that. `url_of` says where a line of the message leads.
pub(super) fn track(
    program: &Program,
    message: &mut Message,
    html: &str,
    url_of: impl Fn(&Line) -> Option<String>,
    salt: KeySalt,
) -> String {
    message.links.clear();
    if !program.tracks_links(&message.template, message.purpose) {
        return html.to_owned();
    }
    let base = program.shop.base_url.as_str();
    let lines: Vec<Option<String>> = message.lines.iter().map(url_of).collect();
    let (id, links) = (message.id, &mut message.links);
    replace_links(html, &mut |target| {
        let own = target
            .strip_prefix(base)
            .is_some_and(|path| OWN.iter().any(|own| path.starts_with(own)));
        if own {
            return None;
        }
        let held = links.iter().position(|link| link.target == target);
        let number = match held {
            Some(number) => number,
            None if links.len() < LINKS_MAX => {
                let line = lines.iter().position(|url| url.as_deref() == Some(target));
                let line = line.and_then(|line| u32::try_from(line).ok());
                links.push(Link { target: target.to_owned(), line });
                links.len() - 1
            }
            None => return None,
        };
        let number = u32::try_from(number).ok()?;
        Some(format!("{base}/l/{}", LinkToken { message: id, number }.text(salt)))
    })
}

/// Where a push message leads, over us if its shop and template want that; what is kept with it is where
/// it leads in the end. `target` is a whole address.
pub(super) fn track_one(
    program: &Program,
    message: &mut Message,
    target: String,
    url_of: impl Fn(&Line) -> Option<String>,
    salt: KeySalt,
) -> String {
    let line = message.lines.iter().position(|line| url_of(line).as_ref() == Some(&target));
    let line = line.and_then(|line| u32::try_from(line).ok());
    message.links = vec![Link { target: target.clone(), line }];
    if !program.tracks_links(&message.template, message.purpose) {
        return target;
    }
    let token = LinkToken { message: message.id, number: 0 };
    format!("{}/l/{}", program.shop.base_url, token.text(salt))
}

/// Who follows a link, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follower {
    /// A person.
    Person,
    /// A program that looks at whatever arrives.
    Machine,
    /// Somebody's browser, ahead of them: nothing was followed.
    Nobody,
}

/// Whether a message still goes to somebody: what an erasure emptied bears the address of nobody.
pub(crate) fn of_somebody(message: &Message) -> bool {
    let addressed = [IdentifierKind::Email, IdentifierKind::Phone, IdentifierKind::AnonymousId];
    addressed.contains(&message.recipient.kind)
}

/// Where a link of a message leads, as an address of the web; `None`: nowhere any more, since its
/// person was erased.
pub(crate) fn destination(program: &Program, message: &Message, number: u32) -> Option<String> {
    if !of_somebody(message) {
        return None;
    }
    let kept = usize::try_from(number).ok().and_then(|number| message.links.get(number));
    // A message whose outcome was never noted, since we were stopped in between, has no links at hand:
    // its reader comes to the shop all the same.
    let home = || {
        (message.links.is_empty() && !program.shop.site().is_empty()).then(|| program.shop.site())
    };
    let target = kept.map(|link| link.target.as_str()).or_else(home)?;
    Some(utf8_percent_encode(target, UNPRINTABLE).to_string())
}

/// The event of a link that was followed. The same link within an hour is the same event.
pub(crate) fn followed(
    message: &Message,
    number: u32,
    follower: Follower,
    now: Timestamp,
) -> Option<Event> {
    let left_at = message.settled_at.unwrap_or(message.claimed_at);
    let kind = match follower {
        Follower::Nobody => return None,
        // What a browser shows by itself no scanner looks at.
        Follower::Machine if message.channel == Channel::Push => return None,
        Follower::Person if message.channel == Channel::Push => Kind::PushClicked,
        Follower::Machine => Kind::EmailFetched,
        Follower::Person if now.since(left_at) < READING_MS => Kind::EmailFetched,
        Follower::Person => Kind::EmailLinkClicked,
    };
    let link = usize::try_from(number).ok().and_then(|number| message.links.get(number));
    let line = link.and_then(|link| usize::try_from(link.line?).ok());
    let line = line.and_then(|line| message.lines.get(line)).cloned();
    let mut properties = vec![
        ("link".to_owned(), Value::Text((number + 1).to_string())),
        ("template".to_owned(), Value::Text(message.template.clone())),
        ("journey".to_owned(), Value::Text(message.journey.clone())),
    ];
    // What stands behind the question mark may name somebody.
    let page = link.map(|link| link.target.split(['?', '#']).next().unwrap_or_default().to_owned());
    properties.extend(page.map(|page| ("url".to_owned(), Value::Text(page))));
    let word = if kind == Kind::EmailFetched { "fetched" } else { "followed" };
    let id = format!("{word}-{}-{number}-{}", message.id, now.0.div_euclid(HOUR));
    Some(Event {
        content: message.id,
        identifiers: vec![message.recipient.clone()],
        place: Place { channel: message.channel, ..Place::default() },
        reference: Some(Reference { id: message.id.to_string() }),
        lines: line.into_iter().collect(),
        properties: properties.into_iter().collect(),
        ..Event::bare(OWN_SOURCE, id, kind, now)
    })
}

#[cfg(test)]
mod tests {
    use regulars_engine::decision::MessageState;
    use regulars_engine::definition::check;
    use regulars_engine::event::Purpose;
    use regulars_engine::identity::{Identifier, PersonId};

    use super::*;

    const SALT: KeySalt = KeySalt(3, 4);
    const HTML: &str = "<a href=\"https://shop.example/tee?a=1\">tee</a>\
        <a href=\"https://regulars.example/unsubscribe/4d-0\">no more</a>\
        <a href=\"https://shop.example/tee?a=1\">again</a><a href=\"https://shop.example/ü b\">ü</a>";

    fn program(shop: &str, template: &str) -> Program {
        let text = format!(
            "shop: Shop\nzone: Europe/Madrid\ncurrency: EUR\nbase url: https://regulars.example\n{shop}---\ntemplate: letter\nsubject: a\nmjml: <mjml></mjml>\n{template}"
        );
        check(&[("shop.yaml".to_owned(), text)]).unwrap().0
    }

    fn message(purpose: Purpose) -> Message {
        let line = Line { url: Some("https://shop.example/tee?a=1".to_owned()), ..Line::default() };
        let ana = Identifier::new(IdentifierKind::Email, "ana@shop.example").unwrap();
        Message {
            journey: "cart".to_owned(),
            step: "remind".to_owned(),
            template: "letter".to_owned(),
            lines: vec![Line::default(), line],
            state: MessageState::Sent,
            settled_at: Some(Timestamp(10)),
            ..Message::claimed(77, PersonId(1), (Channel::Email, ana), purpose, Timestamp(5))
        }
    }

    fn tracked(program: &Program, message: &mut Message) -> String {
        track(program, message, HTML, |line| line.url.clone(), SALT)
    }

    #[test]
    fn each_target_has_one_number_and_links_to_ourselves_stay() {
        let (program, mut message) = (program("", ""), message(Purpose::Promotion));
        let html = tracked(&program, &mut message);
        let first = format!(
            "https://regulars.example/l/{}",
            LinkToken { message: 77, number: 0 }.text(SALT)
        );
        assert_eq!(html.matches(&first).count(), 2, "{html}");
        assert!(html.contains("https://regulars.example/unsubscribe/4d-0"), "{html}");
        assert_eq!(message.links.len(), 2);
        assert_eq!((message.links[0].line, message.links[1].line), (Some(1), None));
        assert_eq!(tracked(&program, &mut message), html, "made again, it is the same");
        let to = |message: &Message, number| destination(&program, message, number);
        assert_eq!(to(&message, 1).as_deref(), Some("https://shop.example/%C3%BC%20b"));
        assert_eq!(to(&message, 2), None);
        let nobody = IdentifierKind::CustomUnique("erased".to_owned());
        message.recipient = Identifier::new(nobody, "erased").unwrap();
        assert_eq!(to(&message, 0), None, "erased");
    }

    #[test]
    fn shop_template_and_purpose_say_whether_links_lead_over_us() {
        let leads = |shop: &str, template: &str, purpose| {
            tracked(&program(shop, template), &mut message(purpose)) != HTML
        };
        let (no, yes) = ("link tracking: no\n", "link tracking: yes\n");
        assert!(leads("", "", Purpose::Care) && !leads("", "", Purpose::Transactional));
        assert!(!leads(no, "", Purpose::Promotion) && leads(no, yes, Purpose::Promotion));
        assert!(!leads("", no, Purpose::Promotion) && leads("", yes, Purpose::Transactional));
    }

    #[test]
    fn a_click_tells_its_page_and_product_once_an_hour_and_a_machine_nothing() {
        let (program, mut message) = (program("", ""), message(Purpose::Promotion));
        tracked(&program, &mut message);
        let event = |follower, at| followed(&message, 0, follower, Timestamp(at));
        assert_eq!(event(Follower::Nobody, 5_000), None);
        let click = event(Follower::Person, 5_000).unwrap();
        assert_eq!(click.kind, Kind::EmailLinkClicked);
        assert_eq!(click.lines, [message.lines[1].clone()]);
        assert_eq!(click.properties["url"], Value::Text("https://shop.example/tee".to_owned()));
        assert_eq!(event(Follower::Person, 9_000).unwrap().message_id, click.message_id);
        assert_ne!(event(Follower::Person, 5_000 + HOUR).unwrap().message_id, click.message_id);
        for (follower, at) in [(Follower::Machine, 5_000), (Follower::Person, 900)] {
            assert_eq!(event(follower, at).unwrap().kind, Kind::EmailFetched);
        }
    }
}
