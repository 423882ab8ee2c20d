//! Laws of linking, on an invented town.

use super::text::mix;
use super::*;

const GIVEN: [&str; 12] = [
    "Ana", "Boris", "Carla", "Dmitri", "Elena", "Fergus", "Greta", "Hugo", "Ines", "Jonas",
    "Katya", "Lars",
];
const SURNAME: [&str; 15] = [
    "Almeida",
    "Brandt",
    "Castell",
    "Dorn",
    "Eriksen",
    "Fontana",
    "Gruber",
    "Holloway",
    "Ivarsson",
    "Jankov",
    "Kellner",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Oyelaran",
];

/// Somebody, seen for the `visit`th time, with a slip now and then.
fn seen(person: u64, visit: u64) -> Record {
    let pick = |what: u64, of: usize| usize::try_from(mix(person, what) % of as u64).unwrap();
    let slip = |what: u64| mix(mix(person, visit), what).is_multiple_of(5);
    let mut surname = format!("{}{}", SURNAME[pick(1, SURNAME.len())], pick(2, 40));
    if slip(1) {
        surname.insert(2, 'h');
    }
    let mut record = Record::default();
    record.set(Field::Given, GIVEN[pick(3, GIVEN.len())]);
    if !slip(2) {
        record.set(Field::Surname, &surname);
    }
    let date = format!("19{:02}-{:02}-{:02}", 40 + pick(4, 60), 1 + pick(5, 12), 1 + pick(6, 28));
    if !slip(3) {
        record.set(Field::BirthDate, &date);
    }
    if !slip(4) {
        record.set(Field::Phone, &format!("07{:08}", mix(person, 7) % 100_000_000));
    }
    if visit == 1 {
        record.set(Field::Email, &format!("person{}@shop.example", mix(person, 8) % 1_000_000));
    }
    record.set(
        Field::Address,
        &format!("{} {} Street", 1 + pick(9, 90), SURNAME[pick(10, SURNAME.len())]),
    );
    record
}

fn town() -> (Vec<Record>, Vec<u64>) {
    let mut visits: Vec<(u64, u64)> =
        (0..300).flat_map(|p| (0..1 + p % 4).map(move |v| (p, v))).collect();
    visits.sort_unstable_by_key(|(person, visit)| mix(mix(*person, *visit), 99));
    visits.iter().map(|(person, visit)| (seen(*person, *visit), *person)).unzip()
}

fn population(records: &[Record]) -> Population {
    let mut population = Population::default();
    for record in records {
        population.add(record, 0);
    }
    population
}

/// The partition that cluster numbers stand for, whatever the numbers.
fn partition(clusters: &[u32], names: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
    for (at, cluster) in clusters.iter().enumerate() {
        groups.entry(*cluster).or_default().push(names[at]);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort();
    groups
}

fn trained(records: &[Record]) -> Model {
    train(&mut population(records), |_| ())
}

#[test]
fn a_town_is_found_without_labels() {
    let (records, truth) = town();
    let model = trained(&records);
    let found = link(&mut population(&records), &model, &Rules::default());
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for one in 0..records.len() {
        for other in 0..one {
            match (truth[one] == truth[other], found.clusters[one] == found.clusters[other]) {
                (true, true) => right += 1,
                (false, true) => wrong += 1,
                (true, false) => missed += 1,
                (false, false) => {}
            }
        }
    }
    assert!(right > 400 && wrong * 50 < right && missed * 20 < right, "{right} {wrong} {missed}");
}

/// A shop that links live may move between batch and stream without anybody changing.
#[test]
fn one_at_a_time_is_all_at_once() {
    let (mut records, _) = town();
    for (number, record) in (0..).zip(&mut records) {
        // Words that many share make keys with others.
        record.set(Field::Occupation, ["baker", "cook", "nurse"][number % 3]);
        record.set(Field::BirthPlace, SURNAME[number % 5]);
        record.set(Field::AddressMore, ["first floor", "second floor"][number % 2]);
    }
    let mut people = population(&records);
    let model = train(&mut people, |_| ());
    let mut index = Index::new(&model, Rules::default());
    for record in &records {
        index.add(record, 0);
    }
    // Those the model was trained on are in blocks already; others are put into blocks by the model.
    for mut people in [people, population(&records)] {
        let batch = link(&mut people, &model, &Rules::default());
        assert_eq!(index.pairs(), batch.pairs);
        assert_eq!(index.clusters(), batch.clusters);
    }
}

/// Nobody is somebody else because the machine has more cores.
#[test]
fn slices_compared_side_by_side_are_slices_compared_in_turn() {
    let (records, _) = town();
    let records: Vec<Record> = records.iter().cycle().take(4_200).cloned().collect();
    let model = trained(&records[..700]);
    let in_turn = link(&mut population(&records), &model, &Rules::default());
    let mut side_by_side = population(&records);
    let linking = Linking::begin(&mut side_by_side, &model);
    assert!(linking.slices() > 1);
    let slices = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..linking.slices())
            .rev()
            .map(|slice| (slice, &linking))
            .map(|(slice, linking)| {
                scope.spawn(move || linking.compare(slice, &mut Scratch::default()))
            })
            .collect();
        begun.into_iter().map(|slice| slice.join().unwrap()).collect()
    });
    let side_by_side = linking.end(slices, &Rules::default());
    assert!(in_turn.pairs.len() > 4_200);
    assert_eq!(in_turn.pairs, side_by_side.pairs);
    assert_eq!(in_turn.clusters, side_by_side.clusters);
}

