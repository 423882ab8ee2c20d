//! What definitions come to, as far as a reader of the guide relies on it.

use regulars_engine::condition::{Condition, Reads};
use regulars_engine::definition::check;
use regulars_engine::journey::{Journey, OnPatienceEnd, StepKind};
use regulars_engine::program::Program;

fn program(text: &str) -> Program {
    match check(&[("shop.yaml".to_owned(), text.to_owned())]) {
        Ok((program, _)) => program,
        Err(mistakes) => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", mistakes.join("\n"))
        }
    }
}

/// A journey of these steps, in words.
fn told(steps: &str) -> String {
    let head = "journey: cart\npurpose: care\nenter: Product Added\nsteps:\n";
    let tail = "---\ntemplate: letter\nbuilt in: cart-reminder\n";
    let steps: String = steps.lines().map(|line| format!("  {line}\n")).collect();
    tell(&program(&format!("{head}{steps}{tail}")).journeys[0])
}

fn tell(journey: &Journey) -> String {
    let mut told = String::new();
    for (number, step) in journey.steps.iter().enumerate() {
        let what = match &step.kind {
            StepKind::Wait { ms } => format!("wait {} min", ms / 60_000),
            StepKind::WaitDays { days, at_minute } => format!("wait {days} days {at_minute:?}"),
            StepKind::WaitWeekday { weekday, at_minute } => {
                format!("wait until {weekday:?} at {at_minute}")
            }
            StepKind::WaitUntil { condition, at_most_ms, otherwise } => {
                format!("wait until {condition}, {} min, else {otherwise}", at_most_ms / 60_000)
            }
            StepKind::WaitFor { kind, happened, at_most_ms, otherwise } => {
                let (name, minutes) = (kind.name(), at_most_ms / 60_000);
                format!("wait for {name} ({happened}), {minutes} min, else {otherwise}")
            }
            StepKind::Draw(draw) => {
                let way = |way: &regulars_engine::journey::DrawnWay| {
                    format!("{} {} to {:?}", way.name, way.weight, way.to)
                };
                let ways: Vec<String> = draw.ways.iter().map(way).collect();
                format!("{}: {}", draw.purpose.word(), ways.join(", "))
            }
            StepKind::Branch { condition, otherwise, unknown } => {
                format!("if {condition}, else {otherwise}, unknown {unknown}")
            }
            StepKind::Set { traits } => format!("set {traits:?}"),
            StepKind::Notify { text, to } => format!("ask staff {text:?}, {to:?}"),
            StepKind::Webhook { to, with } => format!("tell {to:?} of {with:?}"),
            StepKind::Goto(step) => format!("go to {step}"),
            StepKind::Send(send) => {
                let end = match send.on_patience_end {
                    OnPatienceEnd::Skip => "skip",
                    OnPatienceEnd::SendWithoutOffer => "send",
                };
                format!(
                    "send {} within {} min, else {end}",
                    send.template,
                    send.patience_ms / 60_000
                )
            }
            StepKind::Show(show) => format!("show {} in {}", show.message.template, show.slot),
            StepKind::Exit => "leave".to_owned(),
        };
        told += &format!("{number} {}: {what}\n", step.name);
    }
    told
}

