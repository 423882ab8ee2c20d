//! Lines repeated, reordered, delayed or told less exactly: what really arrives.
//!
//! Every function takes event-file lines in the order of `receivedAt` and gives such lines back.
//! The facts stay the same: where a line is received at another time, its `sentAt` moves along,
//! so that no clock seems to be wrong that was right.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;

use crate::rng::{Purpose, Rng};

/// A line that is none of an event file.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// The line is no JSON object.
    #[error("line {line} is not a JSON object")]
    Json {
        /// Counted from 1.
        line: usize,
        /// Why not.
        source: serde_json::Error,
    },
    /// The line has no `receivedAt`, or a time in it is not in RFC 3339.
    #[error("line {line} has no RFC 3339 time in \"{field}\"")]
    Time {
        /// Counted from 1.
        line: usize,
        /// Where.
        field: &'static str,
    },
}

/// How exactly a feed tells the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// `2026-11-21T18:47`, in local time without an offset.
    Minute,
    /// `2026-11-21`, in local time.
    Day,
}

#[derive(Debug)]
struct Parsed {
    line: Value,
    number: usize,
    received_at: Timestamp,
}

/// Lines on their way, in the order of receipt: read once, whatever happens to them.
#[derive(Debug)]
pub struct OnTheWay(Vec<Parsed>);

