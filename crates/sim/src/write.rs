//! Lines of the event file: the envelope around what happened.

use crate::act::{Act, Campaign, Page, Report, Via, What};
use crate::calendar::Clockface;
use crate::opaque::{Key, Kind};
use crate::people::{Contact, Device, Person, decimal};
use crate::properties::{self, quoted};
use crate::rng::{Purpose, draw};
use crate::town::Town;
use crate::vocabulary;

/// Appends `text`.
pub(crate) fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Writes acts as lines.
#[derive(Debug)]
pub(crate) struct Scribe<'t> {
    pub(crate) town: &'t Town,
    told: Clockface,
    sent: Clockface,
    received: Clockface,
}

impl<'t> Scribe<'t> {
    pub(crate) fn new(town: &'t Town) -> Self {
        let [told, sent, received] = [(); 3].map(|()| Clockface::default());
        Self { town, told, sent, received }
    }

    /// Appends the line of `act`, without a line end.
    pub(crate) fn write(&mut self, act: &Act, out: &mut Vec<u8>) {
        if let What::Report(report) = act.what {
            return self.write_report(act, report, out);
        }
        let person = self.town.person(act.message.map_or(0, Key::person));
        let event = vocabulary::event(act.what);
        put(out, "{\"type\":\"");
        // What is a page in the web shop is a screen in the app.
        put(out, if event.kind == "page" && act.via == Via::App { "screen" } else { event.kind });
        if let Some(name) = event.name {
            put(out, "\",\"");
            put(out, if event.kind == "track" { "event" } else { "name" });
            put(out, "\":\"");
            put(out, name);
        }
        put(out, "\",\"messageId\":\"");
        if let Some(message) = act.message {
            self.town.write_id(Kind::Message, message, out);
        }
        put(out, "\"");
        self.write_who(act, &person, out);
        if let Via::Web | Via::App | Via::Kiosk(_) = act.via {
            self.write_context(act, &person, out);
        }
        put(out, if event.kind == "identify" { ",\"traits\":{" } else { ",\"properties\":{" });
        properties::write(self.town, &person, act, out);
        put(out, "},\"timestamp\":\"");
        if let Via::Till(till) = act.via
            && self.town.tills[till as usize].tells_local_time()
        {
            let offset_seconds = self.town.calendar.offset_seconds(act.day);
            self.told.write_offset(act.told_at, offset_seconds, out);
        } else {
            self.told.write(act.told_at, out);
        }
        if let Some(sent_at) = act.sent_at {
            put(out, "\",\"sentAt\":\"");
            self.sent.write(sent_at, out);
        }
        put(out, "\"");
        self.write_end(act, &person, out);
    }

    /// A heartbeat or a watermark.
    fn write_report(&mut self, act: &Act, report: Report, out: &mut Vec<u8>) {
        put(out, "{\"type\":\"");
        match report {
            Report::Heartbeat => put(out, "heartbeat\""),
            Report::Watermark { complete_through } => {
                put(out, "watermark\",\"completeThrough\":\"");
                self.told.write(complete_through, out);
                put(out, "\"");
            }
        }
        let nobody = self.town.person(0);
        self.write_end(act, &nobody, out);
    }

    fn write_end(&mut self, act: &Act, person: &Person, out: &mut Vec<u8>) {
        put(out, ",\"source\":\"");
        self.write_source(act.via, person, out);
        put(out, "\",\"receivedAt\":\"");
        self.received.write(act.received_at, out);
        put(out, "\"}");
    }

    fn write_source(&self, via: Via, person: &Person, out: &mut Vec<u8>) {
        let store = |out: &mut Vec<u8>, prefix, number: u32| {
            put(out, prefix);
            decimal(u64::from(number) + 1, out);
        };
        match via {
            Via::Web => put(out, "web"),
            Via::App => {
                put(out, "app\",\"feed\":\"");
                put(out, if person.android { "android-5.2" } else { "ios-5.1" });
            }
            Via::Kiosk(number) => store(out, "kiosk\",\"feed\":\"store-", number),
            Via::Shop => put(out, "shop"),
            Via::Floor(number) => store(out, "store-", number),
            Via::Till(till) => {
                let till = &self.town.tills[till as usize];
                store(out, "pos-", till.store);
                store(out, "\",\"feed\":\"till-", till.number);
            }
            Via::Customers => put(out, "customers"),
            Via::Loyalty => put(out, "loyalty"),
            Via::Mail => put(out, "mail"),
            Via::Desk => put(out, "desk"),
            Via::Reviews => put(out, "reviews"),
            Via::Social => put(out, "social"),
        }
    }

