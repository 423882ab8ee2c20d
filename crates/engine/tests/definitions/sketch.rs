//! A journey that is being written: it is the definition itself, edits are values, and mistakes are
//! told where they stand.

use proptest::prelude::*;
use regulars_engine::definition::{
    At, Edit, EditError, Fault, FieldSort, ObjectKind, STEP_KINDS, Sketch, SketchStep, check,
    check_beside, export,
};
use regulars_engine::program::Program;

use super::laws::{files, read, shop};

fn at(text: &str) -> At {
    text.parse().expect("a place")
}

/// Every place in a block at which a step may be put, with those of all blocks within it.
fn places(steps: &[SketchStep], end: &At) -> Vec<At> {
    let mut all: Vec<At> = Vec::new();
    for step in steps {
        all.push(step.at.clone());
        step.ways.iter().for_each(|way| all.extend(places(&way.steps, &way.end)));
    }
    all.push(end.clone());
    all
}

/// An edit, its places chosen among those that there are.
#[derive(Clone, Debug)]
struct Wish {
    what: u8,
    kind: &'static str,
    from: prop::sample::Index,
    to: prop::sample::Index,
    text: String,
}

/// What somebody may type into a field: signs of YAML, line ends of all sorts, what cannot be seen.
const WRITTEN: &str =
    "[a-zß:#'\"\\\\\\- \n\t\r{}\\[\\],&*!|>%@`?~=.0-9\u{0}\u{85}\u{2028}\u{feff}]{0,12}";

fn wish() -> impl Strategy<Value = Wish> {
    let kind = prop::sample::select(&STEP_KINDS[..]);
    let place = any::<prop::sample::Index>;
    (0..8_u8, kind, place(), place(), WRITTEN).prop_map(|(what, kind, from, to, text)| Wish {
        what,
        kind,
        from,
        to,
        text,
    })
}

impl Wish {
    fn edit(&self, sketch: &Sketch) -> Edit {
        let all = places(&sketch.steps(), &sketch.end());
        let (from, to) = (self.from.get(&all).clone(), self.to.get(&all).clone());
        match self.what {
            0 | 1 => Edit::Add { kind: self.kind.to_owned(), at: to },
            2 => Edit::Remove { at: from },
            3 => Edit::Move { from, to },
            4 => Edit::Copy { from, to },
            5 => Edit::AddWay { at: from },
            6 => Edit::RemoveWay { at: from, way: self.text.len() % 3 },
            _ => {
                let fields = sketch.fields(Some(&from)).or_else(|| sketch.fields(None));
                let fields = fields.expect("a journey has fields");
                let here = sketch.step(&from).map(|step| step.at);
                let path = self.to.get(&fields).path.clone();
                Edit::Write { at: here, texts: vec![(path, self.text.clone())] }
            }
        }
    }
}

