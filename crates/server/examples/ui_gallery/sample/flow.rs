//! Today, the outbox, journeys.

use regulars_server::live::Lasting;
use regulars_server::ui::model::{
    Channel, DayTakings, DecisionCount, DecisionKind, HeldSend, JourneyCard, JourneyState,
    JourneysModel, MessageStatus, NoticeRow, OutboxMessage, OutboxModel, OutboxRow, PauseCause,
    Purpose, QuarantineGroup, Sending, SilentFeed, StepKind, StepRow, Takings, TodayModel,
    UncertainSend, WatermarkState,
};

use regulars_engine::reason::Told;
use regulars_engine::time::Timestamp;

use super::{DAY, HOUR, MINUTE, NOW, because, capped, counted, till_behind, twin};

fn pair(id: &str, name: &str) -> (String, String) {
    (id.to_owned(), name.to_owned())
}

pub(crate) fn today(state: &str) -> TodayModel {
    match state {
        "first" => TodayModel::default(),
        "calm" => TodayModel { sources: 3, since: Some(NOW - 9 * HOUR), ..TodayModel::default() },
        "restored" => {
            TodayModel { sending: Sending::Paused { by: None, restored: true }, ..full() }
        }
        "paused" => TodayModel {
            sending: Sending::Paused {
                by: Some(("Lucía Ferrer".to_owned(), NOW - 2 * HOUR)),
                restored: false,
            },
            ..full()
        },
        "alarmed" => TodayModel {
            sending: Sending::Alarmed {
                cause: Some(PauseCause::Complaints),
                count: 31,
                sent: 10_000,
                by: Some(("Regulars".to_owned(), NOW - HOUR)),
            },
            ..full()
        },
        _ => full(),
    }
}

fn full() -> TodayModel {
    TodayModel {
        since: Some(NOW - 9 * HOUR - 40 * MINUTE),
        sending: Sending::On,
        webhooks_gone: Vec::new(),
        trouble: Some(Lasting {
            since: Timestamp(NOW - 3 * HOUR),
            said: "401 The server token is missing or invalid.".to_owned(),
        }),
        sources: 6,
        notices: vec![NoticeRow {
            id: 7,
            person: pair("p412", "María García"),
            text: "Call her about her order".to_owned(),
            journey: "Service".to_owned(),
            step: "call".to_owned(),
            at: NOW - 2 * HOUR,
            because: Vec::new(),
            done: None,
        }],
        notices_total: 1,
        held: held(),
        queues: Vec::new(),
        held_total: 12,
        silent: vec![
            SilentFeed {
                source: pair("tills", "Tills"),
                feed: Some("Gran Vía, till 3".to_owned()),
                state: WatermarkState::Behind,
                last_at: Some(NOW - 3 * HOUR - 10 * MINUTE),
                expected_at: Some(NOW - 2 * HOUR - 50 * MINUTE),
                holding: 9,
            },
            SilentFeed {
                source: pair("reviews", "Trusted Reviews"),
                feed: None,
                state: WatermarkState::Never,
                last_at: None,
                expected_at: None,
                holding: 0,
            },
        ],
        quarantine: vec![
            QuarantineGroup {
                source: pair("tills", "Tills"),
                code: "negative_amount".to_owned(),
                count: 201,
                latest_at: NOW - 2 * DAY,
            },
            QuarantineGroup {
                source: pair("web", "casaluna.es"),
                code: "no_event_name".to_owned(),
                count: 13,
                latest_at: NOW - 5 * HOUR,
            },
        ],
        uncertain: vec![UncertainSend {
            message_id: Some("m4101".to_owned()),
            person: pair("p77120", "Jonas Lindqvist"),
            channel: Channel::Email,
            subject: "Your boots are waiting".to_owned(),
            at: NOW - 4 * HOUR,
        }],
        happened: happened(),
        outbox: outbox(false).rows.into_iter().take(6).collect(),
        outbox_total: 1_184,
        takings: takings(),
        version: "1".to_owned(),
    }
}

fn takings() -> Takings {
    let day = |number: i64| DayTakings {
        at: NOW - number * DAY,
        orders: u64::try_from(61 - number * 7 % 23).unwrap_or(0),
        net: super::euro(240_000 - number * 37_000 % 91_000),
        foreign: u64::from(number == 3),
    };
    Takings { days: (0..14).map(day).collect(), counting: false }
}

fn happened() -> Vec<DecisionCount> {
    let count = |kind, count, reasons: &[(&str, u64)]| DecisionCount {
        kind,
        count,
        reasons: counted(reasons),
    };
    vec![
        count(DecisionKind::Entered, 1_402, &[]),
        count(DecisionKind::Sent, 214, &[]),
        count(
            DecisionKind::Held,
            31,
            &[("feed_behind", 19), ("quiet_hours", 8), ("twin_maybe", 4)],
        ),
        count(
            DecisionKind::Skipped,
            87,
            &[("consent_missing", 52), ("frequency_cap", 24), ("expired", 11)],
        ),
        count(
            DecisionKind::Exited,
            343,
            &[("bought", 288), ("cart_empty", 41), ("consent_withdrawn", 9), ("erased", 5)],
        ),
        count(DecisionKind::Uncertain, 1, &[("uncertain", 1)]),
    ]
}