    /// Anonymous and user id: the ids of SDKs. Contacts stand among the properties.
    fn write_who(&self, act: &Act, person: &Person, out: &mut Vec<u8>) {
        if let Some(device) = act.who.device {
            put(out, ",\"anonymousId\":\"");
            person.write_anonymous_id(self.town.settings.seed, device, act.day, out);
            put(out, "\"");
        }
        if act.who.logged_in {
            put(out, ",\"userId\":\"");
            person.write_user_id(out);
            put(out, "\"");
        }
    }

    fn write_context(&self, act: &Act, person: &Person, out: &mut Vec<u8>) {
        put(out, ",\"context\":{\"library\":{");
        let agent = match act.who.device {
            Some(Device::App) => {
                let phone = if person.android { APP_ANDROID } else { APP_IOS };
                put(out, phone);
                put(out, "}");
                return;
            }
            Some(Device::Phone) if person.android => AGENT_ANDROID,
            Some(Device::Phone) => AGENT_IPHONE,
            Some(Device::Tablet | Device::Kiosk(_)) => AGENT_TABLET,
            Some(Device::Laptop) | None => AGENT_LAPTOP,
        };
        put(
            out,
            "\"name\":\"analytics.js\",\"version\":\"next-1.84.3\"},\"locale\":\"es-ES\",\"userAgent\":\"",
        );
        put(out, agent);
        put(out, "\",\"ip\":\"203.0.113.");
        decimal(
            draw(self.town.settings.seed, Purpose::Address, u64::from(person.household.number), 9)
                % 254
                + 1,
            out,
        );
        put(out, "\"");
        if let What::AdClicked(campaign) | What::Paged(Page::Home(Some(campaign))) = act.what {
            put(out, ",\"campaign\":{");
            put(out, campaign_text(campaign));
            put(out, "}");
        }
        put(out, ",\"page\":{\"path\":\"");
        let mut path = Vec::with_capacity(48);
        vocabulary::write_path(self.town, act.what, &mut path);
        out.extend_from_slice(&path);
        put(out, "\",\"url\":\"https://shop.example");
        out.extend_from_slice(&path);
        put(out, "\"}}");
    }
}

fn campaign_text(campaign: Campaign) -> &'static str {
    match campaign {
        Campaign::Search => "\"name\":\"brand-terms\",\"source\":\"search\",\"medium\":\"cpc\"",
        Campaign::Banner => "\"name\":\"new-season\",\"source\":\"display\",\"medium\":\"banner\"",
        Campaign::Newsletter => {
            "\"name\":\"newsletter\",\"source\":\"newsletter\",\"medium\":\"email\""
        }
    }
}

/// Contacts as properties; a till writes a phone number as it was typed.
pub(crate) fn write_contact(town: &Town, person: &Person, act: &Act, out: &mut Vec<u8>) {
    match act.who.contact {
        Contact::None => {}
        Contact::Card => {
            quoted(out, "loyalty_id", |out| person.write_card(town.settings.seed, act.day, out))
        }
        Contact::Email => quoted(out, "email", |out| person.write_email(out)),
        Contact::MistypedEmail => quoted(out, "email", |out| person.write_mistyped_email(out)),
        Contact::Phone => quoted(out, "phone", |out| person.write_phone_as_typed(out)),
        Contact::Placeholder => match person.number % 4 {
            3 => quoted(out, "phone", |out| put(out, crate::names::PLACEHOLDER_PHONE)),
            which => quoted(out, "email", |out| {
                put(out, crate::names::PLACEHOLDER_EMAILS[which as usize])
            }),
        },
    }
}

const AGENT_LAPTOP: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
const AGENT_ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";
const AGENT_IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const AGENT_TABLET: &str = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1";
const APP_ANDROID: &str = "\"name\":\"analytics-kotlin\",\"version\":\"1.19.1\"},\"app\":{\"name\":\"Shop\",\"version\":\"5.2\"},\"os\":{\"name\":\"Android\",\"version\":\"15\"},\"device\":{\"type\":\"android\",\"model\":\"Pixel 8\"}";
const APP_IOS: &str = "\"name\":\"analytics-swift\",\"version\":\"1.7.3\"},\"app\":{\"name\":\"Shop\",\"version\":\"5.1\"},\"os\":{\"name\":\"iOS\",\"version\":\"18.5\"},\"device\":{\"type\":\"ios\",\"model\":\"iPhone 15\"}";