#[test]
fn the_ways_of_a_branch_join_again() {
    let steps = "\
- branch: cart is open
  then:
    - wait: 4 hours
    - send: reminder
      channel: email
      template: letter
  else:
    - wait: 1 day
- wait: 2 days at 09:00
- wait: until 18:30";
    insta::assert_snapshot!(told(steps), @r"
    0 step-1: if cart is open, else 4, unknown 4
    1 step-2: wait 240 min
    2 reminder: send letter within 1440 min, else skip
    3 join-3: go to 5
    4 step-4: wait 1 days None
    5 step-5: wait 2 days Some(540)
    6 step-6: wait 0 days Some(1110)
    ");
}

#[test]
fn a_way_that_leaves_needs_no_jump_but_an_inner_way_may() {
    let steps = "\
- branch: cart is open
  if still unknown: then
  then:
    - branch: orders at least 2
      else:
        - exit: enough
  else:
    - exit
- wait: 90 minutes";
    insta::assert_snapshot!(told(steps), @r"
    0 step-1: if cart is open, else 5, unknown 1
    1 step-2: if orders at least 2, else 3, unknown 3
    2 join-2: go to 4
    3 enough: leave
    4 join-3: go to 6
    5 step-4: leave
    6 step-5: wait 90 min
    ");
}

#[test]
fn the_ways_of_chance_join_again() {
    let steps = "\
- holdout: control
  share: 10 %
- test: tone
  variants:
    - variant: warm
      steps:
        - wait: 1 hour
    - variant: none
    - variant: cool
      steps: [ exit ]
- split: day
  ways:
    - { way: early, share: 33.3 %, steps: [ wait: until tuesday at 9:00 ] }
    - { way: late, share: 66.7 % }
- wait for: Product Reviewed
  at most: 2 days
  else:
    - wait: 30 minutes";
    insta::assert_snapshot!(told(steps), @r#"
    0 control: holdout: kept out 100 to None, goes on 900 to Some(1)
    1 tone: test: warm 1 to Some(2), none 1 to Some(4), cool 1 to Some(5)
    2 step-3: wait 60 min
    3 join-3: go to 6
    4 join-3+: go to 6
    5 step-4: leave
    6 day: split: early 333 to Some(7), late 667 to Some(9)
    7 step-6: wait until Tuesday at 540
    8 join-6: go to 9
    9 step-7: wait for Product Reviewed (has done "Product Reviewed" since entry), 2880 min, else 11
    10 join-7: go to 12
    11 step-8: wait 30 min
    "#);
}

#[test]
fn sources_take_zone_currency_and_calling_code_from_the_shop() {
    let program = program(
        "shop: Tienda\nzone: Europe/Madrid\ncurrency: GBP\ncalling code: +34\n---\nsource: pos\n---\nsource: web\ncurrency: EUR\nzone: Asia/Tokyo\ncalling code: 81\n---\nsource: market\ncalling code: none\n",
    );
    let source = |name: &str| {
        let source = &program.sources[name];
        (source.zone.iana_name().unwrap().to_owned(), source.currency.code().to_owned())
    };
    assert_eq!(source("pos"), ("Europe/Madrid".to_owned(), "GBP".to_owned()));
    assert_eq!(source("web"), ("Asia/Tokyo".to_owned(), "EUR".to_owned()));
    let code = |name: &str| program.source(name).calling_code.map(|code| code.to_string());
    assert_eq!(code("pos").as_deref(), Some("34"));
    assert_eq!(code("nobody stated it").as_deref(), Some("34"));
    assert_eq!((code("web").as_deref(), code("market")), (Some("81"), None));
}

#[test]
fn journeys_go_by_priority_and_then_by_name() {
    let journey = |name: &str, priority: i32| {
        format!(
            "---\njourney: {name}\npurpose: care\nenter: Product Added\npriority: {priority}\nsteps: [ wait: 1 day ]\n"
        )
    };
    let text = [journey("b", 0), journey("c", 5), journey("a", 0)].concat();
    let program = program(&text);
    let names: Vec<&str> = program.journeys.iter().map(|journey| journey.name.as_str()).collect();
    assert_eq!(names, ["c", "a", "b"]);
}

#[test]
fn a_stated_default_is_the_same_definition() {
    let stated = program("source: pos\nlag: 15 minutes\nspeaks: live\nuser id is: user_id\n");
    assert_eq!(stated.version, program("source: pos\n").version);
    assert_ne!(stated.version, program("source: pos\nlag: 16 minutes\n").version);
}

#[test]
fn an_older_version_is_found_beside_the_live_one() {
    let text = |wait: &str| {
        format!("journey: a\npurpose: care\nenter: Product Added\nsteps: [ wait: {wait} ]\n")
    };
    let old = program(&text("1 day"));
    let mut new = program(&text("2 days"));
    let (before, live) = (old.journeys[0].version, new.journeys[0].version);
    assert!(new.journey("a", before).is_none());
    new.keep_older(old.journeys[0].clone());
    assert_eq!(new.journey("a", before), Some(&old.journeys[0]));
    assert_eq!(new.journey("a", live), Some(&new.journeys[0]));
}

#[test]
fn a_journey_knows_what_it_reads_through_segments_too() {
    let text = "journey: a\npurpose: care\nenter: Product Added\nexit: [ in segment \"buyers\" ]\n\
                steps:\n  - wait until: no cart event for 4 hours\n    at most: 1 day\n\
                ---\nsegment: buyers\nwhen: orders at least 1\n";
    let mut program = program(text);
    let reads = program.journeys[0].reads.clone();
    assert!(reads.orders && reads.cart && !reads.tickets, "{reads:?}");
    // One that comes back for the people inside reads through the segments of today.
    let older = Journey { reads: Reads::default(), version: 7, ..program.journeys[0].clone() };
    program.keep_older(older);
    assert_eq!(program.journey("a", 7).map(|older| older.reads.clone()), Some(reads));
}

#[test]
fn a_file_of_a_megabyte_and_lists_of_a_hundred_levels_are_refused() {
    let said = |text: String| match check(&[("a.yaml".to_owned(), text)]) {
        Ok(_) => panic!("it passed"),
        Err(mistakes) => mistakes[0].message.clone(),
    };
    assert_eq!(said("#".repeat(1_048_577)), "the file has 1048577 bytes");
    assert_eq!(
        said(format!("{}a", "- ".repeat(100))),
        "more than 64 lists and maps inside each other"
    );
    let levels = format!("source: {}a{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(said(levels), "more than 64 lists and maps inside each other");
}

/// What nobody could answer is not left out without a word.
#[test]
fn what_profiles_have_no_room_for_is_told_where_it_stands() {
    let segments = |count: usize| -> String {
        let one = |n| {
            format!("segment: s{n}\nwhen: has done \"Game Played\" where points at least {n}\n")
        };
        (0..count).map(one).collect::<Vec<_>>().join("---\n")
    };
    assert_eq!(program(&segments(200)).aggregates.len(), 200);
    // The same asked for twice is kept once.
    let twice = "---\nsegment: again\nwhen: not has done \"Game Played\" where points at least 7\n";
    assert_eq!(program(&(segments(200) + twice)).aggregates.len(), 200);
    let mistakes = check(&[("shop.yaml".to_owned(), segments(201))]).unwrap_err();
    assert_eq!((mistakes.len(), mistakes[0].line), (1, 200 * 3 + 1));
    assert!(mistakes[0].message.contains("\"s200\""), "{}", mistakes[0]);
}

#[test]
fn a_file_of_rubbish_has_a_thousand_mistakes_at_most() {
    let text =
        format!("source: pos\n{}", (0..5_000).map(|n| format!("key{n}: a\n")).collect::<String>());
    let Err(mistakes) = check(&[("a.yaml".to_owned(), text)]) else { panic!("it passed") };
    assert_eq!(mistakes.len(), 1_000);
}

#[test]
fn line_ends_of_other_systems_and_a_byte_order_mark_shift_no_place() {
    let text = "shop: Cafetería Ñandú\nzone: Europe/Madrid\ncurrency: EUR\ncolour: red\n---\nsegment: a\nwhen: |\n  cart is open\n  and crat is open\n";
    let said = |text: String| match check(&[("a.yaml".to_owned(), text)]) {
        Ok(_) => panic!("it passed"),
        Err(mistakes) => mistakes.iter().map(|m| (m.line, m.column)).collect::<Vec<_>>(),
    };
    assert_eq!(said(text.to_owned()), [(4, 1), (9, 7)]);
    assert_eq!(said(text.replace('\n', "\r\n")), [(4, 1), (9, 7)]);
    assert_eq!(said(format!("\u{feff}{text}")), [(4, 1), (9, 7)]);
}

#[test]
fn templates_stand_in_files_beside_their_definition() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let definition = "template: a\nsubject: b\nmjml file: ../mail/a.mjml\n";
    let apart =
        [file("x/templates.yaml", definition), file("mail/a.mjml", "<mjml>\r\n</mjml>\r\n")];
    let inside = [file("a.yaml", "template: a\nsubject: b\nmjml: |\n  <mjml>\n  </mjml>\n")];
    let (apart, inside) = (check(&apart).unwrap().0, check(&inside).unwrap().0);
    assert_eq!(apart.objects, inside.objects);
}

#[test]
fn words_that_a_language_lacks_are_told() {
    let letter = |words: &str| {
        format!(
            "shop: a\nzone: UTC\ncurrency: EUR\nlanguages: [en, es]\n---\n\
             template: letter\nsubject: a\nmjml: b\nwords: {words}\n"
        )
    };
    let said = |words: &str| -> Vec<String> {
        match check(&[("a.yaml".to_owned(), letter(words))]) {
            Ok((_, notices)) => notices.iter().map(ToString::to_string).collect(),
            Err(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
        }
    };
    let unused = "a.yaml:6:1: no journey uses the template \"letter\"";
    assert_eq!(said("{ en: { a: x }, es: { a: y } }"), [unused]);
    assert_eq!(
        said("{ en: { a: x }, ru: { a: y } }"),
        [
            unused,
            "a.yaml:6:1: the template \"letter\" does not say \"a\" in es: who reads it gets en",
            "a.yaml:6:1: the template \"letter\" speaks ru, which is no language of the shop",
        ]
    );
    assert_eq!(
        said("{ es: { a: x, b: y }, en: { b: z } }"),
        [
            "a.yaml:6:1: the template \"letter\" does not say \"a\" in en; write it: en stands in for every other language"
        ]
    );
    for (words, told) in [
        (
            "{ Spanish: { a: x } }",
            "a.yaml:9:10: \"Spanish\" is no language; write its tag: en, es, ru, pt-BR",
        ),
        (
            "{ en: { Hello!: x } }",
            "a.yaml:9:16: \"Hello!\" cannot name a text; use small letters, digits and _, a letter first: hello, call_to_action",
        ),
        ("{ en: x }", "a.yaml:9:14: "),
        ("hello", "a.yaml:9:8: "),
    ] {
        let said = said(words);
        assert!(said.len() == 1 && said[0].starts_with(told), "{said:?}");
    }
}

#[test]
fn what_changes_is_told_by_object_and_line() {
    use regulars_engine::definition::diff;
    let old = program("source: pos\nlag: 20 minutes\nchannel: store\n---\nsource: web\n");
    let new = program("source: pos\nlag: 5 minutes\nchannel: store\n---\nsource: app\n");
    let told: Vec<String> = diff(&old, &new).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    added: source "app"
    changed: source "pos"
      source: pos
      channel: store
    - lag: 20 minutes
    + lag: 5 minutes
    removed: source "web"
    "#);
}

/// An event may be named with any signs: what waits for it waits for that name.
#[test]
fn a_journey_waits_for_an_event_of_any_name() {
    let name = "back\\slash \"quoted\"";
    let text = format!(
        "journey: a\npurpose: care\nenter: Product Added\nsteps:\n  - wait for: '{name}'\n    at most: 2 days\n"
    );
    let program = program(&text);
    let StepKind::WaitFor { happened, .. } = &program.journeys[0].steps[0].kind else {
        panic!("{:?}", program.journeys[0].steps)
    };
    let Condition::Event { kind, .. } = happened else { panic!("{happened}") };
    assert_eq!(kind.name(), name);
    assert_eq!(&Condition::parse(&happened.to_string()).unwrap(), happened);
}
