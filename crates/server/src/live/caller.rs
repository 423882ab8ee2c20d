//! What journeys tell other programs leaves here: a few at once, never two of the same, and no one that
//! is slow keeps the others waiting. What was under way when the program ended is made again under the
//! same id.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use regulars_deliver::webhook::{Answer, Post, Webhooks};
use regulars_engine::journey::Call;
use regulars_engine::step::MayLeave;
use regulars_engine::time::{HOUR, SECOND, Timestamp};
use regulars_store::{Reader, SqliteReader, Store, StoreError};
use tokio::task::{self, JoinSet};

use super::desk::{Desk, DeskError};
use crate::clock;
use crate::sending::may_leave;
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
/// How many that are kept no longer are taken away in one go: a few milliseconds of the writer's.
const THINNED_AT_ONCE: usize = 500;

/// What callers share.
#[derive(Debug)]
pub struct Caller {
    /// Where looks are asked for and outcomes noted.
    pub desk: Desk,
    /// Who posts.
    pub webhooks: Arc<Webhooks>,
}

/// A destination, and what waits to be told to it: what is to be tried first before the rest.
type Waiting = (Destination, Vec<Call>);

/// What is under way, and who rests.
#[derive(Debug, Default)]
struct UnderWay {
    /// Attempts; each ends with whether all went well.
    attempts: JoinSet<bool>,
    /// Which call each of them is about, and whom it tells.
    calls: HashMap<task::Id, (u64, String)>,
    /// How often in a row a destination did not take anything, and until when it rests.
    resting: BTreeMap<String, (u32, Timestamp)>,
}