fn held() -> Vec<HeldSend> {
    let send = |person, journey: &str, step: &str, since, until, reasons| HeldSend {
        person,
        journey: journey.to_owned(),
        step: step.to_owned(),
        channel: Channel::Email,
        since,
        until,
        reasons,
    };
    vec![
        send(
            pair("p102938", "María García Soto"),
            "Cart reminder",
            "First reminder",
            NOW - 32 * MINUTE,
            NOW + 23 * HOUR,
            vec![till_behind(), twin()],
        ),
        send(
            pair("p55012", "Ana Beltrán"),
            "Care after boots",
            "How to care for leather",
            NOW - 10 * MINUTE,
            NOW + 14 * HOUR,
            vec![because(
                "quiet_hours",
                vec![(Told::LocalTime { clock: "22:52".to_owned() }, None)],
            )],
        ),
        send(
            pair("p90333", "Владимир Петров"),
            "Win back",
            "We miss you",
            NOW - 2 * HOUR,
            NOW + 3 * DAY,
            vec![capped()],
        ),
        send(
            pair("p31337", "Jane Whitmore-Castellanos de la Vega"),
            "Cart reminder",
            "First reminder",
            NOW - 3 * HOUR,
            NOW + 21 * HOUR,
            vec![because("open_ticket", vec![(Told::TicketOpen, Some(NOW - 2 * DAY))])],
        ),
    ]
}

pub(crate) fn outbox(paged: bool) -> OutboxModel {
    let row =
        |id: &str, ago, subject: &str, person, journey: Option<&str>, status, channel| OutboxRow {
            id: id.to_owned(),
            at: NOW - ago,
            channel,
            subject: subject.to_owned(),
            person,
            journey: journey.map(str::to_owned),
            status,
        };
    let (email, sms) = (Channel::Email, Channel::Sms);
    let cart = Some("Cart reminder");
    let rows = vec![
        row(
            "m4211",
            4 * MINUTE,
            "Still thinking about the Sol T-shirt?",
            pair("p220", "Nuria Vidal"),
            cart,
            MessageStatus::Outbox,
            email,
        ),
        row(
            "m4210",
            11 * MINUTE,
            "Your order CL-20931 is on its way",
            pair("p881", "Tom Okafor"),
            None,
            MessageStatus::Outbox,
            email,
        ),
        row(
            "m4208",
            26 * MINUTE,
            "Your boots are ready at Gran Vía",
            pair("p55012", "Ana Beltrán"),
            None,
            MessageStatus::Delivered,
            sms,
        ),
        row(
            "m4190",
            3 * HOUR,
            "How to care for leather",
            pair("p712", "Ирина Соколова"),
            Some("Care after boots"),
            MessageStatus::Clicked,
            email,
        ),
        row(
            "m4101",
            4 * HOUR,
            "Your boots are waiting",
            pair("p77120", "Jonas Lindqvist"),
            cart,
            MessageStatus::Uncertain,
            email,
        ),
        row(
            "m4077",
            DAY,
            "We miss you, and so does your size",
            pair("p90333", "Владимир Петров"),
            Some("Win back"),
            MessageStatus::Bounced,
            email,
        ),
        row(
            "m4012",
            3 * DAY,
            "A thank you for your review",
            pair("p102938", "María García Soto"),
            Some("Care after boots"),
            MessageStatus::Opened,
            email,
        ),
    ];
    OutboxModel { rows, total: 1_184, older: Some("m4012".to_owned()), paged }
}

