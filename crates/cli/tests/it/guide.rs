//! The guide to mapping files is what it says: its tables, imported through its mappings, come to
//! what stands below them.

use crate::program::Shop;

const GUIDE: &str = include_str!("../../../../docs/guide/mapping.md");

/// The fenced blocks of the page that begin with this word.
fn blocks(fence: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in GUIDE.lines() {
        match &mut open {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => *block += &format!("{line}\n"),
            None if line == format!("```{fence}") => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}

/// The words of each line: how far they stand apart means nothing.
fn words(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split_whitespace().collect()).collect()
}

#[test]
fn the_tables_of_the_guide_come_to_what_it_says() {
    let (mappings, tables, outcomes) = (blocks("yaml"), blocks("csv"), blocks("text"));
    assert_eq!((mappings.len(), tables.len(), outcomes.len()), (4, 4, 4));
    for ((mapping, table), outcome) in mappings.iter().zip(&tables).zip(&outcomes) {
        let shop = Shop::new();
        let (mapping, table) = (shop.file("mapping.yaml", mapping), shop.file("table.csv", table));
        let (mapping, table) = (mapping.to_str().unwrap(), table.to_str().unwrap());
        let said = shop.run(&["import", table, "--mapping", mapping]).well();
        // The first line names the file and how long it took.
        assert_eq!(words(&said.out)[1..], words(outcome)[..], "{}", said.out);
        let again = shop.run(&["--json", "import", table, "--mapping", mapping]).well();
        assert_eq!(again.json()["accepted"], 0, "{}", again.out);
    }
}
