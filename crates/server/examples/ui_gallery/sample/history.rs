//! Timelines and paths.

use regulars_server::ui::model::{
    Channel, ChannelCount, EventKind, FactValue, Precision, Timeline, TimelineItem, Touchpoint,
};

use super::{DAY, HOUR, MINUTE, NOW, euro, fact, told};

fn item(ago: i64, channel: Channel, kind: EventKind, label: &str, source: &str) -> TimelineItem {
    TimelineItem {
        id: format!("e{ago}"),
        at: NOW - ago,
        precision: Precision::Instant,
        received_at: NOW - ago + 2_000,
        channel,
        kind,
        label: (!label.is_empty()).then(|| label.to_owned()),
        source: source.to_owned(),
        amount: None,
        anonymous: false,
        facts: Vec::new(),
    }
}

/// One page of a timeline under a filter, as the store would give it.
pub(crate) fn page(all: Timeline, selected: Option<Channel>, paged: bool) -> Timeline {
    let mut channels: Vec<ChannelCount> = Vec::new();
    for channel in Channel::ALL {
        let count = all.items.iter().filter(|item| item.channel == *channel).count() as u64;
        if count > 0 {
            channels.push(ChannelCount { channel: *channel, count });
        }
    }
    let items: Vec<_> = all
        .items
        .into_iter()
        .filter(|item| selected.is_none_or(|channel| item.channel == channel))
        .collect();
    let older = (items.len() > 5 && !paged).then(|| "e20".to_owned());
    Timeline { total: items.len() as u64, channels, selected, older, paged, items }
}

pub(crate) fn maria() -> Timeline {
    use Channel::{App, Email, Loyalty, Reviews, Service, Store, Web};
    use EventKind as E;
    let web = "casaluna.es";
    let till = "Tills · Gran Vía, till 1";
    let items = vec![
        item(4 * HOUR + 50 * MINUTE, App, E::CartAdded, "Linen socks, 39–42", "Luna app"),
        TimelineItem {
            facts: vec![
                told("product", "T-shirt Sol"),
                told("variant", "M, white"),
                fact("price", FactValue::Money(euro(1_990))),
                told("url", "/t-shirts/sol"),
            ],
            ..item(5 * HOUR, Web, E::CartAdded, "T-shirt Sol, M, white", web)
        },
        item(5 * HOUR + MINUTE, Web, E::CartRemoved, "T-shirt Sol, L, white", web),
        item(5 * HOUR + 6 * MINUTE, Web, E::ProductViewed, "T-shirt Sol", web),
        TimelineItem {
            facts: vec![told("query", "white t-shirt"), fact("results", FactValue::Count(1_204))],
            ..item(5 * HOUR + 8 * MINUTE, Web, E::Searched, "white t-shirt", web)
        },
        item(DAY + 2 * HOUR, Service, E::TicketClosed, "Where is my parcel?", "Service desk"),
        TimelineItem {
            received_at: NOW - DAY - HOUR,
            ..item(
                DAY + 4 * HOUR,
                Store,
                E::ProductTried,
                "T-shirt Sol, M, white",
                "Tills · Gran Vía, till 3",
            )
        },
        item(2 * DAY, Service, E::TicketOpened, "Where is my parcel?", "Service desk"),
        item(
            3 * DAY - HOUR,
            Email,
            E::MessageOpened,
            "A thank you for your review",
            "Casa Luna mail",
        ),
        item(3 * DAY, Email, E::MessageSent, "A thank you for your review", "Regulars"),
        TimelineItem {
            facts: vec![fact("rating", FactValue::Count(5))],
            ..item(4 * DAY, Reviews, E::Reviewed, "Ankle boots Duero", "Trusted Reviews")
        },
        item(20 * DAY - 1, Loyalty, E::PointsEarned, "129", till),
        TimelineItem {
            amount: Some(euro(12_900)),
            received_at: NOW - 20 * DAY + 26 * HOUR,
            facts: vec![
                told("receipt", "GV1-70233"),
                told("product", "Ankle boots Duero, 38, brown"),
                told("staff", "Pilar"),
            ],
            ..item(20 * DAY, Store, E::Ordered, "Ankle boots Duero", till)
        },
        TimelineItem {
            amount: Some(euro(-3_990)),
            ..item(60 * DAY, Store, E::Returned, "Linen shirt Tajo", till)
        },
        item(90 * DAY, Channel::Sms, E::ConsentWithdrawn, "STOP", "SMS"),
        TimelineItem {
            precision: Precision::Day,
            ..item(122 * DAY, Store, E::Ordered, "", "Tills · Serrano, till 1")
        },
        item(410 * DAY, Web, E::Custom, "Size Advisor Finished", web),
        item(410 * DAY, Web, E::ConsentGiven, "E-mail, promotion", web),
        item(410 * DAY + MINUTE, Web, E::SignedUp, "", web),
        TimelineItem {
            anonymous: true,
            ..item(410 * DAY + 9 * MINUTE, Web, E::ListViewed, "Shirts", web)
        },
        TimelineItem {
            anonymous: true,
            facts: vec![told("referrer", "instagram.com"), told("campaign", "spring")],
            ..item(412 * DAY, Channel::Ads, E::AdClicked, "Linen for spring", web)
        },
    ];
    Timeline { items, ..Timeline::default() }
}

