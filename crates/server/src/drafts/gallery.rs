//! The journeys of the gallery, to begin with.

/// An example.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// The file: a line that says what it does, the journey, its templates.
    file: &'static str,
}

macro_rules! gallery {
    ($($name:literal),* $(,)?) => {
        &[$(Example {
            name: $name,
            file: include_str!(concat!("../../../../examples/gallery/", $name, ".yaml")),
        }),*]
    };
}

/// All examples, by name.
#[must_use]
pub const fn examples() -> &'static [Example] {
    gallery!(
        "anniversary",
        "app",
        "back-in-stock",
        "browse",
        "cancelled",
        "care-tips",
        "cart",
        "checkout",
        "confirmation",
        "coupon",
        "cross-sell",
        "first-order",
        "good-customer",
        "left-the-list",
        "points",
        "price-drop",
        "qr",
        "replenish",
        "returned",
        "review",
        "review-thanks",
        "search",
        "second-order",
        "service",
        "shared",
        "store-event",
        "store-visit",
        "tier",
        "welcome",
        "win-back",
        "wish-list",
    )
}

impl Example {
    /// What it does, in one line.
    #[must_use]
    pub fn line(&self) -> &'static str {
        self.file.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default()
    }

    /// The journey, and the documents that come with it.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &'static str) {
        self.file.split_once("\n---\n").unwrap_or((self.file, ""))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regulars_engine::definition::{Sketch, check_beside};
    use regulars_engine::program::Program;

    use super::*;

    /// Every file of the gallery is offered, says what it does, and is right beside any shop.
    #[test]
    fn every_example_can_be_begun_with() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/gallery");
        let files = std::fs::read_dir(folder).unwrap().filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".yaml").map(str::to_owned)
        });
        let offered: BTreeSet<String> = examples().iter().map(|one| one.name.to_owned()).collect();
        assert_eq!(offered, files.collect());
        for example in examples() {
            assert!(!example.line().is_empty(), "{}", example.name);
            let (journey, beside) = example.parts();
            let sketch = Sketch::read(journey).unwrap().named("my own");
            let files = [("a.yaml", sketch.print()), ("b.yaml", beside.to_owned())];
            let files = files.map(|(name, text)| (name.to_owned(), text));
            let found = check_beside(&Program::default(), &files);
            assert_eq!(found.mistakes, vec![], "{}", example.name);
            assert_eq!(found.journeys[0].0.name, "my own");
        }
    }
}
