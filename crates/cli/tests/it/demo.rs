//! `demo`: a shop to look at, Maria and Jane among its people.

use std::process::Command;

use crate::program::Serving;

#[test]
fn a_small_town_is_lived_through_and_its_pages_are_there() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regulars"));
    command.args(["demo", "--people", "60", "--days", "20", "--listen", "127.0.0.1:0", "--json"]);
    let serving = Serving::start(command);
    for name in ["today", "maria", "jane", "sources"] {
        let url = serving.greeting[name].as_str().unwrap();
        let path = url.strip_prefix(&serving.url()).unwrap();
        assert!(path.len() > 1, "{url}");
        let (status, _) = serving.ask(&format!("GET {path}"), "");
        // Whoever is not signed in is sent to the door.
        assert_eq!(status, 303, "{path}");
    }
    assert_eq!(serving.stop(), 0);
}