fn touch(ago: i64, channel: Channel, kind: EventKind, label: &str, anonymous: bool) -> Touchpoint {
    Touchpoint {
        at: NOW - ago,
        precision: Precision::Instant,
        channel,
        kind,
        label: (!label.is_empty()).then(|| label.to_owned()),
        anonymous,
    }
}

pub(crate) fn maria_path() -> Vec<Touchpoint> {
    use Channel::{App, Email, Reviews, Service, Store, Web};
    use EventKind as E;
    vec![
        touch(412 * DAY, Channel::Ads, E::AdClicked, "Linen for spring", true),
        touch(410 * DAY + 9 * MINUTE, Web, E::ListViewed, "Shirts", true),
        touch(410 * DAY, Web, E::SignedUp, "", false),
        touch(64 * DAY, Web, E::Ordered, "Linen shirt Tajo", false),
        touch(60 * DAY, Store, E::Returned, "Linen shirt Tajo", false),
        touch(20 * DAY, Store, E::Ordered, "Ankle boots Duero", false),
        touch(4 * DAY, Reviews, E::Reviewed, "Ankle boots Duero", false),
        touch(3 * DAY, Email, E::MessageOpened, "A thank you", false),
        touch(2 * DAY, Service, E::TicketOpened, "Where is my parcel?", false),
        touch(DAY + 4 * HOUR, Store, E::ProductTried, "T-shirt Sol", false),
        touch(5 * HOUR, Web, E::CartAdded, "T-shirt Sol", false),
        touch(4 * HOUR + 50 * MINUTE, App, E::CartAdded, "Linen socks", false),
    ]
}

pub(crate) fn jane_path() -> Vec<Touchpoint> {
    use Channel::{Ads, App, Reviews, Search, Social, Store};
    use EventKind as E;
    vec![
        touch(16 * DAY, Search, E::Searched, "waterproof boots women", true),
        touch(16 * DAY - 10 * MINUTE, Reviews, E::ReviewSiteVisited, "Boots of the year", true),
        touch(12 * DAY, Ads, E::AdClicked, "Duero in three colours", true),
        touch(9 * DAY, Store, E::StoreVisited, "Serrano, with Pilar", true),
        touch(6 * DAY, Social, E::SocialPosted, "@janewalks", true),
        touch(3 * DAY + HOUR, App, E::PriceCompared, "Ankle boots Duero", true),
        touch(3 * DAY, App, E::QrScanned, "Gran Vía, window", false),
        touch(3 * HOUR, App, E::Ordered, "Ankle boots Duero", false),
    ]
}

pub(crate) fn jane() -> Timeline {
    let items = jane_path()
        .into_iter()
        .rev()
        .map(|touch| TimelineItem {
            anonymous: touch.anonymous,
            ..item(
                NOW - touch.at,
                touch.channel,
                touch.kind,
                touch.label.as_deref().unwrap_or(""),
                "Luna app",
            )
        })
        .collect();
    Timeline { items, ..Timeline::default() }
}