impl OnTheWay {
    /// Reads lines.
    ///
    /// # Errors
    /// If a line is none of an event file.
    pub fn read<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> Result<Self, FaultError> {
        let parse = |(number, line): (usize, T)| {
            let line: Value = serde_json::from_str(line.as_ref())
                .map_err(|source| FaultError::Json { line: number, source })?;
            let mut parsed = Parsed { line, number, received_at: Timestamp::UNIX_EPOCH };
            let missing = FaultError::Time { line: number, field: "receivedAt" };
            parsed.received_at = parsed.time("receivedAt")?.ok_or(missing)?;
            Ok(parsed)
        };
        (1..).zip(lines).map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// See [`repeat`].
    ///
    /// # Errors
    /// If a line has a time that is none.
    pub fn repeat(&mut self, seed: u64, per_mille: u32) -> Result<(), FaultError> {
        let mut rng = Rng::keyed(seed, Purpose::Fault, 1, 0);
        let mut again = Vec::new();
        for original in &self.0 {
            if rng.chance(per_mille) {
                let wait = if rng.chance(250) { 0 } else { rng.seconds(0, 40) };
                let received_at = original.received_at + SignedDuration::from_millis(wait);
                let mut copy = Parsed { line: original.line.clone(), ..*original };
                // A client that tries again sends the same bytes: `sentAt` stays.
                copy.receive_at(received_at, SentAt::Stays)?;
                again.push(copy);
            }
        }
        self.0.extend(again);
        self.sort();
        Ok(())
    }

    /// See [`scatter`].
    ///
    /// # Errors
    /// If a line has a time that is none.
    pub fn scatter(&mut self, seed: u64, delay_max: SignedDuration) -> Result<(), FaultError> {
        let mut rng = Rng::keyed(seed, Purpose::Fault, 3, 0);
        let seconds_max = u32::try_from(delay_max.as_secs()).unwrap_or(0);
        for event in self.0.iter_mut().filter(|line| !line.is_report()) {
            let wait = SignedDuration::from_secs(i64::from(rng.between(0, seconds_max)));
            event.receive_at(event.received_at + wait, SentAt::MovesAlong)?;
        }
        self.sort();
        Ok(())
    }

    /// See [`delay`].
    ///
    /// # Errors
    /// If a line has a time that is none.
    pub fn delay(
        &mut self,
        source: &str,
        feed: Option<&str>,
        by: SignedDuration,
    ) -> Result<(), FaultError> {
        for line in self.0.iter_mut().filter(|line| line.is_from(source, feed)) {
            line.receive_at(line.received_at + by, SentAt::MovesAlong)?;
        }
        self.sort();
        Ok(())
    }

    /// The lines as they are, with when each is received.
    pub fn into_values(self) -> impl Iterator<Item = (Timestamp, Value)> {
        self.0.into_iter().map(|parsed| (parsed.received_at, parsed.line))
    }

    /// In the order of receipt; of lines received together, in the order given.
    fn sort(&mut self) {
        self.0.sort_by_key(|line| line.received_at);
    }

    fn write(mut self) -> Vec<String> {
        self.sort();
        self.0.iter().map(|parsed| parsed.line.to_string()).collect()
    }
}

/// Repeats about `per_mille` thousandths of the lines: the same line again, within 40 seconds,
/// now and then in the same millisecond.
///
/// # Errors
/// If a line is none of an event file.
pub fn repeat(lines: &[String], seed: u64, per_mille: u32) -> Result<Vec<String>, FaultError> {
    let mut read = OnTheWay::read(lines)?;
    read.repeat(seed, per_mille)?;
    Ok(read.write())
}

/// Any order at all: gives the events' moments of receipt to other events, at random. All moments
/// are put off by the length of the file, so that nothing is received before it happened;
/// watermarks and heartbeats are put off as much and keep their places among the moments.
///
/// # Errors
/// If a line is none of an event file.
pub fn reorder(lines: &[String], seed: u64) -> Result<Vec<String>, FaultError> {
    let OnTheWay(parsed) = OnTheWay::read(lines)?;
    let (Some(first), Some(last)) = (parsed.first(), parsed.last()) else { return Ok(Vec::new()) };
    let length = last.received_at.duration_since(first.received_at);
    let (mut reports, mut events): (Vec<_>, Vec<_>) =
        parsed.into_iter().partition(Parsed::is_report);
    for report in &mut reports {
        report.receive_at(report.received_at + length, SentAt::MovesAlong)?;
    }
    let moments: Vec<Timestamp> = events.iter().map(|event| event.received_at + length).collect();
    let mut rng = Rng::keyed(seed, Purpose::Fault, 2, 0);
    for place in (1..events.len()).rev() {
        events.swap(place, rng.index(place + 1));
    }
    for (event, moment) in events.iter_mut().zip(moments) {
        event.receive_at(moment, SentAt::MovesAlong)?;
    }
    reports.extend(events);
    Ok(OnTheWay(reports).write())
}

/// Delays every event on its own, by up to `delay_max`. Watermarks and heartbeats arrive as
/// before, so that what comes after them is a straggler.
///
/// # Errors
/// If a line is none of an event file.
pub fn scatter(
    lines: &[String],
    seed: u64,
    delay_max: SignedDuration,
) -> Result<Vec<String>, FaultError> {
    let mut read = OnTheWay::read(lines)?;
    read.scatter(seed, delay_max)?;
    Ok(read.write())
}

/// Puts off everything a feed says, its watermarks and heartbeats too, by `by`; without a `feed`,
/// everything the source says.
///
/// # Errors
/// If a line is none of an event file.
pub fn delay(
    lines: &[String],
    source: &str,
    feed: Option<&str>,
    by: SignedDuration,
) -> Result<Vec<String>, FaultError> {
    let mut read = OnTheWay::read(lines)?;
    read.delay(source, feed, by)?;
    Ok(read.write())
}

/// Tells the times of a feed's events less exactly, in the local time of `zone`.
///
/// # Errors
/// If a line is none of an event file.
pub fn blur(
    lines: &[String],
    source: &str,
    feed: Option<&str>,
    precision: Precision,
    zone: &TimeZone,
) -> Result<Vec<String>, FaultError> {
    let mut read = OnTheWay::read(lines)?;
    for line in read.0.iter_mut().filter(|line| line.is_from(source, feed)) {
        if let Some(at) = line.time("timestamp")? {
            let local = at.to_zoned(zone.clone()).datetime();
            let text = match precision {
                Precision::Minute => local.strftime("%Y-%m-%dT%H:%M").to_string(),
                Precision::Day => local.date().to_string(),
            };
            line.line["timestamp"] = Value::String(text);
        }
    }
    Ok(read.write())
}

/// What becomes of `sentAt` when a line is received at another time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SentAt {
    Stays,
    MovesAlong,
}

impl Parsed {
    fn is_report(&self) -> bool {
        matches!(self.line["type"].as_str(), Some("watermark" | "heartbeat"))
    }

    fn is_from(&self, source: &str, feed: Option<&str>) -> bool {
        self.line["source"] == source && feed.is_none_or(|feed| self.line["feed"] == feed)
    }

    fn time(&self, field: &'static str) -> Result<Option<Timestamp>, FaultError> {
        match self.line[field].as_str() {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| FaultError::Time { line: self.number, field })
            }
        }
    }

    fn receive_at(&mut self, received_at: Timestamp, sent_at: SentAt) -> Result<(), FaultError> {
        if sent_at == SentAt::MovesAlong
            && let Some(sent) = self.time("sentAt")?
        {
            self.line["sentAt"] = rfc3339(sent + received_at.duration_since(self.received_at));
        }
        self.received_at = received_at;
        self.line["receivedAt"] = rfc3339(received_at);
        Ok(())
    }
}