/// Pairs are given up by what they can be worth at most; nobody is missed for it.
#[test]
fn hope_is_never_less_than_what_comparing_finds() {
    let (records, _) = town();
    let model = trained(&records);
    let mut people = population(&records);
    people.apply(&model);
    let weights = super::model::Weights::of(&model);
    for (at, left) in people.rows.iter().enumerate() {
        let one = super::hope::One::of(0, left, &weights);
        for right in people.rows.iter().take(at) {
            let levels = super::compare::all(left, right, &people.lexicon);
            let (stranger, _) = super::score::sums(&levels, left, right, &weights);
            let mut hopes = super::hope::Hopes::of(&one, right, &weights);
            let found = weights.prior + stranger;
            let mut told = [super::level::MISSING; super::level::ASPECTS];
            hopes.look_at_numbers(&weights, &mut told);
            hopes.look_at_names(&weights, &mut told);
            hopes.look_at_words(&weights);
            assert!(hopes.bits() >= found - 0.01, "{} {found} {levels:?}", hopes.bits());
            for (told, level) in told.iter().zip(levels) {
                assert!(*told == super::level::MISSING || *told == level, "{told} {level}");
            }
        }
    }
}

/// Files may be sorted in any way.
#[test]
fn the_order_of_rows_does_not_matter() {
    let (records, _) = town();
    let model = trained(&records);
    let names: Vec<usize> = (0..records.len()).collect();
    let mut shuffled = names.clone();
    shuffled.sort_unstable_by_key(|at| mix(*at as u64, 5));
    let turned: Vec<Record> = shuffled.iter().map(|at| records[*at].clone()).collect();
    let straight = link(&mut population(&records), &model, &Rules::default());
    let turned = link(&mut population(&turned), &model, &Rules::default());
    assert_eq!(partition(&straight.clusters, &names), partition(&turned.clusters, &shuffled));
}

#[test]
fn a_caller_that_keeps_records_itself_sees_the_same() {
    let (records, _) = town();
    let model = Model::decode(&trained(&records).encode()).unwrap();
    let batch = link(&mut population(&records), &model, &Rules::default());
    for pair in &batch.pairs {
        let (left, right) = (&records[pair.left as usize], &records[pair.right as usize]);
        let comparison = compare(&model, left, right);
        assert_eq!(comparison.weight_bits, pair.weight);
        assert_eq!(comparison.weight_bits, compare(&model, right, left).weight_bits);
        let parts: f32 = comparison.parts.iter().map(|part| part.bits).sum();
        assert!((parts - pair.weight).abs() < 0.1, "{parts} {}", pair.weight);
        let shared = keys(&model, left).into_iter().any(|key| keys(&model, right).contains(&key));
        assert!(shared);
    }
}

fn weigh(one: Record, other: Record) -> f32 {
    compare(&Model::default(), &one, &other).weight_bits
}

fn jane() -> Record {
    Record::default()
        .with(Field::Given, "Elizabeth")
        .with(Field::Surname, "Holloway")
        .with(Field::BirthDate, "1978-11-05")
        .with(Field::Address, "12 Main Street")
        .with(Field::Postcode, "89132")
}

