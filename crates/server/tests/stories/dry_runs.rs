//! A dry run on the stored log decides what was decided while the log was written.

use regulars_engine::decision::Decision;
use regulars_engine::event::LogPosition;
use regulars_engine::time::DAY;
use regulars_server::dry_run::{DryRun, arrivals};
use regulars_store::{Reader, Store};

use super::play::{Play, at, seed};
use super::town::{Setting, defined, found, lines};

/// A decision without its place among messages, which the order of commits gives.
fn told(decisions: Vec<Decision>) -> Vec<Decision> {
    let bare = |decision| Decision { known_to: LogPosition(0), message: None, ..decision };
    decisions.into_iter().map(bare).collect()
}

#[test]
fn a_dry_run_decides_what_was_decided() {
    let setting = Setting { people: 60, ..Setting::calm(seed(), 14) };
    let town = found(&setting);
    let program = defined(&town, &setting);
    let mut play = Play::begin(program.clone());
    let mut lived = Vec::new();
    for line in lines(&town, &setting) {
        lived.extend(play.arrive(&line));
    }
    let end = at(setting.start).plus(17 * DAY);
    lived.extend(play.until(end));
    let writer = play.dry.writer();
    let salt = writer.salt();
    let log = writer.store().reader().unwrap();
    let mut dry = DryRun::begin_beside(salt, program).unwrap();
    let mut again = Vec::new();
    for (received_at, position) in arrivals(&log, Some(end)).unwrap() {
        let event = log.events(&[position]).unwrap().remove(0).logged.event;
        again.extend(dry.arrive(vec![event], received_at).unwrap());
    }
    again.extend(dry.go_on_until(end).unwrap());
    assert!(lived.len() > 50, "the town decides: {}", lived.len());
    let (lived, again) = (told(lived), told(again));
    let differs = lived.iter().zip(&again).find(|(one, other)| one != other);
    assert_eq!(differs, None, "seed {}", setting.seed);
    assert_eq!(lived.len(), again.len(), "seed {}", setting.seed);
}
