//! What journeys tell other programs leaves here: a few at once, never two of the same, and no one that
//! is slow keeps the others waiting. What was under way when the program ended is made again under the
//! same id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use regulars_deliver::webhook::{Answer, Post, Webhooks};
use regulars_engine::time::{SECOND, Timestamp};
use regulars_store::{Reader, Sending, SqliteReader, StoreError};
use tokio::task::JoinSet;

use super::desk::{Desk, DeskError};
use crate::clock;
use crate::webhooks::{self, Destination};

/// How many may be under way at once, to all destinations together.
const AT_ONCE: usize = 16;
/// How many to one of them.
const AT_ONCE_EACH: usize = 4;
/// How long a destination rests after an attempt that it did not answer well: this long, doubled each
/// time, so that what waits does not go out in a row to somebody who is not there.
const REST_MS: i64 = SECOND;
/// The longest rest.
const REST_MS_MAX: i64 = 60 * SECOND;
/// The longest sleep: whoever changes something wakes this, so it is only for what goes wrong.
const NAP: Duration = Duration::from_secs(60);

/// What callers share.
#[derive(Debug)]
pub struct Caller {
    /// Where looks are asked for and outcomes noted.
    pub desk: Desk,
    /// Who posts.
    pub webhooks: Arc<Webhooks>,
}

/// What is under way, and who rests.
#[derive(Debug, Default)]
struct UnderWay {
    calls: BTreeSet<u64>,
    by_destination: BTreeMap<String, usize>,
    /// How often in a row a destination did not take anything, and until when it rests.
    resting: BTreeMap<String, (u32, Timestamp)>,
}

/// A call that has ended: its id, its destination, and whether all went well.
type Ended = (u64, String, bool);

/// Makes calls that are due until it is ended.
pub async fn call_others(shared: Arc<Caller>, reader: SqliteReader) {
    let mut under_way = UnderWay::default();
    let mut running: JoinSet<Ended> = JoinSet::new();
    loop {
        let next = match begin(&shared, &reader, &mut under_way, &mut running) {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "could not read what other programs are to be told");
                None
            }
        };
        let nap = next.map_or(NAP, |next| {
            let ms = next.since(clock::now()).max(1);
            Duration::from_millis(u64::try_from(ms).unwrap_or(1)).min(NAP)
        });
        tokio::select! {
            Some(ended) = running.join_next() => {
                if let Ok(ended) = ended {
                    under_way.end(&ended, clock::now());
                }
            }
            () = shared.desk.calls().notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// Begins what is due and finds room; returns when the next one is.
fn begin(
    shared: &Arc<Caller>,
    reader: &SqliteReader,
    under_way: &mut UnderWay,
    running: &mut JoinSet<Ended>,
) -> Result<Option<Timestamp>, StoreError> {
    // Somebody who stops everything that leaves means this too, and wakes this when it may go on.
    if matches!(reader.sending()?, Sending::Off | Sending::OffAfterRestore) {
        return Ok(None);
    }
    let now = clock::now();
    let mut next = None;
    for destination in webhooks::list(reader)? {
        if destination.paused.is_some() {
            continue;
        }
        if let Some(until) = under_way.rests_until(&destination.name, now) {
            next = soonest(next, until);
            continue;
        }
        for call in reader.waiting_calls(&destination.name, 2 * AT_ONCE_EACH)? {
            if under_way.calls.contains(&call.id) {
                continue;
            }
            let due = call.state.not_before().unwrap_or(now);
            if due > now {
                next = soonest(next, due);
                break;
            }
            // Whatever finds no room is looked for again when something has ended.
            if !under_way.begin(call.id, &destination.name) {
                break;
            }
            let (shared, destination) = (Arc::clone(shared), destination.clone());
            running.spawn(async move {
                let well = attempt(&shared, call.id, &destination).await;
                let well = well.unwrap_or_else(|error| {
                    tracing::error!(%error, call.id = call.id, "could not note a call");
                    false
                });
                (call.id, destination.name, well)
            });
        }
    }
    Ok(next)
}

fn soonest(held: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(held.map_or(other, |held| held.min(other)))
}

/// Makes one attempt; returns whether it was taken, or is no longer to be made.
async fn attempt(shared: &Caller, id: u64, destination: &Destination) -> Result<bool, DeskError> {
    let looked = shared.desk.write(move |writer| webhooks::look(writer, id, clock::now())).await?;
    let Some((call, body)) = looked else { return Ok(true) };
    let now = clock::now();
    let post = Post {
        id: &webhooks::call_id(&call, shared.desk.salt()),
        seconds: now.0.div_euclid(SECOND),
        body,
        secrets: &destination.secrets(now),
    };
    let answer = shared.webhooks.post(&destination.url, post).await;
    let taken = matches!(answer, Answer::Taken(_));
    tracing::debug!(call.id = id, taken, "another program was called");
    let settled = move |writer: &mut _| webhooks::settle(writer, id, answer, clock::now());
    shared.desk.write(settled).await?;
    Ok(taken)
}

impl UnderWay {
    /// Notes that a call is under way, if there is room for it.
    fn begin(&mut self, id: u64, destination: &str) -> bool {
        let held = self.by_destination.get(destination).copied().unwrap_or(0);
        if self.calls.len() >= AT_ONCE || held >= AT_ONCE_EACH {
            return false;
        }
        self.calls.insert(id);
        self.by_destination.insert(destination.to_owned(), held + 1);
        true
    }

    /// Notes that one has ended.
    fn end(&mut self, (id, destination, well): &Ended, now: Timestamp) {
        self.calls.remove(id);
        match self.by_destination.get_mut(destination) {
            Some(held) if *held > 1 => *held -= 1,
            Some(_) | None => {
                self.by_destination.remove(destination);
            }
        }
        if *well {
            self.resting.remove(destination);
        } else {
            let (times, until) = self.resting.entry(destination.clone()).or_default();
            let rest_ms = REST_MS.saturating_mul(1 << (*times).min(16)).min(REST_MS_MAX);
            *times = times.saturating_add(1);
            *until = now.plus(rest_ms);
        }
    }

    /// Until when a destination is left alone, if it is.
    fn rests_until(&self, destination: &str, now: Timestamp) -> Option<Timestamp> {
        self.resting.get(destination).map(|(_, until)| *until).filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_destination_takes_the_room_of_others() {
        let mut under_way = UnderWay::default();
        for id in 0..AT_ONCE_EACH as u64 {
            assert!(under_way.begin(id, "crm"));
        }
        assert!(!under_way.begin(100, "crm"), "it has enough");
        assert!(under_way.begin(101, "erp"));
        under_way.end(&(0, "crm".to_owned(), true), Timestamp(0));
        assert!(under_way.begin(100, "crm"));
        for id in 200..300 {
            under_way.begin(id, &format!("other {id}"));
        }
        assert_eq!(under_way.calls.len(), AT_ONCE);
    }

    #[test]
    fn whoever_does_not_answer_is_left_alone_for_longer_each_time() {
        let mut under_way = UnderWay::default();
        let mut rests = Vec::new();
        for _ in 0..8 {
            under_way.end(&(1, "crm".to_owned(), false), Timestamp(0));
            rests.push(under_way.rests_until("crm", Timestamp(0)).map_or(0, |at| at.0 / SECOND));
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(under_way.rests_until("erp", Timestamp(0)), None);
        under_way.end(&(1, "crm".to_owned(), true), Timestamp(0));
        assert_eq!(under_way.rests_until("crm", Timestamp(0)), None);
    }
}
