//! The demo: a seeded town of shoppers, lived through on a virtual clock until a moment ago.

mod history;
mod push;

pub(crate) use history::{Size, USER, live_through};

#[cfg(test)]
mod tests {
    use regulars_engine::definition::check;
    use regulars_sim::{Town, TownSettings};

    #[test]
    fn the_demos_definitions_hold_no_mistake() {
        let town = Town::new(TownSettings::default()).unwrap();
        let told =
            check(&super::history::definitions(&town)).map(|(program, _)| program.sources.len());
        assert_eq!(told.map_err(|mistakes| mistakes[0].to_string()), Ok(16));
    }
}