/// The HTML of the sample message, as MJML would have made it.
pub(crate) const MESSAGE_HTML: &str = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Still thinking about the Sol T-shirt?</title><style>body{margin:0;background:#f4f1ea;font-family:Georgia,serif;color:#2b2620}table{width:100%;max-width:560px;margin:0 auto;background:#fff}td{padding:20px 28px}.b{display:inline-block;background:#2b2620;color:#fff;padding:12px 24px;text-decoration:none}</style></head><body><table role="presentation"><tr><td><h1>Casa Luna</h1></td></tr><tr><td><p>Hello Nuria,</p><p>the <strong>Sol T-shirt</strong> in white, size M, is still in your cart. It is also on the rail in Gran Vía, should you like to try it on.</p><p><a class="b" href="https://casaluna.example/cart">To your cart</a></p></td></tr><tr><td><small>You get this because you said yes to messages about your cart. <a href="https://casaluna.example/u/1">No more of these</a></small></td></tr></table></body></html>"#;

pub(crate) fn message(id: &str) -> OutboxMessage {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    OutboxMessage {
        id: id.to_owned(),
        at: NOW - 4 * MINUTE,
        channel: Channel::Email,
        purpose: Purpose::Promotion,
        status: MessageStatus::Outbox,
        subject: "Still thinking about the Sol T-shirt?".to_owned(),
        from: "Casa Luna <hola@casaluna.example>".to_owned(),
        to: "nuria.vidal@example.com".to_owned(),
        person: pair("p220", "Nuria Vidal"),
        leads: None,
        journey: Some(pair("Cart reminder", "First reminder")),
        html: true,
        plain: "Casa Luna\n\nHello Nuria,\n\nthe Sol T-shirt in white, size M, is still in your cart.\nIt is also on the rail in Gran Vía, should you like to try it on.\n\nTo your cart: https://casaluna.example/cart\n\nYou get this because you said yes to messages about your cart.\nNo more of these: https://casaluna.example/u/1\n".to_owned(),
        headers: vec![
            header("Date", "Sat, 21 Nov 2026 18:48:40 +0100"),
            header("From", "Casa Luna <hola@casaluna.example>"),
            header("To", "nuria.vidal@example.com"),
            header("Subject", "Still thinking about the Sol T-shirt?"),
            header("Message-ID", "<m4211.2f9c1b7a@casaluna.example>"),
            header("List-Unsubscribe", "<https://casaluna.example/u/eyJtIjo0MjExfQ.sYw3kq7o2u8fB1>"),
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            header("MIME-Version", "1.0"),
            header("Content-Type", "multipart/alternative; boundary=\"b1_4211\""),
        ],
        counted: None,
    }
}

pub(crate) fn journeys(empty: bool) -> JourneysModel {
    if empty {
        return JourneysModel::default();
    }
    JourneysModel { journeys: vec![cart_reminder(), win_back()], drafts: Vec::new() }
}

/// One step with its accounts; the reasons are filled in by whoever needs them.
fn step(
    kind: StepKind,
    label: &str,
    depth: u8,
    [entered, left, waiting, done]: [u64; 4],
) -> StepRow {
    StepRow {
        kind,
        label: label.to_owned(),
        depth,
        entered,
        left,
        waiting,
        done,
        held: 0,
        held_because: Vec::new(),
        sent: 0,
        on_site: None,
        skipped: 0,
        skipped_because: Vec::new(),
        left_because: Vec::new(),
        told: None,
    }
}

fn cart_reminder() -> JourneyCard {
    let bought = || counted(&[("bought", 2_188), ("cart_empty", 402)]);
    JourneyCard {
        id: "cart".to_owned(),
        name: "Cart reminder".to_owned(),
        state: JourneyState::Live,
        purpose: Purpose::Promotion,
        version: "9f3c21".to_owned(),
        entry: "cart is not empty and no cart event for 30 minutes".to_owned(),
        exits: vec![
            "bought any product of the cart, in any channel".to_owned(),
            "the cart is empty".to_owned(),
        ],
        goal: Some("has bought any product of the cart".to_owned()),
        entered: 18_204,
        reached_goal: Some(3_390),
        steps: vec![
            StepRow {
                left_because: bought(),
                ..step(StepKind::Wait, "4 h", 0, [18_204, 2_590, 371, 15_243])
            },
            StepRow {
                held: 12,
                held_because: counted(&[("feed_behind", 9), ("twin_maybe", 3)]),
                sent: 9_611,
                skipped: 5_101,
                skipped_because: counted(&[
                    ("consent_missing", 4_022),
                    ("frequency_cap", 870),
                    ("no_address", 154),
                    ("patience_ended", 55),
                ]),
                left_because: counted(&[("bought", 519)]),
                ..step(StepKind::Send, "First reminder", 0, [15_243, 519, 12, 14_712])
            },
            StepRow {
                left_because: counted(&[("bought", 1_202)]),
                ..step(StepKind::Wait, "2 d", 0, [14_712, 1_202, 902, 12_608])
            },
            step(StepKind::Branch, "the cart is worth more than 60 EUR", 0, [12_608, 0, 0, 12_608]),
            step(StepKind::Offer, "Free shipping, one per person", 1, [3_011, 0, 0, 3_011]),
            StepRow {
                sent: 1_980,
                skipped: 1_031,
                skipped_because: counted(&[("consent_missing", 1_031)]),
                ..step(StepKind::Send, "Second reminder", 1, [3_011, 0, 0, 3_011])
            },
        ],
    }
}

fn win_back() -> JourneyCard {
    JourneyCard {
        id: "win-back".to_owned(),
        name: "Win back".to_owned(),
        state: JourneyState::Paused,
        purpose: Purpose::Promotion,
        version: "04be77".to_owned(),
        entry: "last order is 180 to 190 days ago and orders are at least 2".to_owned(),
        exits: vec!["any order".to_owned()],
        goal: None,
        entered: 2_140,
        reached_goal: None,
        steps: vec![
            step(StepKind::Holdout, "10 %", 0, [2_140, 214, 0, 1_926]),
            StepRow {
                sent: 1_400,
                skipped: 522,
                skipped_because: counted(&[("consent_missing", 522)]),
                ..step(StepKind::Send, "We miss you", 0, [1_926, 1, 4, 1_920])
            },
        ],
    }
}