fn rfc3339(at: Timestamp) -> Value {
    Value::String(format!("{at:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<String> {
        let sale = |id: u32, minute: u32| {
            format!(
                r#"{{"type":"track","event":"Order Completed","messageId":"m{id}","timestamp":"2026-11-21T17:{minute}:00Z","sentAt":"2026-11-21T17:{minute}:02Z","source":"pos-1","feed":"till-{}","receivedAt":"2026-11-21T17:{minute}:03.000Z"}}"#,
                id % 2
            )
        };
        let watermark = r#"{"type":"watermark","source":"pos-1","feed":"till-1","completeThrough":"2026-11-21T17:50:00Z","receivedAt":"2026-11-21T17:50:01.000Z"}"#;
        let mut lines: Vec<String> = (0..40).map(|number| sale(number, number + 10)).collect();
        lines.push(watermark.to_owned());
        lines.sort_by_key(|line| received(line));
        lines
    }

    fn value(line: &str, field: &str) -> String {
        let line: Value = serde_json::from_str(line).unwrap();
        line[field].as_str().unwrap_or_default().to_owned()
    }

    fn received(line: &str) -> Timestamp {
        value(line, "receivedAt").parse().unwrap()
    }

    fn sorted(mut values: Vec<String>) -> Vec<String> {
        values.sort();
        values
    }

    fn all(lines: &[String], field: &str) -> Vec<String> {
        sorted(lines.iter().map(|line| value(line, field)).collect())
    }

    /// The same events, none received before it happened, every `sentAt` as far off as before.
    fn assert_same_facts(before: &[String], after: &[String]) {
        assert_eq!(all(before, "messageId"), all(after, "messageId"));
        assert!(after.is_sorted_by_key(|line| received(line)));
        for line in after.iter().filter(|line| !line.contains("watermark")) {
            let time = |field| value(line, field).parse::<Timestamp>().unwrap();
            assert!(time("timestamp") <= received(line));
            assert_eq!(received(line).duration_since(time("sentAt")), SignedDuration::from_secs(1));
        }
    }

    fn order(lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| value(line, "messageId")).collect()
    }

    #[test]
    fn reordering_gives_the_moments_to_other_lines() {
        let (before, after) = (lines(), reorder(&lines(), 3).unwrap());
        assert_same_facts(&before, &after);
        assert!(order(&before) != order(&after));
        assert!(after == reorder(&before, 3).unwrap());
        assert!(after != reorder(&before, 4).unwrap());
        let later = |line: &String| received(line) + SignedDuration::from_secs(39 * 60 + 58);
        assert!(before.iter().map(later).eq(after.iter().map(|line| received(line))));
        assert_eq!(reorder(&[], 1).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn scattering_delays_each_event_on_its_own() {
        let after = scatter(&lines(), 3, SignedDuration::from_mins(20)).unwrap();
        assert_same_facts(&lines(), &after);
        assert!(order(&lines()) != order(&after));
        assert!(after.iter().any(|line| line.contains("watermark") && line.contains("17:50:01")));
    }

    #[test]
    fn repeating_adds_copies_with_the_same_message_id() {
        let after = repeat(&lines(), 3, 500).unwrap();
        assert!((50..75).contains(&after.len()), "{}", after.len());
        let mut ids = all(&after, "messageId");
        ids.dedup();
        assert_eq!(ids, all(&lines(), "messageId"));
        assert!(after.is_sorted_by_key(|line| received(line)));
    }

    #[test]
    fn a_late_feed_is_late_with_its_watermark_and_no_other_is() {
        let after =
            delay(&lines(), "pos-1", Some("till-1"), SignedDuration::from_hours(26)).unwrap();
        assert!(after.is_sorted_by_key(|line| received(line)));
        for line in after {
            let late = received(&line) > "2026-11-22T00:00:00Z".parse().unwrap();
            assert_eq!(late, value(&line, "feed") == "till-1");
        }
        assert_eq!(
            delay(&lines(), "pos-1", None, SignedDuration::ZERO).unwrap().len(),
            lines().len()
        );
    }

    #[test]
    fn blurred_times_are_local() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let blurred = |precision| {
            let lines = blur(&lines(), "pos-1", Some("till-0"), precision, &zone).unwrap();
            value(&lines[0], "timestamp")
        };
        assert_eq!(blurred(Precision::Minute), "2026-11-21T18:10");
        assert_eq!(blurred(Precision::Day), "2026-11-21");
    }

    #[test]
    fn errors_name_the_line() {
        let lines = vec!["{}".to_owned()];
        assert_eq!(
            reorder(&lines, 1).unwrap_err().to_string(),
            "line 1 has no RFC 3339 time in \"receivedAt\""
        );
        let lines = vec!["x".to_owned()];
        assert_eq!(repeat(&lines, 1, 1).unwrap_err().to_string(), "line 1 is not a JSON object");
    }
}
