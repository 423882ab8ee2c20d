//! The guide and the example shop are what they say: their definitions pass, their mistakes do not.

use std::path::{Path, PathBuf};

use regulars_engine::definition::{Notice, check, export, with_pace};
use regulars_engine::pace::Pace;
use regulars_engine::program::Program;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fenced blocks of a page that begin with this word.
fn blocks(page: &str, fence: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
            None if line == format!("```{fence}") => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}

fn passes(files: &[(String, String)]) -> (Program, Vec<Notice>) {
    check(files).unwrap_or_else(|mistakes| {
        let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", mistakes.join("\n"))
    })
}

fn guide() -> String {
    std::fs::read_to_string(root().join("docs/guide/definitions.md")).expect("the guide is there")
}

#[test]
fn the_examples_of_the_guide_are_one_shop() {
    let files: Vec<(String, String)> = blocks(&guide(), "yaml")
        .into_iter()
        .enumerate()
        .map(|(number, text)| (format!("example-{}.yaml", number + 1), text))
        .collect();
    let (program, notices) = passes(&files);
    assert_eq!(notices, []);
    assert_eq!(program.objects.len(), 17);
    assert_eq!(passes(&export(&program)).0.objects, program.objects);
}

#[test]
fn the_example_of_a_pace_passes() {
    let page = std::fs::read_to_string(root().join("docs/guide/channels.md")).expect("it is there");
    let pace = blocks(&page, "yaml").into_iter().find(|block| block.contains("warm up:"));
    let (program, notices) = passes(&[("shop.yaml".to_owned(), pace.expect("an example"))]);
    assert_eq!(notices, []);
    let pace = &program.shop.pace;
    assert_eq!((pace.rates.len(), pace.warm_ups.len()), (4, 1));
    let (shop, stated) = program.objects.iter().next().expect("the shop");
    let same = with_pace(&stated.canonical, pace);
    let (again, _) = passes(&[("shop.yaml".to_owned(), same)]);
    assert_eq!(again.shop.pace, *pace);
    let none = with_pace(&stated.canonical, &Pace::default());
    let (without, _) = passes(&[("shop.yaml".to_owned(), none)]);
    assert!(without.shop.pace.is_empty() && without.objects.contains_key(shop));
}

#[test]
fn the_example_of_a_double_opt_in_passes() {
    let page = std::fs::read_to_string(root().join("docs/guide/channels.md")).expect("it is there");
    let asking = blocks(&page, "yaml").into_iter().find(|block| block.contains("double opt-in"));
    let (program, notices) = passes(&[("shop.yaml".to_owned(), asking.expect("an example"))]);
    assert_eq!(notices, []);
    assert_eq!(program.shop.double_opt_in.len(), 1);
    assert_eq!(passes(&export(&program)).0.objects, program.objects);
}

#[test]
fn the_examples_of_webhooks_pass() {
    let page = std::fs::read_to_string(root().join("docs/guide/webhooks.md")).expect("it is there");
    let examples = blocks(&page, "yaml").into_iter().enumerate();
    let shop = "shop: Small\nzone: Europe/Madrid\ncurrency: EUR\n".to_owned();
    let mut files = vec![("shop.yaml".to_owned(), shop)];
    files.extend(examples.map(|(number, text)| (format!("example-{number}.yaml"), text)));
    let (program, notices) = passes(&files);
    assert_eq!(notices, []);
    let told = program.every_journey().flat_map(|journey| journey.told().map(|(_, to)| to));
    assert_eq!(told.collect::<Vec<_>>(), ["crm"; 3]);
    assert_eq!(passes(&export(&program)).0.objects, program.objects);
}

#[test]
fn the_mistakes_of_the_guide_are_told_as_it_says() {
    let (wrong, told) = (blocks(&guide(), "yaml mistakes"), blocks(&guide(), "text"));
    assert_eq!((wrong.len(), told.len()), (1, 1));
    let Err(mistakes) = check(&[("shop.yaml".to_owned(), wrong[0].clone())]) else {
        panic!("five mistakes passed")
    };
    let said: String = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
    assert_eq!(said, told[0]);
}

/// All files below a folder, by their paths from it.
fn folder(below: &Path, path: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .expect("the folder can be read");
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            folder(below, &entry, files);
        } else {
            let name = entry
                .strip_prefix(below)
                .expect("it was found there")
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name, std::fs::read_to_string(&entry).expect("the file is text")));
        }
    }
}

#[test]
fn the_example_shop_passes_without_a_notice() {
    let shop = root().join("examples/shop");
    let mut files = Vec::new();
    folder(&shop, &shop, &mut files);
    let (program, notices) = passes(&files);
    assert_eq!(notices, []);
    assert_eq!(program.catalogue.len(), 4);
    assert_eq!(program.live_journey("cart").unwrap().steps.len(), 5);
    assert_eq!(passes(&export(&program)).0.version, program.version);
}
