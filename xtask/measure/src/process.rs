//! The one runner of child processes: what is measured, servers, compilers of peers.

use std::env::{self, consts::EXE_SUFFIX};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use process_wrap::std::{ChildWrapper, CommandWrap};
use xtask_report::data::Cost;

use crate::interrupt;

/// The program beside this one that starts what is measured.
const LAUNCHER: &str = "xtask-launch";

/// Its argument for a process that does nothing.
pub const NOTHING: &str = "--nothing";

/// After this long a program counts as hung.
pub const LIMIT: Duration = Duration::from_secs(300);

/// A child is looked at this often, and after a twentieth of its time, not to disturb it.
const LOOK: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(100)];

/// Where the environment begins moves the stack, and with it how fast a program is: each run gets
/// a variable of another length, up to a page.
const OFFSET: (&str, usize) = ("XTASK_OFFSET", 4096);

/// What a program may see of the reader's environment: only what it needs. `RUST_BACKTRACE` alone
/// would make every error of `anyhow` walk the stack; `GOMAXPROCS`, `PYTHONDEVMODE`, `LD_PRELOAD`
/// and their like change what is measured.
const KEPT: &str = "
    APPDATA COMSPEC DATABASE_URL EXAMPLE_LATENCY_MS EXAMPLE_URL GNUPGHOME HOME LANG LC_ALL LOGNAME
    NGRAMS_FILE PATH PATHEXT PYENV_ROOT PYENV_VERSION RUSTUP_HOME RUSTUP_TOOLCHAIN SHELL SYSTEMROOT
    TEMP TERM TMP TMPDIR TZ USER USERNAME USERPROFILE VIRTUAL_ENV";

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
    /// The folder that it runs in, if not ours.
    pub folder: Option<PathBuf>,
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

/// The path of the launcher.
pub fn launcher() -> anyhow::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name(format!("{LAUNCHER}{EXE_SUFFIX}")))
}

impl Program {
    /// A command and its arguments.
    pub fn of<S: Into<OsString>>(command: impl IntoIterator<Item = S>) -> Self {
        let command: Vec<OsString> = command.into_iter().map(Into::into).collect();
        let name = command.first().map(|it| it.to_string_lossy().into_owned());
        Self {
            name: name.unwrap_or_default(),
            command,
            ..Self::default()
        }
    }

    /// Another program in the same setting.
    pub fn named(&self, name: String, command: Vec<OsString>, args: Vec<String>) -> Self {
        Self {
            name,
            command,
            args,
            ..self.clone()
        }
    }

    /// Runs the program once, for no longer than `limit`.
    ///
    /// # Errors
    /// If it cannot be started, fails, or exceeds its limit, with what it wrote on stderr; or
    /// [`interrupt::Interrupted`].
    pub fn run(&self, limit: Duration) -> anyhow::Result<Run> {
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let report = tempfile::NamedTempFile::new()?;
        let mut launch = Command::new(launcher()?);
        launch.arg(report.path()).args(&self.command);
        launch
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?);
        let ended = self.spawn(launch)?.wait(limit)?;
        let wrong = match ended {
            None => format!("has not ended after {} s", limit.as_secs_f64()),
            Some(status) if !status.success() => "cannot be started".to_owned(),
            Some(_) => {
                let report = fs::read_to_string(report.path())?;
                let (failure, cost) = read(&report).context("the launcher's report is cut off")?;
                if failure.is_empty() {
                    return Ok(Run {
                        cost,
                        stdout: contents(&mut stdout)?,
                        stderr: contents(&mut stderr)?,
                    });
                }
                format!("failed with {failure}")
            }
        };
        bail!("{} {wrong}{}", self.name, complaint(&mut stderr))
    }

    /// Starts `command`, which is this program or starts it, with this program's own arguments.
    ///
    /// # Errors
    /// If it cannot be started; or [`interrupt::Interrupted`].
    pub fn spawn(&self, mut command: Command) -> anyhow::Result<Child> {
        interrupt::check()?;
        let (offset, most) = OFFSET;
        clean(&mut command)
            .env(offset, "x".repeat(fastrand::usize(..most)))
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .args(&self.args)
            .stdin(Stdio::null());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let mut command = CommandWrap::from(command);
        // What it starts in turn is ended with it.
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        let child = command.spawn();
        Ok(Child(
            child.with_context(|| format!("cannot start {}", self.name))?,
        ))
    }
}

/// Gives `command` a clean environment.
pub fn clean(command: &mut Command) -> &mut Command {
    let is_kept = |name: &str| KEPT.split_whitespace().any(|kept| kept == name);
    // Names of variables have no case on Windows, where some are `Path`.
    let name = |name: &OsString| match cfg!(windows) {
        true => name.to_string_lossy().to_uppercase(),
        false => name.to_string_lossy().into_owned(),
    };
    let kept = env::vars_os().filter(|(it, _)| is_kept(&name(it)));
    command.env_clear().envs(kept)
}

/// What a small program prints, if it is there and does not fail.
pub fn output(command: &[&str]) -> Option<String> {
    let run = Program::of(command).run(LIMIT).ok()?;
    let text = run.stdout.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a program of this name is there.
pub fn is_installed(program: &str) -> bool {
    Program::of([program, "--version"]).run(LIMIT).is_ok()
}

/// A child that ends, with all that it has started, when this is dropped.
#[derive(Debug)]
pub struct Child(pub Box<dyn ChildWrapper>);

impl Child {
    /// Waits for its end; `None` if that takes too long.
    fn wait(&mut self, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Some(status) = self.0.try_wait()? {
                return Ok(Some(status));
            }
            interrupt::check()?;
            thread::sleep((start.elapsed() / 20).clamp(LOOK[0], LOOK[1]));
        }
        Ok(None)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is left to do then.
        let _ = self.0.start_kill();
        let _ = self.0.wait();
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

/// The launcher's report: how the program failed, if it did, and what it cost. The system tells no
/// zeros.
fn read(report: &str) -> Option<(&str, Cost)> {
    let (numbers, failure) = report.split_once('\n')?;
    let mut words = numbers.split_whitespace();
    let mut number = || words.next()?.parse::<f64>().ok();
    let (wall, cpu, memory) = (number()?, number()?, number()?);
    let cost = Cost {
        wall,
        cpu: Some(cpu),
        peak_memory: (memory > 0.0).then_some(memory as u64),
        ..Cost::default()
    };
    Some((failure.trim(), cost))
}

fn contents(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A shell that does this, and its output, which ends with the last process that has it.
    fn shell(script: &str) -> (String, Option<ExitStatus>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::piped());
        let mut child = Program::of(["sh"]).spawn(command).unwrap();
        let ended = child.wait(Duration::from_millis(500)).unwrap();
        let mut stdout = child.0.stdout().take().unwrap();
        drop(child);
        let mut printed = String::new();
        stdout.read_to_string(&mut printed).unwrap();
        (printed, ended)
    }

    #[test]
    fn what_does_not_end_in_time_is_ended_with_all_that_it_started() {
        assert_eq!(
            shell("sleep 600 & echo begun; wait"),
            ("begun\n".into(), None)
        );
    }

    #[test]
    fn the_environment_begins_at_another_place_in_each_run() {
        let length = |_| shell("echo ${#XTASK_OFFSET}").0;
        let lengths: HashSet<String> = (0..5).map(length).collect();
        assert!(lengths.len() > 1, "{lengths:?}");
    }
}
