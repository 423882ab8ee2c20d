//! How many tests passed, failed and were skipped, read from what each kind of runner prints.

use std::fmt;
use std::ops::AddAssign;

/// The outcome of a suite, or of all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl Counts {
    /// A suite that is one single check.
    pub(super) fn of_one(well: bool) -> Self {
        Self { passed: usize::from(well), failed: usize::from(!well), skipped: 0 }
    }

    /// Adds a failure where the runner ended badly without naming one, or ran nothing at all.
    pub(super) fn judged(mut self, ended_well: bool) -> Self {
        let ran_nothing = self == Self::default();
        if self.failed == 0 && (!ended_well || ran_nothing) {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The form that every suite's last line has: `3 passed, 0 failed`, and `, 1 skipped` if any was.
impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Reads a suite's own last line; none when there is no such line.
pub(super) fn from_suite(talk: &str) -> Option<Counts> {
    let line = talk.lines().rev().find(|line| !line.trim().is_empty())?.trim();
    let counts = from_list(line);
    (line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" passed, ")).then_some(counts)
}

/// Adds up the lines `test result: ok. 5 passed; 0 failed; 1 ignored; ...` of `cargo test`.
pub(super) fn from_cargo_test(talk: &str) -> Counts {
    let mut sum = Counts::default();
    for line in talk.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        let list = line.split_once(". ").map_or("", |(_, list)| list);
        sum += from_list(&list.replace(';', ","));
    }
    sum
}

/// Reads `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 2 skipped`.
pub(super) fn from_nextest(talk: &str) -> Counts {
    let summaries = talk.lines().filter(|line| line.trim_start().starts_with("Summary ["));
    let list = summaries.filter_map(|line| line.split_once(" run: ")).next_back();
    list.map_or_else(Counts::default, |(_, list)| from_list(list))
}

/// Reads `10 passed (1 slow), 1 failed, 1 timed out, 2 skipped`; words that are not outcomes add nothing.
fn from_list(list: &str) -> Counts {
    let mut counts = Counts::default();
    for part in list.split(',').map(str::trim) {
        let Some((number, outcome)) = part.split_once(' ') else { continue };
        let Ok(number) = number.parse::<usize>() else { continue };
        match outcome.split(" (").next().unwrap_or("") {
            "passed" => counts.passed += number,
            "failed" | "timed out" | "exec failed" => counts.failed += number,
            "skipped" | "ignored" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: usize, failed: usize, skipped: usize) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn a_suite_is_believed_on_its_last_line_only() {
        assert_eq!(
            from_suite("9 passed, 9 failed\nmore\n3 passed, 1 failed\n\n"),
            Some(counts(3, 1, 0))
        );
        assert_eq!(from_suite("3 passed, 0 failed, 2 skipped"), Some(counts(3, 0, 2)));
        assert_eq!(from_suite("3 passed, 0 failed\nTypeError: boom"), None);
        assert_eq!(from_suite(""), None);
    }

    #[test]
    fn cargo_test_results_add_up() {
        let talk = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\nrunning 1 test\ntest result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(from_cargo_test(talk), counts(6, 2, 1));
    }

    #[test]
    fn a_nextest_summary_is_read() {
        let talk = "     Summary [   1.204s] 14 tests run: 11 passed (1 slow, 2 flaky), 1 failed, 2 timed out, 3 skipped";
        assert_eq!(from_nextest(talk), counts(11, 3, 3));
        assert_eq!(
            from_nextest("     Summary [   0.2s] 1 test run: 1 passed, 0 skipped"),
            counts(1, 0, 0)
        );
    }

    #[test]
    fn a_runner_that_ends_badly_or_runs_nothing_has_failed() {
        assert_eq!(counts(3, 0, 0).judged(false), counts(3, 1, 0));
        assert_eq!(counts(0, 0, 0).judged(true), counts(0, 1, 0));
        assert_eq!(counts(3, 2, 0).judged(false), counts(3, 2, 0));
        assert_eq!(counts(0, 0, 1).judged(true), counts(0, 0, 1));
    }

    #[test]
    fn the_last_line_reads_like_every_suite() {
        assert_eq!(counts(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(counts(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
