//! Runs one program, measured.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{environment, interrupt};
use crate::data::Cost;

/// The program beside this one that starts what is measured.
const LAUNCHER: &str = "xtask-launch";

/// How often Ctrl-C is looked for while a program runs: rarely, not to disturb it.
const LOOK: Duration = Duration::from_millis(100);

/// A program and how to run it: a listing, or one in another language.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// What messages call it.
    pub name: String,
    /// The program, and the arguments that come first, such as an interpreter and its script.
    pub command: Vec<OsString>,
    /// Its own arguments.
    pub args: Vec<String>,
    /// What its environment has beside what all have.
    pub env: Vec<(&'static str, OsString)>,
    /// The folder that it runs in, where not ours.
    pub folder: Option<PathBuf>,
    /// After this long it counts as hung.
    pub limit: Duration,
}

/// What a run cost and printed.
#[derive(Debug)]
pub struct Run {
    /// Its cost.
    pub cost: Cost,
    /// What it wrote on stdout.
    pub stdout: String,
    /// What it wrote on stderr.
    pub stderr: String,
}

impl Program {
    /// Another program in the same setting.
    pub fn named(&self, name: String, command: Vec<OsString>, args: Vec<String>) -> Self {
        Self {
            name,
            command,
            args,
            ..self.clone()
        }
    }

    /// Runs the program once.
    ///
    /// # Errors
    /// If it cannot be started, fails, or exceeds its limit, with what it wrote on stderr; or
    /// [`interrupt::Interrupted`].
    pub fn run(&self) -> anyhow::Result<Run> {
        interrupt::check()?;
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let report = tempfile::NamedTempFile::new()?;
        let mut launcher = Command::new(env::current_exe()?.with_file_name(LAUNCHER));
        if let Some(folder) = &self.folder {
            launcher.current_dir(folder);
        }
        environment::clean(&mut launcher, &self.env);
        let launcher = launcher
            .arg(report.path())
            .args(&self.command)
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?)
            // A group of its own, so that launcher and program can be ended together.
            .process_group(0)
            .spawn()
            .context("cannot start the launcher")?;
        let ended = wait(launcher, self.limit)?;
        let wrong = match ended {
            None => format!("has not ended after {} s", self.limit.as_secs_f64()),
            Some(status) if !status.success() => "cannot be started".to_owned(),
            Some(_) => {
                let report = fs::read_to_string(report.path())?;
                let (status, cost) = read(&report).context("the launcher's report is cut off")?;
                if status.success() {
                    return Ok(Run {
                        cost,
                        stdout: contents(&mut stdout)?,
                        stderr: contents(&mut stderr)?,
                    });
                }
                format!("failed with {status}")
            }
        };
        bail!("{} {wrong}{}", self.name, complaint(&mut stderr))
    }
}

/// What a program wrote on stderr, for an error message.
pub fn complaint(stderr: &mut File) -> String {
    let text = contents(stderr).unwrap_or_default();
    match text.trim() {
        "" => String::new(),
        text => format!("; its stderr: {text}"),
    }
}

/// The launcher's report: how the program ended, and what it cost.
fn read(report: &str) -> Option<(ExitStatus, Cost)> {
    let mut words = report.split_whitespace();
    let status = ExitStatus::from_raw(words.next()?.parse().ok()?);
    let cost = Cost {
        wall: words.next()?.parse().ok()?,
        cpu: Some(words.next()?.parse().ok()?),
        peak_memory: Some(words.next()?.parse().ok()?),
        ..Cost::default()
    };
    Some((status, cost))
}

/// Waits for the launcher on a thread that sleeps until it ends; `None` where that is too long.
fn wait(mut launcher: Child, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let group = Pid::from_child(&launcher);
    let deadline = Instant::now() + limit;
    let (sender, ended) = mpsc::channel();
    let waiting = thread::spawn(move || {
        // Nobody listens any longer where it was ended from here.
        let _ = sender.send(launcher.wait());
    });
    while !interrupt::has_come() {
        let left = deadline.saturating_duration_since(Instant::now());
        match ended.recv_timeout(left.min(LOOK)) {
            Ok(status) => return Ok(Some(status?)),
            Err(_) if left.is_zero() => break,
            Err(_) => {}
        }
    }
    // The whole group may just have ended by itself, which is as good.
    let _ = kill_process_group(group, Signal::KILL);
    let _ = waiting.join();
    interrupt::check()?;
    Ok(None)
}

fn contents(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
