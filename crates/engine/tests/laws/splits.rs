//! Splits: the shares that are stated, within the bounds of chance, and everybody where they were
//! while the journey is edited elsewhere. Else a test that runs would mix its arms.

use std::collections::BTreeMap;

use proptest::prelude::*;
use regulars_engine::definition::check;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::way_of;

/// People whom chance is asked about.
const PEOPLE: u64 = 10_000;

/// Whatever may stand before, after and inside of a split.
const STEPS: [&str; 6] = [
    "{ wait: 2 hours }",
    "{ send: SEND, channel: email, template: letter }",
    "{ set: { seen: yes } }",
    "{ branch: cart is open, then: [ { wait: 1 day } ] }",
    "{ split: other SEND, ways: [ { way: x, share: 50 %, steps: [ { wait: 1 hour } ] }, { way: y, share: 50 %, steps: [ { wait: 3 hours } ] } ] }",
    "{ wait: 1 day }",
];

/// What is written of a journey beside its split.
#[derive(Clone, Debug)]
struct Rest {
    before: Vec<usize>,
    after: Vec<usize>,
    inside: Vec<usize>,
    priority: i32,
    exit: bool,
}

fn rest() -> impl Strategy<Value = Rest> {
    let steps = || prop::collection::vec(0..STEPS.len(), 0..4);
    (steps(), steps(), steps(), -9..9_i32, any::<bool>()).prop_map(
        |(before, after, inside, priority, exit)| Rest { before, after, inside, priority, exit },
    )
}

/// The steps, each with a name of its own.
fn steps(of: &[usize], names: &mut u32) -> String {
    let mut written = of.iter().map(|number| {
        *names += 1;
        STEPS[*number].replace("SEND", &format!("s{names}"))
    });
    written.by_ref().map(|step| format!("{step}, ")).collect()
}

/// The way of each person, by the definition that holds the split amid the rest.
fn ways(shares: &[u32], rest: &Rest) -> Vec<String> {
    let mut names = 0;
    let before = steps(&rest.before, &mut names);
    let ways: String = (shares.iter().enumerate())
        .map(|(number, share)| {
            let inside = steps(&rest.inside, &mut names);
            format!(
                "{{ way: w{number}, share: {share} %, steps: [ {inside} {{ wait: 1 hour }} ] }}, "
            )
        })
        .collect();
    let after = steps(&rest.after, &mut names);
    let exit = if rest.exit { "exit: [ cart is empty ]\n" } else { "" };
    let text = format!(
        "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n---\njourney: cart\npurpose: care\n\
         enter: {{ on: [Product Added] }}\npriority: {}\n{exit}\
         steps: [ {before} {{ split: tone, ways: [ {ways} ] }}, {after} {{ wait: 1 hour }} ]\n---\n\
         template: letter\nbuilt in: cart-reminder\n",
        rest.priority
    );
    let (program, _) = check(&[("shop.yaml".to_owned(), text.clone())])
        .unwrap_or_else(|mistakes| panic!("{}\n{text}", mistakes[0]));
    let journey = program.live_journey("cart").unwrap();
    let step = journey.steps.iter().find(|step| step.name == "tone").unwrap();
    let draw = step.kind.draw().unwrap();
    let of = (journey.name.as_str(), step.name.as_str());
    (0..PEOPLE).map(|id| way_of(of, draw, PersonId(id * 31)).unwrap().name.clone()).collect()
}

/// Shares in per cent that come to a hundred.
fn shares() -> impl Strategy<Value = Vec<u32>> {
    prop::sample::select(vec![
        vec![50, 50],
        vec![90, 10],
        vec![34, 33, 33],
        vec![5, 20, 75],
        vec![10, 20, 30, 40],
        vec![20, 20, 20, 20, 20],
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Steps before, after and inside, other splits, exits and the priority change nobody's way. Pearson's
    /// statistic, of four degrees of freedom at most, passes 30 in one of 200,000 draws.
    #[test]
    fn a_split_has_its_shares_and_keeps_everybody_where_they_were(
        shares in shares(),
        rest in rest(),
        edited in rest(),
    ) {
        let now = ways(&shares, &rest);
        prop_assert_eq!(&now, &ways(&shares, &edited));
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        for way in &now {
            *counts.entry(way).or_default() += 1.0;
        }
        let parts = shares.iter().enumerate().map(|(number, share)| {
            let expected = f64::from(*share) * now.len() as f64 / 100.0;
            let found = counts.get(format!("w{number}").as_str()).copied().unwrap_or(0.0);
            (found - expected).powi(2) / expected
        });
        let statistic: f64 = parts.sum();
        prop_assert!(statistic < 30.0, "{:?}: {}", counts, statistic);
    }
}