#[test]
fn likeness_falls_level_by_level() {
    let with = |field, value| weigh(jane(), jane().with(field, value));
    let names = ["Elizabeth", "Lizzie", "Margaret"].map(|name| with(Field::Given, name));
    let births = ["1978-11-05", "1978-05-11", "1978-11-15", "1961-02-28"]
        .map(|date| with(Field::BirthDate, date));
    let places = ["12 Main St", "12 Mian Street", "14 Main Street", "9 Oak Road"]
        .map(|line| with(Field::Address, line));
    for weights in [&names[..], &births[..], &places[..]] {
        assert!(weights.is_sorted_by(|better, worse| better > worse), "{weights:?}");
    }
}

#[test]
fn swapped_names_are_one_person_and_father_and_son_are_two() {
    let swapped = jane().with(Field::Given, "Holloway").with(Field::Surname, "Elizabeth");
    assert!(weigh(jane(), swapped) > 5.0);
    let record = |generation| {
        Record::default().with(Field::FullName, generation).with(Field::Address, "12 Main Street")
    };
    let mut population = population(&[record("John Brandt Sr"), record("John Brandt Jr")]);
    let found =
        link(&mut population, &Model::default().with_thresholds(0.01, 0.01), &Rules::default());
    assert_eq!(found.clusters, [0, 1]);
}

/// "James" is one name in common, wherever it stands.
#[test]
fn a_word_found_in_another_place_counts_once() {
    let named =
        |given, surname| Record::default().with(Field::Given, given).with(Field::Surname, surname);
    let once = compare(&Model::default(), &named("James", "Kent"), &named("Richard", "James"));
    let found =
        once.parts.iter().map(|part| part.found).filter(|found| found.contains("another place"));
    assert_eq!(found.count(), 1, "{once:?}");
    let swapped = weigh(named("James", "Kent"), named("Kent", "James"));
    assert!(swapped > once.weight_bits + 4.0);
}

#[test]
fn ages_speak_where_dates_of_birth_do_not() {
    let aged = |age| Record::default().with(Field::FullName, "Ana Silva").with(Field::Age, age);
    let [same, next, other] = ["41", "42", "19"].map(|age| weigh(aged("41"), aged(age)));
    assert!(same > next && next > other, "{same} {next} {other}");
    let dated = |age, date| aged(age).with(Field::BirthDate, date);
    let with_ages = weigh(dated("41", "1979-03-01"), dated("41", "1979-03-01"));
    let without =
        |date| Record::default().with(Field::FullName, "Ana Silva").with(Field::BirthDate, date);
    assert!((with_ages - weigh(without("1979-03-01"), without("1979-03-01"))).abs() < 0.01);
}

/// Where hardly anybody has two records, households must not be taken for persons.
#[test]
fn few_repeats_leave_households_alone() {
    let mut records = Vec::new();
    for home in 0..400_u64 {
        for member in 0..2 + home % 3 {
            let own = seen(home * 10 + member, 0);
            let shared = seen(home * 10, 0);
            let mut record = Record::default();
            for (field, value) in own.values().filter(|(field, _)| *field != Field::Phone) {
                record.set(field, value);
            }
            let ending =
                ["ta", "lo", "min", "ra", "sel", "bi", "no"][(mix(home, member) % 7) as usize];
            record
                .set(Field::Given, &format!("{}{ending}", own.get(Field::Given).unwrap_or("Ana")));
            for field in [Field::Surname, Field::Address] {
                record.set(field, shared.get(field).unwrap_or("Novak"));
            }
            records.push(record);
        }
    }
    let people = records.len();
    for repeat in 0..10 {
        records.push(records[repeat * 37].clone());
    }
    let model = trained(&records);
    let found = link(&mut population(&records), &model, &Rules::default());
    let joined = found.clusters.iter().zip(0_u32..).filter(|(cluster, at)| *cluster != at).count();
    assert!((7..=12).contains(&joined), "{joined} of {people} joined, 10 repeat");
}

#[test]
fn what_many_people_give_says_nothing() {
    let mut records: Vec<Record> = Vec::new();
    for person in 0..200 {
        records.push(seen(person, 0).with(Field::Email, "none@none.example"));
    }
    let model = trained(&records);
    let one = Record::default().with(Field::Email, "none@none.example");
    let comparison = compare(&model, &one, &one);
    assert!(comparison.weight_bits < -5.0);
    assert!(comparison.parts.iter().any(|part| part.what == "shared value"));
}

