//! Runs a listing that records what its tasks do.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use xtask::timeline::Timeline;

use crate::system::interrupt;

/// How often a running listing is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A run and what it recorded.
#[derive(Debug)]
pub struct Recorded {
    /// What its tasks did.
    pub timeline: Timeline,
    /// How it ended.
    pub status: ExitStatus,
}

/// Runs a built listing and reads what it has recorded.
///
/// # Errors
/// If it cannot be started.
pub fn record(binary: &Path, args: &[String]) -> anyhow::Result<Recorded> {
    let file = tempfile::NamedTempFile::new()?;
    interrupt::catch()?;
    let mut child = Command::new(binary)
        .args(args)
        .env("TIMELINE", file.path())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let status = wait(&mut child)?;
    let text = fs::read_to_string(file.path())?;
    Ok(Recorded {
        timeline: Timeline::read(&text),
        status,
    })
}

/// Waits for the listing. Ctrl-C in a terminal reaches it by itself; what only we hear is passed on.
fn wait(child: &mut Child) -> anyhow::Result<ExitStatus> {
    let mut passed_on = std::io::stdin().is_terminal();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if interrupt::has_come() && !passed_on {
            passed_on = true;
            // It may have just ended.
            let _ = kill_process(Pid::from_child(child), Signal::INT);
        }
        thread::sleep(LOOK);
    }
}
