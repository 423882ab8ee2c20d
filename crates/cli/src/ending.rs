//! How a command ends: what is told on stderr, and the exit code.

use std::fmt;
use std::process::ExitCode;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All went well.
    Well,
    /// It ran to its end and found that something is not as it should be.
    Amiss,
    /// What it was given holds mistakes, which it has told.
    Mistakes,
}

/// An error of the command line's own: what is wrong, and what would cure it.
#[derive(Debug)]
pub(crate) struct Wrong {
    message: String,
    cure: String,
    usage: bool,
}

impl Wrong {
    /// Something failed.
    pub(crate) fn failed(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { message: message.into(), cure: cure.into(), usage: false }
    }

    /// The command was called in a way that means nothing.
    pub(crate) fn called(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { message: message.into(), cure: cure.into(), usage: true }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

/// Tells an error with its causes and its cure, and gives the exit code.
pub(crate) fn tell(ended: anyhow::Result<Ending>) -> ExitCode {
    let error = match ended {
        Ok(Ending::Well) => return ExitCode::SUCCESS,
        Ok(Ending::Amiss) => return ExitCode::from(1),
        Ok(Ending::Mistakes) => return ExitCode::from(2),
        Err(error) => error,
    };
    if reader_has_gone(&error) {
        // Whoever read our output has read enough, as `head` does.
        return ExitCode::SUCCESS;
    }
    let mut usage = false;
    for (depth, cause) in error.chain().enumerate() {
        let lead = if depth == 0 { "error: " } else { "  because " };
        eprintln!("{lead}{cause}");
    }
    for cause in error.chain() {
        if let Some(wrong) = cause.downcast_ref::<Wrong>() {
            usage |= wrong.usage;
            eprintln!("  cure: {}", wrong.cure);
        }
    }
    ExitCode::from(if usage { 2 } else { 1 })
}

fn reader_has_gone(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
