//! Running other programs: quietly for their output, or aloud while keeping a copy of it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a program and returns what it wrote on stdout.
///
/// # Errors
/// When it cannot be started or fails; the error carries what it wrote on stderr.
pub(crate) fn read(folder: &Path, program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start \"{program}\""))?;
    if !output.status.success() {
        let talk = String::from_utf8_lossy(&output.stderr);
        bail!("\"{program} {}\" failed: {}", arguments.join(" "), talk.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program starts and ends well; silent either way.
pub(crate) fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first of these names that stands in a folder of `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<String> {
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let paths = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.filter(|path| path.is_file()).map(|path| path.to_string_lossy().into_owned()).next()
}

/// How a program ended that was run with [`aloud`].
#[derive(Debug)]
pub(crate) struct Ended {
    /// It ended with exit code 0, in time.
    pub(crate) well: bool,
    /// What it wrote on stdout and stderr, line by line as it came.
    pub(crate) talk: String,
}

/// Runs a command, shows what it writes as it comes, and keeps a copy.
///
/// After `limit` it is asked to end, and killed 5 s later: a suite that hangs is a failure, not a wait.
///
/// # Errors
/// When the program cannot be started.
pub(crate) fn aloud(command: &mut Command, limit: Duration) -> Result<Ended> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {:?}", command.get_program()))?;
    let (sender, lines) = mpsc::channel();
    for pipe in [
        child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ] {
        let sender = sender.clone();
        std::thread::spawn(move || forward_lines(pipe, &sender));
    }
    drop(sender);
    let deadline = Instant::now() + limit;
    let mut talk = String::new();
    let in_time = loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                println!("{line}");
                talk.push_str(&line);
                talk.push('\n');
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break true,
            Err(mpsc::RecvTimeoutError::Timeout) => break false,
        }
    };
    if !in_time {
        println!("killed: it ran for more than {} s", limit.as_secs());
        end(&mut child);
    }
    let status = child.wait().context("could not wait for a program that was started")?;
    Ok(Ended { well: in_time && status.success(), talk })
}

/// Asks first, so that a suite can stop the servers and browsers that it started.
fn end(child: &mut Child) {
    works("kill", &["-TERM", &child.id().to_string()]);
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    // An error here means that it has ended meanwhile.
    let _ = child.kill();
}

fn forward_lines(pipe: Option<Box<dyn Read + Send>>, sender: &mpsc::Sender<String>) {
    let Some(pipe) = pipe else { return };
    let mut reader = BufReader::new(pipe);
    let mut bytes = Vec::new();
    // Bytes, not `lines()`: one stray byte that is no UTF-8 must not end the copy.
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
        if sender.send(line).is_err() {
            return;
        }
        bytes.clear();
    }
}