#[test]
fn a_source_without_duplicates_is_believed() {
    let rules = Rules { without_duplicates: vec![0] };
    let found = link(&mut population(&[jane(), jane()]), &Model::default(), &rules);
    assert_eq!(found.clusters, [0, 1]);
    let found = link(&mut population(&[jane(), jane()]), &Model::default(), &Rules::default());
    assert_eq!(found.clusters, [0, 0]);
}

#[test]
fn bytes_that_are_no_model_are_refused() {
    assert!(matches!(Model::decode(b"bread"), Err(ModelError::NotAModel(_))));
}

#[test]
fn a_waterfall_is_read_from_top_to_bottom() {
    let comparison = compare(&Model::default(), &jane(), &jane().with(Field::Given, "Lizzie"));
    let text = comparison.text();
    for words in
        ["two records taken at random", "a short form of the given name", "same date of birth"]
    {
        assert!(text.contains(words), "{text}");
        assert!(comparison.svg().contains(words));
    }
    assert!(text.contains("one person"), "{text}");
}

/// Values that are like each other in all kinds of ways, field by field.
const VALUES: [(Field, &[&str]); 14] = [
    (Field::Given, &["Ana", "Anna", "A", "Anastasia", "Maria Ana", "Lizzie", "Holloway", "El"]),
    (Field::Surname, &["Ruiz", "Ruis", "Ruiz Soto", "Soto Ruiz", "Soto", "R", "Elizabeth"]),
    (Field::FullName, &["Ana Ruiz", "Ruiz, Ana", "Ana Maria Ruiz", "Ana R", "Ana", "Dr A Ruiz Jr"]),
    (Field::Middle, &["Maria", "M", "Marie", "Elizabeth", "Ana Maria"]),
    (
        Field::BirthDate,
        &["1978-11-05", "1978-05-11", "1978-11-15", "1987-11-05", "1978", "1979-01-02"],
    ),
    (Field::Age, &["30", "31", "34", "60"]),
    (
        Field::Address,
        &[
            "Calle Mayor 1",
            "Calle Mayor 14",
            "Calle Mayor",
            "Calle Mayro",
            "Mayor",
            "Gran Via",
            "Calle Mayor Alta 1",
            "Calle Mayor 1, 3",
            "Gran Via 1",
            "Mayor Alta",
            "C Mayor 41",
        ],
    ),
    (Field::City, &["Madrid", "Madird", "Getafe", "Rivas", "Rivas Vaciamadrid"]),
    (Field::Postcode, &["28013", "2801", "28014", "28031", "08013", "280"]),
    (Field::State, &["Madrid", "M", "MD", "Mad"]),
    (
        Field::Email,
        &[
            "ana@x.es",
            "anab@x.es",
            "anabe@x.es",
            "anabel@x.es",
            "anabelo@x.es",
            "anabelos@x.es",
            "ana5@x.es",
            "ana55@x.es",
            "anabel@x.com",
            "anabel@mail.example",
            "anbael@x.es",
        ],
    ),
    (Field::Phone, &["600111222", "+34600111222", "600111223", "60011122", "1222", "600112122"]),
    (Field::Unique(0), &["card-6", "card-90", "card-9", "card-906", "card-9067", "c6", "ca-6"]),
    (Field::Occupation, &["baker", "bakers", "master baker", "nurse", "bak"]),
];

/// Which of two records is compared with which is a matter of when they came: if it made a difference,
/// so would the order of arrival.
#[test]
fn which_comes_first_makes_no_difference() {
    let records: Vec<Record> = (0..400).map(|number| seen(number / 2, number % 2)).collect();
    for model in [Model::default(), Model::before_training(), trained(&records)] {
        for (field, values) in &VALUES {
            let bases = [jane(), Record::default(), Record::default().with(Field::Given, "Ana")];
            let with = |base: &Record, value: &str| base.clone().with(*field, value);
            for (base, other_base) in bases.iter().flat_map(|b| bases.iter().map(move |o| (b, o))) {
                for (one, other) in values.iter().flat_map(|v| values.iter().map(move |w| (v, w))) {
                    let (left, right) = (with(base, one), with(other_base, other));
                    let (there, back) =
                        (compare(&model, &left, &right), compare(&model, &right, &left));
                    assert_eq!(there, back, "{field:?}: {one} and {other}");
                    let linker = Linker::new(&model);
                    let alike = |left, right| linker.beside(left).alike(right);
                    assert_eq!(
                        alike(&left, &right),
                        alike(&right, &left),
                        "{field:?}: {one}, {other}"
                    );
                }
            }
        }
    }
}
