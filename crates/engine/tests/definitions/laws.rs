//! Laws of definitions, on generated shops.

use proptest::prelude::*;
use regulars_engine::definition::{
    ObjectKind, Sketch, SketchStep, check, diff, export, older, written,
};
use regulars_engine::journey::StepKind;
use regulars_engine::program::Program;

/// A value of YAML, printed in its flow style, in which every text is quoted.
#[derive(Clone, Debug)]
enum Yaml {
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    fn print(&self) -> String {
        match self {
            // JSON's texts are YAML's in double quotes.
            Self::Text(text) => serde_json::to_string(text).expect("a text is JSON"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::print).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", value.print()))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }
}

fn text(text: impl Into<String>) -> Yaml {
    Yaml::Text(text.into())
}

/// Texts on one line, with signs that mean something in YAML in every place.
fn line() -> impl Strategy<Value = String> {
    "[a-zäß€0-9#:'\"%@!&*?|>{}\\[\\],\\\\ -]{0,12}[a-z:#]".prop_map(|text| text.trim().to_owned())
}

/// Texts of several lines, with odd ends.
fn lines() -> impl Strategy<Value = String> {
    "[ \n\t]{0,3}[a-z<>#: \n\t\r\u{a0}-]{1,40}[a-z>][ \n]{0,3}"
}

fn length() -> impl Strategy<Value = String> {
    (1..50_i64, prop::sample::select(vec!["minutes", "hours", "days", "weeks"]))
        .prop_map(|(number, unit)| format!("{number} {unit}"))
}

fn condition() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "cart is open",
        "has bought any product of the cart",
        "no cart event for 4 hours and not cart is empty",
        "orders at least 2 in the last 90 days or in segment \"regulars\"",
        "trait favourite is \"Shoes\" and orders at least 1",
        "spent at least 100 EUR in the last 365 days",
    ])
    .prop_map(str::to_owned)
}

fn wait() -> impl Strategy<Value = String> {
    prop_oneof![
        length(),
        (0..24, 0..60).prop_map(|(hour, minute)| format!("until {hour}:{minute:02}")),
        (1..30, 0..24).prop_map(|(days, hour)| format!("{days} days at {hour}:00")),
        (prop::sample::select(vec!["Monday", "sunday"]), 0..24)
            .prop_map(|(day, hour)| format!("until {day} at {hour}:30")),
    ]
}