/// Makes calls that are due until it is ended, and takes away those that were kept long enough.
pub async fn call_others(shared: Arc<Caller>, reader: SqliteReader) {
    let reader = Arc::new(reader);
    let mut under_way = UnderWay::default();
    let mut thin_at = clock::now();
    loop {
        let asked = Arc::clone(&reader);
        let waiting = match task::spawn_blocking(move || waiting(&asked)).await {
            Ok(Ok(waiting)) => waiting,
            Ok(Err(error)) => {
                tracing::error!(%error, "could not read what other programs are to be told");
                Vec::new()
            }
            Err(_) => {
                tracing::error!("reading what other programs are to be told broke off");
                Vec::new()
            }
        };
        let now = clock::now();
        if thin_at <= now {
            thin_at = thin(&shared, now).await;
        }
        let next = soonest(begin(&shared, waiting, &mut under_way, now), thin_at);
        let ms = next.since(clock::now()).max(1);
        let nap = Duration::from_millis(u64::try_from(ms).unwrap_or(1)).min(NAP);
        tokio::select! {
            Some(()) = under_way.ended() => {}
            () = shared.desk.calls().notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// Takes away what is kept no longer; returns when there may be more.
async fn thin(shared: &Caller, now: Timestamp) -> Timestamp {
    let thinned = shared.desk.write(move |writer| writer.store().thin_calls(now, THINNED_AT_ONCE));
    match thinned.await {
        Ok(THINNED_AT_ONCE) => now.plus(SECOND),
        Ok(_) => now.plus(HOUR),
        Err(error) => {
            tracing::error!(%error, "could not thin out what other programs were told");
            now.plus(HOUR)
        }
    }
}

/// What waits, by destination; nothing where nothing may leave.
fn waiting(reader: &SqliteReader) -> Result<Vec<Waiting>, StoreError> {
    // Somebody who stops everything that leaves means this too, and wakes this when it may go on.
    if may_leave(reader.sending()?) == MayLeave::Nothing {
        return Ok(Vec::new());
    }
    let told = webhooks::list(reader)?.into_iter().filter(|held| held.paused.is_none());
    told.map(|destination| {
        let calls = reader.waiting_calls(&destination.name, 2 * AT_ONCE_EACH)?;
        Ok((destination, calls))
    })
    .collect()
}

/// Begins what is due and finds room; returns when the next one is.
fn begin(
    shared: &Arc<Caller>,
    waiting: Vec<Waiting>,
    under_way: &mut UnderWay,
    now: Timestamp,
) -> Option<Timestamp> {
    let mut next = None;
    for (destination, calls) in waiting {
        if let Some(until) = under_way.rests_until(&destination.name, now) {
            next = Some(soonest(next, until));
            continue;
        }
        for call in calls {
            if under_way.holds(call.id) {
                continue;
            }
            let due = call.state.not_before().unwrap_or(now);
            if due > now {
                next = Some(soonest(next, due));
                break;
            }
            // Whatever finds no room is looked for again when something has ended.
            if !under_way.has_room(&destination.name) {
                break;
            }
            let (shared, to) = (Arc::clone(shared), destination.clone());
            under_way.begin((call.id, &destination.name), async move {
                attempt(&shared, call.id, &to).await.unwrap_or_else(|error| {
                    tracing::error!(%error, call.id = call.id, "could not note a call");
                    false
                })
            });
        }
    }
    next
}

fn soonest(held: Option<Timestamp>, other: Timestamp) -> Timestamp {
    held.map_or(other, |held| held.min(other))
}

/// Makes one attempt; returns whether it was taken, or is no longer to be made.
async fn attempt(shared: &Caller, id: u64, destination: &Destination) -> Result<bool, DeskError> {
    let looked = shared.desk.write(move |writer| webhooks::look(writer, id, clock::now())).await?;
    let Some((call, body)) = looked else { return Ok(true) };
    let now = clock::now();
    let post = Post {
        id: &webhooks::call_id(&call, shared.desk.salt()),
        // Whoever is called compares it with a clock of their own.
        seconds: clock::by_the_machine().0.div_euclid(SECOND),
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
    fn holds(&self, id: u64) -> bool {
        self.calls.values().any(|(held, _)| *held == id)
    }

    /// Whether another call to a destination may be made now.
    fn has_room(&self, destination: &str) -> bool {
        let own = self.calls.values().filter(|(_, told)| told == destination).count();
        self.calls.len() < AT_ONCE && own < AT_ONCE_EACH
    }

    /// Begins an attempt at a call.
    fn begin(
        &mut self,
        (id, destination): (u64, &str),
        attempt: impl Future<Output = bool> + Send + 'static,
    ) {
        let task = self.attempts.spawn(attempt).id();
        self.calls.insert(task, (id, destination.to_owned()));
    }

    /// Waits until an attempt has ended, and notes that; `None`: there is none. Dropping the future
    /// loses nothing.
    async fn ended(&mut self) -> Option<()> {
        let ended = self.attempts.join_next_with_id().await?;
        // One that broke off by a fault of ours frees its place too, and its call still waits.
        let (task, well) = ended.unwrap_or_else(|broken| (broken.id(), false));
        if let Some((_, destination)) = self.calls.remove(&task) {
            self.note(destination, well, clock::now());
        }
        Some(())
    }

    /// Notes how an attempt went.
    fn note(&mut self, destination: String, well: bool, now: Timestamp) {
        if well {
            self.resting.remove(&destination);
        } else {
            let (times, until) = self.resting.entry(destination).or_default();
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

    #[tokio::test]
    async fn no_destination_takes_the_room_of_others() {
        let mut under_way = UnderWay::default();
        for id in 0..AT_ONCE_EACH as u64 {
            assert!(under_way.has_room("crm") && !under_way.holds(id));
            under_way.begin((id, "crm"), async { true });
            assert!(under_way.holds(id));
        }
        assert!(!under_way.has_room("crm"), "it has enough");
        assert!(under_way.has_room("erp"));
        under_way.ended().await;
        assert!(under_way.has_room("crm"));
        for id in 200.. {
            let name = format!("other {id}");
            if !under_way.has_room(&name) {
                break;
            }
            under_way.begin((id, &name), async { true });
        }
        assert_eq!(under_way.calls.len(), AT_ONCE);
    }

    #[tokio::test]
    async fn an_attempt_that_breaks_off_frees_its_place() {
        let mut under_way = UnderWay::default();
        under_way.begin((7, "crm"), async { panic!("a fault of ours") });
        assert!(under_way.ended().await.is_some());
        assert!(!under_way.holds(7) && under_way.calls.is_empty());
        assert!(under_way.rests_until("crm", clock::now()).is_some(), "it is made again, later");
        assert!(under_way.ended().await.is_none());
    }

    #[test]
    fn whoever_does_not_answer_is_left_alone_for_longer_each_time() {
        let mut under_way = UnderWay::default();
        let mut rests = Vec::new();
        for _ in 0..8 {
            under_way.note("crm".to_owned(), false, Timestamp(0));
            rests.push(under_way.rests_until("crm", Timestamp(0)).map_or(0, |at| at.0 / SECOND));
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(under_way.rests_until("erp", Timestamp(0)), None);
        under_way.note("crm".to_owned(), true, Timestamp(0));
        assert_eq!(under_way.rests_until("crm", Timestamp(0)), None);
    }
}