/// The journey of a shop, and the shop without it.
fn apart(documents: &[String]) -> (Sketch, Program) {
    let program = read(&files(documents));
    let journey = program.objects.iter().find(|(name, _)| name.kind == ObjectKind::Journey);
    let (_, object) = journey.expect("the shop has a journey");
    let without: Vec<(String, String)> =
        export(&program).into_iter().filter(|(file, _)| !file.starts_with("journeys/")).collect();
    (Sketch::read(&object.canonical).expect("a journey"), read(&without))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// A page edits the very object of the file, so nothing of it may be lost on the way.
    #[test]
    fn a_canonical_form_is_a_sketch_and_prints_as_it_was(documents in shop()) {
        for (name, object) in &read(&files(&documents)).objects {
            if name.kind == ObjectKind::Journey {
                let sketch = Sketch::read(&object.canonical).expect("a journey");
                prop_assert_eq!(sketch.print(), object.canonical.clone());
            }
        }
    }

    /// Drafts are kept as text and read again for every edit, with mistakes in them or without; an
    /// edit that is refused changes nothing; and while one writes, what is said of the journey is
    /// what publishing it would say.
    #[test]
    fn edits_leave_a_sketch_that_reads_back_and_is_checked_as_all_files_are(
        (documents, wishes) in (shop(), prop::collection::vec(wish(), 1..8))
    ) {
        let (mut sketch, others) = apart(&documents);
        for wish in wishes {
            let before = sketch.clone();
            let edit = wish.edit(&sketch);
            if sketch.apply(&edit).is_err() {
                prop_assert_eq!(&sketch, &before, "{:?}", edit);
            }
            let again = Sketch::read(&sketch.print());
            prop_assert_eq!(again.as_ref(), Some(&sketch), "{:?}\n{}", edit, sketch.print());
        }
        let own = ("draft.yaml".to_owned(), sketch.print());
        let beside = check_beside(&others, std::slice::from_ref(&own));
        let mut all = export(&others);
        all.push(own);
        match check(&all) {
            Err(mistakes) => {
                prop_assert_eq!(&beside.mistakes, &mistakes);
                for fault in sketch.faults(&mistakes) {
                    let there = fault.at.as_ref().map(|at| sketch.step(at).is_some());
                    prop_assert!(there != Some(false), "{:?}\n{}", fault, sketch.print());
                }
            }
            Ok((program, notices)) => {
                prop_assert_eq!(&beside.mistakes, &vec![]);
                let own = notices.iter().filter(|notice| notice.place.file == "draft.yaml");
                prop_assert_eq!(beside.notices.iter().collect::<Vec<_>>(), own.collect::<Vec<_>>());
                let (journey, canonical) = &beside.journeys[0];
                prop_assert_eq!(Some(journey), program.live_journey(&journey.name));
                let kept = program.objects.iter().find(|(name, _)| name.kind == ObjectKind::Journey);
                prop_assert_eq!(canonical, &kept.expect("it is there").1.canonical);
            }
        }
    }

    /// Undoing is by texts, but moving there and back is nothing either.
    #[test]
    fn what_is_copied_and_taken_out_again_was_never_there(
        documents in shop(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()
    ) {
        let (mut sketch, _) = apart(&documents);
        let before = sketch.clone();
        let all = places(&sketch.steps(), &sketch.end());
        let (from, to) = (from.get(&all).clone(), to.get(&all).clone());
        if let Ok(at) = sketch.apply(&Edit::Copy { from, to }) {
            let at = at.expect("a copy stands somewhere");
            sketch.apply(&Edit::Remove { at }).expect("it is there");
            // A way that was not written down is, once something stood in it.
            let steps = |sketch: &Sketch| format!("{:?}", sketch.steps());
            prop_assert_eq!(steps(&sketch), steps(&before));
        }
    }
}

const CART: &str = "\
journey: cart
purpose: promotion
enter:
  on:
    - Product Added
exit:
  - cart is empty
steps:
  - wait: 4 hours
  - branch: orders at least 2
    then:
      - send: reminder
        channel: email
        template: letter
      - go to: reminder
    else:
      - exit
  - test: tone
    variants:
      - variant: warm
        steps:
          - send: warm letter
            channel: email
            template: letter
      - variant: cool
";

fn cart() -> Sketch {
    Sketch::read(CART).expect("a journey")
}

fn write(sketch: &mut Sketch, place: Option<&str>, texts: &[(&str, &str)]) {
    let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let edit = Edit::Write { at: place.map(at), texts: texts.collect() };
    sketch.apply(&edit).expect("it can be written");
}

#[test]
fn what_is_written_stands_where_files_have_it() {
    let mut sketch = cart();
    write(&mut sketch, None, &[("goal", "has ordered since entry"), ("enter/if", "cart is open")]);
    write(&mut sketch, None, &[("exit/0", ""), ("exit/1", "has ordered since entry")]);
    write(&mut sketch, Some("1"), &[("if still unknown", "then"), ("name", "regulars")]);
    write(&mut sketch, Some("1.0.0"), &[("only if", "cart is open"), ("if still unknown", "skip")]);
    write(&mut sketch, Some("1.1.0"), &[("exit", "new here")]);
    write(&mut sketch, Some("2"), &[("variants/0/share", "30 %"), ("variants/1/share", "70 %")]);
    insta::assert_snapshot!(sketch.print(), @r"
    journey: cart
    purpose: promotion
    enter:
      on:
        - Product Added
      if: cart is open
    exit:
      - has ordered since entry
    goal: has ordered since entry
    steps:
      - wait: 4 hours
      - branch: orders at least 2
        name: regulars
        then:
          - send: reminder
            channel: email
            template: letter
            only if: cart is open
          - go to: reminder
        else:
          - exit: new here
        if still unknown: then
      - test: tone
        variants:
          - variant: warm
            share: 30 %
            steps:
              - send: warm letter
                channel: email
                template: letter
          - variant: cool
            share: 70 %
    ");
    write(&mut sketch, Some("1.1.0"), &[("exit", " ")]);
    assert_eq!(sketch.step(&at("1.1.0")).map(|step| step.text), Some(String::new()));
}

#[test]
fn a_copy_has_names_of_its_own_and_its_jumps_stay_within_it() {
    let mut sketch = cart();
    let edit = Edit::Copy { from: at("1"), to: at("2.1.0") };
    assert_eq!(sketch.apply(&edit), Ok(Some(at("2.1.0"))));
    let text = sketch.print();
    assert!(text.contains("send: reminder 2") && text.contains("go to: reminder 2"), "{text}");
}

const LETTER: &str = "---\ntemplate: letter\nbuilt in: cart-reminder\n";

/// What nobody could read back is not kept, or the draft could not be opened again.
#[test]
fn steps_go_no_deeper_than_files_may() {
    let mut sketch = Sketch::new("deep");
    let around = |sketch: &mut Sketch| {
        sketch.apply(&Edit::Add { kind: "branch".to_owned(), at: at("0") })?;
        sketch.apply(&Edit::Move { from: at("1"), to: at("0.0.0") })
    };
    sketch.apply(&Edit::Add { kind: "exit".to_owned(), at: at("0") }).expect("it fits");
    let refused = (0..64).find_map(|_| around(&mut sketch).err());
    assert_eq!(refused, Some(EditError::TooDeep));
    assert_eq!(Sketch::read(&sketch.print()).as_ref(), Some(&sketch));
}

#[test]
fn steps_move_over_each_other_and_never_into_themselves() {
    let mut sketch = cart();
    let moved = |sketch: &mut Sketch, from: &str, to: &str| {
        sketch.apply(&Edit::Move { from: at(from), to: at(to) })
    };
    assert_eq!(moved(&mut sketch, "1", "1.0.0"), Err(EditError::IntoItself));
    assert_eq!(moved(&mut sketch, "9", "0"), Err(EditError::Nowhere));
    assert_eq!(moved(&mut sketch, "0", "4"), Err(EditError::Nowhere));
    // Behind all others: the place is that before anything is taken out.
    assert_eq!(moved(&mut sketch, "0", "3"), Ok(Some(at("2"))));
    assert_eq!(moved(&mut sketch, "2", "0"), Ok(Some(at("0"))));
    assert_eq!(sketch, cart());
    // Into a way of a step behind it, which has none written down.
    assert_eq!(moved(&mut sketch, "0", "2.1.0"), Ok(Some(at("1.1.0"))));
    assert_eq!(sketch.steps().len(), 2);
}

fn beside(sketch: &Sketch) -> Vec<Fault> {
    let (others, _) = check(&[("letter.yaml".to_owned(), LETTER[4..].to_owned())]).expect("a shop");
    let found = check_beside(&others, &[("draft.yaml".to_owned(), sketch.print())]);
    sketch.faults(&found.mistakes)
}

fn told(faults: &[Fault]) -> String {
    let one = |fault: &Fault| {
        let at = fault.at.as_ref().map_or_else(|| "journey".to_owned(), ToString::to_string);
        format!("{at} {}: {}", fault.path, fault.message)
    };
    faults.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn mistakes_are_told_at_their_step_and_field() {
    let mut sketch = cart();
    write(&mut sketch, None, &[("goal", "cart is opne"), ("priority", "high")]);
    write(&mut sketch, Some("1.0.0"), &[("template", "postcard"), ("deadline", "soon")]);
    write(&mut sketch, Some("2"), &[("variants/0/share", "30 %")]);
    write(&mut sketch, Some("2.0.0"), &[("send", "")]);
    insta::assert_snapshot!(told(&beside(&sketch)), @r#"
    journey goal: behind "is" comes "open" or "empty", not "opne"
    journey priority: "high" is no whole number from -1000 to 1000
    1.0.0 template: there is no template named "postcard"
    1.0.0 deadline: "soon" is no length of time
    2.0.0 send: "send" in the step has no value
    2 variants/1/variant: this way has no share, and others have one
    "#);
}

/// A step that is new is right, or says what it misses in the field where it misses it.
#[test]
fn a_new_step_says_what_it_misses_where_it_misses_it() {
    for kind in STEP_KINDS {
        let mut sketch = cart();
        sketch.apply(&Edit::Remove { at: at("1") }).expect("it is there");
        let edit = Edit::Add { kind: kind.to_owned(), at: at("2") };
        assert_eq!(sketch.apply(&edit), Ok(Some(at("2"))), "{kind}");
        let fields = sketch.fields(Some(&at("2"))).expect("it is there");
        for fault in beside(&sketch) {
            assert_eq!(fault.at, Some(at("2")), "{kind}: {fault:?}");
            assert!(fields.iter().any(|field| fault.in_field(&field.path)), "{kind}: {fault:?}");
        }
    }
}

/// The keys that may stand in the step, journey or entry that a mistake is about.
fn keys_of(text: &str) -> Vec<String> {
    let Err(mistakes) = check(&[("a.yaml".to_owned(), text.to_owned())]) else { return vec![] };
    let told = mistakes.iter().find(|mistake| mistake.message.contains("zzqqxx"));
    let cure = told.map(|mistake| mistake.cure.as_str()).unwrap_or_default();
    let keys =
        cure.strip_prefix("write one of: ").unwrap_or_else(|| panic!("{text}: {mistakes:?}"));
    keys.split(", ").map(str::to_owned).collect()
}

/// Whatever files may say, the form of a page has a field for.
#[test]
fn every_key_of_files_has_a_field() {
    let mut missing = Vec::new();
    let mut hold = |what: &str, keys: Vec<String>, sketch: &Sketch, place: Option<&At>| {
        let fields = sketch.fields(place).expect("something is there");
        let ways = ["then", "else", "ways", "variants", "steps", "journey", "enter"];
        for key in keys.into_iter().filter(|key| !ways.contains(&key.as_str())) {
            let first = |path: &str| path.split('/').any(|part| part == key);
            if !fields.iter().any(|field| first(&field.path)) {
                missing.push(format!("{what}: {key}"));
            }
        }
    };
    let odd = CART.replace("purpose:", "zzqqxx: 1\npurpose:");
    hold("journey", keys_of(&odd), &cart(), None);
    let odd = CART.replace("  on:", "  zzqqxx: 1\n  on:");
    hold("entry", keys_of(&odd), &cart(), None);
    for kind in STEP_KINDS {
        let mut sketch = cart();
        sketch.apply(&Edit::Add { kind: kind.to_owned(), at: at("0") }).expect("it fits");
        let text = sketch.print();
        let steps = text.find("steps:\n  - ").expect("there are steps") + "steps:\n  - ".len();
        let (head, tail) = text.split_at(steps);
        let tail = tail
            .strip_prefix("exit\n")
            .map_or_else(|| tail.to_owned(), |t| format!("exit: x\n{t}"));
        let odd = format!("{head}zzqqxx: 1\n    {tail}");
        hold(kind, keys_of(&odd), &sketch, Some(&at("0")));
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// What is not a journey, or no longer than a journey may be, is refused.
#[test]
fn only_journeys_of_some_length_are_written() {
    assert_eq!(Sketch::read("segment: a\nwhen: cart is open\n"), None);
    assert_eq!(Sketch::read("- a\n"), None);
    let mut sketch = Sketch::new("long");
    let long = "x".repeat(Sketch::BYTES_MAX);
    let edit = Edit::Write { at: None, texts: vec![("goal".to_owned(), long)] };
    assert_eq!(sketch.apply(&edit), Err(EditError::TooLong));
    assert_eq!(sketch, Sketch::new("long"));
}

/// What somebody writes first stands where the canonical form has it, so that what changes is told
/// without the lines that only moved.
#[test]
fn whatever_is_written_first_stands_as_the_canonical_form_has_it() {
    let filled = |sketch: &mut Sketch, place: Option<&str>| {
        let fields = sketch.fields(place.map(at).as_ref()).expect("something is there");
        // What is as usual is not written in the canonical form.
        for field in fields.iter().rev().filter(|field| !field.usual) {
            let text = match (field.sort, field.path.as_str()) {
                (FieldSort::Word(words), _) => words.last().copied().unwrap_or_default(),
                (_, "template") => "letter",
                (_, "name") => "a step",
                (FieldSort::Step, _) => "a step",
                (_, path) if path.ends_with("/way") || path.ends_with("/variant") => continue,
                _ => field.example,
            };
            write(sketch, place, &[(&field.path, text)]);
        }
    };
    for kind in STEP_KINDS {
        let mut sketch = Sketch::new("all of it");
        filled(&mut sketch, None);
        let edit = Edit::Add { kind: kind.to_owned(), at: at("0") };
        sketch.apply(&edit).expect("it fits");
        filled(&mut sketch, Some("0"));
        let edit = Edit::Add { kind: "wait".to_owned(), at: at("1") };
        sketch.apply(&edit).expect("it fits");
        if matches!(kind, "go to") {
            write(&mut sketch, Some("1"), &[("name", "a step")]);
        }
        let found = check_beside(&shop_of(""), &[("draft.yaml".to_owned(), sketch.print())]);
        let canonical = found.journeys.first().map(|(_, canonical)| canonical.as_str());
        assert_eq!(Some(sketch.print().as_str()), canonical, "{:?}", found.mistakes);
    }
}

/// A shop with a letter, and what else is written.
fn shop_of(more: &str) -> Program {
    let shop = "shop: a\nzone: UTC\ncurrency: EUR\nfrom: { email: a@shop.example }\n";
    let text = format!("{shop}{more}\n{LETTER}");
    read(&[("shop.yaml".to_owned(), text)])
}

/// What all objects share is counted while one writes as it is when the journey is published.
#[test]
fn what_journeys_share_is_told_before_they_are_published() {
    let told = |others: &Program, text: &str| {
        let own = [("draft.yaml".to_owned(), text.to_owned())];
        let found = check_beside(others, &own).mistakes;
        let mut all = export(others);
        all.retain(|(_, held)| !held.starts_with("journey: question"));
        all.extend(own);
        assert_eq!(check(&all).is_err(), !found.is_empty(), "{text}\n{found:?}");
        found.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("\n")
    };
    let asking = "journey: question\npurpose: transactional\nenter: Consent Given\nsteps:\n  \
                  - { send: ask, channel: email, template: letter, asks for: confirmation }\n";
    let twice = shop_of(&format!("double opt-in: email promotion\n---\n{asking}"));
    assert_eq!(told(&twice, asking), "");
    let silent = asking.replace(", asks for: confirmation", "");
    assert_eq!(
        told(&twice, &silent),
        "a yes over email is to be confirmed, and no message asks for it"
    );
    // In a shop that asks for no second yes.
    let late = told(&shop_of(""), asking);
    assert!(
        late.ends_with("asks to confirm a yes over email, and the shop asks for none"),
        "{late}"
    );
    let segments: String = (0..200)
        .map(|n| {
            format!(
                "---\nsegment: s{n}\nwhen: has done \"Game Played\" where points at least {n}\n"
            )
        })
        .collect();
    let full = shop_of(&segments);
    let playing = CART.replace("cart is empty", "has done \"Game Played\" where points at least 7");
    assert!(!told(&full, &playing).contains("conditions ask for more"));
    let more = told(&full, &playing.replace("at least 7", "at least 777"));
    assert!(more.contains("with the journey \"cart\", conditions ask for more"), "{more}");
}