fn send(number: usize) -> impl Strategy<Value = Yaml> {
    (prop::option::of(condition()), length(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        move |(only_if, hold, offers, knowing, known)| {
            let mut step = vec![
                ("send", text(format!("message {number}"))),
                ("template", text("letter")),
                ("channel", text("email")),
                ("hold at most", text(hold)),
            ];
            step.extend(only_if.map(|condition| ("only if", text(condition))));
            step.extend(offers.then(|| ("offer", text("20% off"))));
            let send = if offers { "send without the offer" } else { "send" };
            step.push(("if still unknown", text(if knowing { "skip" } else { send })));
            step.extend(known.then(|| ("feeds complete", text("known"))));
            Yaml::Map(step)
        },
    )
}

/// Steps that are all reached, with branches inside each other and jumps back to a wait.
fn steps(depth: usize, number: usize) -> BoxedStrategy<Vec<Yaml>> {
    let leaf = prop_oneof![
        wait().prop_map(|wait| Yaml::Map(vec![("wait", text(wait))])),
        (condition(), length()).prop_map(|(condition, length)| {
            Yaml::Map(vec![("wait until", text(condition)), ("at most", text(length))])
        }),
        Just(Yaml::Map(vec![("add to list", text("Wine club"))])),
        line().prop_map(|said| {
            Yaml::Map(vec![("notify", text(said)), ("to", text("Care@Shop.example"))])
        }),
        Just(Yaml::Map(vec![("webhook", text("crm")), ("with", text("tier"))])),
    ];
    let one = send(number);
    if depth == 0 {
        return (prop::collection::vec(leaf, 0..3), one)
            .prop_map(|(mut steps, send)| {
                steps.push(send);
                steps
            })
            .boxed();
    }
    let ways = (condition(), steps(depth - 1, number * 2), steps(depth - 1, number * 2 + 1));
    (leaf, one, ways, 0..4, any::<bool>())
        .prop_map(move |(leaf, send, (condition, mut then, otherwise), end, both)| {
            match end {
                0 => then.push(text("exit")),
                1 => then.push(Yaml::Map(vec![("go to", text("start"))])),
                _ => {}
            }
            let mut branch = vec![("branch", text(condition)), ("then", Yaml::List(then.clone()))];
            if end == 3 && both {
                let way = |name: &str, share: &str, steps| {
                    let share = ("share", text(share));
                    Yaml::Map(vec![("way", text(name)), share, ("steps", Yaml::List(steps))])
                };
                let ways = vec![way("a", "33.3%", then), way("b", "66.7 %", otherwise)];
                branch = vec![("split", text(format!("lot {number}"))), ("ways", Yaml::List(ways))];
            } else if end == 2 && both {
                branch = vec![
                    ("wait for", text("Product Reviewed")),
                    ("at most", text("9 days")),
                    ("else", Yaml::List(otherwise)),
                ];
            } else if both {
                branch.push(("else", Yaml::List(otherwise)));
                branch.push(("if still unknown", text("then")));
            }
            vec![leaf, Yaml::Map(branch), send]
        })
        .boxed()
}

/// What starts a journey: an event, or a date of the person in the ways it may be written.
const STARTS: [&str; 7] = [
    "Product Added",
    "API",
    "birthday",
    "2 weeks before birthday at 8:05",
    "anniversary of first order at 18:30",
    "1 day after date of first order",
    "30 days before date of trait \"end of lease\" at 10:00",
];

fn journey() -> impl Strategy<Value = Yaml> {
    let starts = prop::sample::select(&STARTS[..]);
    let stated = (length(), -9..9_i32, wait(), starts);
    (steps(2, 1), prop::collection::vec(condition(), 0..3), stated).prop_map(
        |(mut steps, exits, (re_entry, priority, wait, start))| {
            steps.insert(0, Yaml::Map(vec![("name", text("start")), ("wait", text(wait))]));
            let mut journey = vec![
                ("journey", text("cart")),
                ("steps", Yaml::List(steps)),
                ("re-entry", text(re_entry)),
                ("priority", text(priority.to_string())),
                ("purpose", text("promotion")),
                ("enter", Yaml::Map(vec![("if", text("cart is open")), ("on", text(start))])),
            ];
            if !exits.is_empty() {
                journey.push(("exit", Yaml::List(exits.into_iter().map(text).collect())));
            }
            Yaml::Map(journey)
        },
    )
}

fn product() -> impl Strategy<Value = Yaml> {
    (line(), line(), 0..100_000_u32, any::<bool>()).prop_map(|(name, code, cents, stock)| {
        Yaml::Map(vec![
            ("id", text("tee")),
            ("name", text(name)),
            ("price", text(format!("{}.{:02} eur", cents / 100, cents % 100))),
            ("till codes", text(code)),
            ("in stock", text(if stock { "yes" } else { "no" })),
            ("category", text("Clothing/Tops")),
            ("variants", Yaml::List(vec![Yaml::Map(vec![("id", text("tee-m"))])])),
        ])
    })
}

/// The documents of a whole shop.
pub(super) fn shop() -> impl Strategy<Value = Vec<String>> {
    let template = (line(), lines(), lines()).prop_map(|(subject, mjml, plain)| {
        let words = |said: &str| Yaml::Map(vec![("hello", text(said)), ("bye", text(&subject))]);
        Yaml::Map(vec![
            ("template", text("letter")),
            ("words", Yaml::Map(vec![("es", words(&mjml)), ("en", words(&plain))])),
            ("subject", text(&subject)),
            ("text", text(&plain)),
            ("mjml", text(&mjml)),
        ])
    });
    let partial =
        lines().prop_map(|mjml| Yaml::Map(vec![("partial", text("foot")), ("mjml", text(mjml))]));
    let shop = (line(), line(), length()).prop_map(|(name, address, window)| {
        let cap = Yaml::Map(vec![("per", text(window)), ("messages", text("2"))]);
        let rate = vec![("to", text("Googlemail.com")), ("per", text("60 min"))];
        let rate = Yaml::Map([rate, vec![("messages", text("9"))]].concat());
        let plan = vec![("domain", text("Tienda.example")), ("since", text("2026-12-01"))];
        Yaml::Map(vec![
            ("shop", text(name)),
            ("currency", text("eur")),
            ("calling code", text("+34")),
            ("zone", text("europe/madrid")),
            ("quiet hours", text("21:00-8:00")),
            ("address", text(address)),
            ("at most", cap),
            ("pace", Yaml::List(vec![rate])),
            ("warm up", Yaml::Map(plan)),
        ])
    });
    let source = (length(), line()).prop_map(|(lag, _)| {
        Yaml::Map(vec![("source", text("pos")), ("lag", text(lag)), ("channel", text("till"))])
    });
    let identity = Yaml::Map(vec![(
        "identity",
        Yaml::Map(vec![
            ("kinds", Yaml::Map(vec![("club_mail", text("contact"))])),
            ("priority", Yaml::List(["loyalty_id", "club_mail", "email"].map(text).to_vec())),
            ("block", Yaml::List(vec![Yaml::Map(vec![("email", text("Till-*@Shop.example"))])])),
            ("limits", Yaml::Map(vec![("loyalty_id", Yaml::Map(vec![("per person", text("2"))]))])),
        ]),
    )]);
    (shop, source, (template, partial), journey(), product(), condition()).prop_map(
        move |(shop, source, (template, partial), journey, product, condition)| {
            let segment = condition.replace(" or in segment \"regulars\"", "");
            let segment = Yaml::Map(vec![("segment", text("regulars")), ("when", text(segment))]);
            let products = Yaml::Map(vec![("products", Yaml::List(vec![product]))]);
            let favourite = "Most frequent category of event \"product viewed\"";
            let favourite = Yaml::Map(vec![("trait", text("favourite")), ("as", text(favourite))]);
            let identity = identity.clone();
            [shop, source, identity, partial, template, journey, products, favourite, segment]
                .iter()
                .map(Yaml::print)
                .collect()
        },
    )
}

pub(super) fn files(documents: &[String]) -> Vec<(String, String)> {
    vec![("all.yaml".to_owned(), documents.join("\n---\n"))]
}

pub(super) fn read(files: &[(String, String)]) -> Program {
    match check(files) {
        Ok((program, _)) => program,
        Err(mistakes) => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", mistakes.join("\n"))
        }
    }
}

/// What steps do, each with what is within it, in the order of the text.
fn kinds(steps: &[SketchStep]) -> Vec<&'static str> {
    let within = |step: &SketchStep| {
        let ways = step.ways.iter().flat_map(|way| kinds(&way.steps));
        std::iter::once(step.kind).chain(ways).collect::<Vec<_>>()
    };
    steps.iter().flat_map(within).collect()
}

/// The key by which a step says what it does.
fn key(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Wait { .. } | StepKind::WaitDays { .. } | StepKind::WaitWeekday { .. } => "wait",
        StepKind::WaitUntil { .. } => "wait until",
        StepKind::WaitFor { .. } => "wait for",
        StepKind::Branch { .. } => "branch",
        StepKind::Draw(draw) => draw.purpose.word(),
        kind @ StepKind::Set { .. } if kind.lists().next().is_some() => "add to list",
        StepKind::Set { .. } => "set",
        StepKind::Notify { .. } => "notify",
        StepKind::Webhook { .. } => "webhook",
        StepKind::Goto(_) => "go to",
        StepKind::Send(_) => "send",
        StepKind::Show(_) => "show",
        StepKind::Exit => "exit",
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is exported can be applied elsewhere and is the same shop, so a version means one thing.
    #[test]
    fn a_printed_program_reads_back_as_the_same(documents in shop()) {
        let program = read(&files(&documents));
        let printed = export(&program);
        let again = read(&printed);
        prop_assert_eq!(&again.objects, &program.objects);
        prop_assert_eq!(again.version, program.version);
        prop_assert_eq!(&again.shop, &program.shop);
        prop_assert_eq!(&again.sources, &program.sources);
        prop_assert_eq!(&again.identity, &program.identity);
        prop_assert_eq!(&again.catalogue, &program.catalogue);
        prop_assert_eq!(&again.traits, &program.traits);
        prop_assert_eq!(&again.segments, &program.segments);
        prop_assert_eq!(&again.templates, &program.templates);
        prop_assert_eq!(&again.partials, &program.partials);
        prop_assert_eq!(&again.journeys, &program.journeys);
        prop_assert_eq!(export(&again), printed);
        prop_assert_eq!(diff(&program, &again), vec![]);
    }

    /// How objects are spread over files says nothing, so moving them changes no version.
    #[test]
    fn the_order_of_documents_and_files_does_not_matter(
        (documents, turned) in shop().prop_flat_map(|d| (Just(d.clone()), Just(d).prop_shuffle()))
    ) {
        let apart: Vec<(String, String)> = turned
            .into_iter()
            .enumerate()
            .map(|(number, text)| (format!("{number}.yaml"), text))
            .collect();
        prop_assert_eq!(read(&apart).objects, read(&files(&documents)).objects);
    }

    /// People inside keep the version they entered, so an older version must come back as it was.
    #[test]
    fn an_older_journey_comes_back_from_its_form(documents in shop()) {
        let program = read(&files(&documents));
        for (name, object) in &program.objects {
            if name.kind == ObjectKind::Journey {
                let held = older(&object.canonical).map(|mut held| {
                    held.take_traits(&program.traits);
                    held.settle(&program.segments)
                });
                prop_assert_eq!(held.as_ref(), program.live_journey(&name.name));
            }
        }
    }

    /// The steps as they are written are those of the journey, in their order:
    /// so a page may show the accounts of a step beside what was written.
    #[test]
    fn a_sketch_has_the_steps_of_the_journey(documents in shop()) {
        let program = read(&files(&documents));
        for (name, object) in &program.objects {
            if name.kind != ObjectKind::Journey {
                continue;
            }
            let shown = kinds(&Sketch::read(&object.canonical).expect("a journey").steps());
            let journey = program.live_journey(&name.name).expect("it is live");
            let numbers = written(journey).into_iter();
            let kinds = numbers.map(|number| &journey.steps[usize::try_from(number).unwrap()].kind);
            prop_assert_eq!(shown, kinds.map(key).collect::<Vec<_>>());
        }
    }

    /// Jumps lead to a step or to the end, so nobody can fall out of a journey.
    #[test]
    fn every_jump_leads_somewhere(documents in shop()) {
        for journey in &read(&files(&documents)).journeys {
            let end = u32::try_from(journey.steps.len()).unwrap();
            for step in &journey.steps {
                prop_assert!(step.kind.followers(0).into_iter().all(|to| to <= end));
            }
            let mut names: Vec<&str> = journey.steps.iter().map(|step| step.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), journey.steps.len());
        }
    }

    /// A file is somebody's typing: whatever stands in it, the answer is an answer.
    #[test]
    fn any_text_is_answered(text in "[a-z :\n\t{}\\[\\],&*!|>'\"%#?@`~\\-\u{feff}\r\u{0}é€]{0,200}") {
        let _ = check(&[("a.yaml".to_owned(), text)]);
    }

    /// A definition with a few slips is still an answer, and every mistake has its place and cure.
    #[test]
    fn a_torn_shop_is_answered(documents in shop(), cut in any::<prop::sample::Index>(), more in ".{0,3}") {
        let mut text = documents.join("\n---\n");
        let mut at = cut.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &more);
        let lines = text.matches('\n').count() + 1;
        if let Err(mistakes) = check(&[("a.yaml".to_owned(), text)]) {
            for mistake in mistakes {
                prop_assert!((1..=lines).contains(&mistake.line) && mistake.column >= 1, "{}", mistake);
                prop_assert!(!mistake.message.is_empty() && !mistake.cure.is_empty());
            }
        }
    }
}
