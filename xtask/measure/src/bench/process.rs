//! Runs one program and takes its time and memory from the operating system.
//!
//! xtask does not start the program itself but through a launcher: itself again, before it has
//! done anything. On Linux a process inherits the peak memory of the one that started it, up to
//! the moment it becomes another program, so measured from here every listing would seem to need
//! as much memory as xtask.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

/// As first argument of xtask, makes it the launcher.
pub const LAUNCH: &str = "__launch";

/// How often a running program is looked at. Its own time is measured by the launcher, which
/// waits without looking.
const LOOK: Duration = Duration::from_millis(1);

/// Set by Ctrl-C: the program that runs is ended, and no other is started.
pub static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The bench was interrupted, which is not the program's fault.
#[derive(Debug)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// A program and how to run it.
#[derive(Clone, Debug)]
pub struct Program {
    /// The binary's name and arguments, as the report shows them.
    pub name: String,
    /// The built binary.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// What its environment shall have, beside ours.
    pub env: Vec<(&'static str, OsString)>,
    /// The folder it shall run in, where not ours.
    pub folder: Option<PathBuf>,
    /// After this long it counts as hung.
    pub limit: Duration,
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Cost {
    /// From start to end, in seconds.
    pub wall: f64,
    /// CPU time in the program, in seconds, all threads together.
    pub user: f64,
    /// CPU time in the system on its behalf, in seconds.
    pub system: f64,
    /// The most memory it held at any time, in bytes.
    pub peak_memory: u64,
}

impl Cost {
    /// CPU time of both kinds, in seconds.
    #[must_use]
    pub fn cpu(&self) -> f64 {
        self.user + self.system
    }
}

/// What the launcher reports.
#[derive(Deserialize, Serialize)]
struct Launched {
    cost: Cost,
    /// The raw wait status.
    status: i32,
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
    /// Runs the program once.
    ///
    /// # Errors
    /// If it cannot be started, fails, or exceeds its limit, with what it wrote on stderr; or
    /// [`Interrupted`].
    pub fn run(&self) -> anyhow::Result<Run> {
        let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let report = tempfile::NamedTempFile::new()?;
        let mut launcher = Command::new(env::current_exe()?);
        if let Some(folder) = &self.folder {
            launcher.current_dir(folder);
        }
        let mut launcher = launcher
            .arg(LAUNCH)
            .arg(report.path())
            .arg(&self.path)
            .args(&self.args)
            .env_remove("TIMELINE")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(stdout.try_clone()?)
            .stderr(stderr.try_clone()?)
            // A group of its own, so that launcher and program can be ended together.
            .process_group(0)
            .spawn()
            .context("cannot start the launcher")?;
        let ended = wait(&mut launcher, self.limit)?;
        let stderr = contents(&mut stderr)?;
        let complaint = match stderr.trim() {
            "" => String::new(),
            text => format!("; its stderr: {text}"),
        };
        match ended {
            Ended::Itself(status) if status.success() => {}
            Ended::Itself(_) => bail!("{} cannot be started{complaint}", self.name),
            Ended::Interrupted => return Err(Interrupted.into()),
            Ended::TooLong => bail!(
                "{} has not ended after {} s{complaint}",
                self.name,
                self.limit.as_secs_f64()
            ),
        }
        let report = fs::read(report.path())?;
        let Launched { cost, status } = serde_json::from_slice(&report)?;
        let status = ExitStatus::from_raw(status);
        if !status.success() {
            bail!("{} failed with {status}{complaint}", self.name);
        }
        Ok(Run {
            cost,
            stdout: contents(&mut stdout)?,
            stderr,
        })
    }
}

enum Ended {
    Itself(ExitStatus),
    TooLong,
    Interrupted,
}

fn wait(launcher: &mut Child, limit: Duration) -> anyhow::Result<Ended> {
    let start = Instant::now();
    let ended = loop {
        if let Some(status) = launcher.try_wait()? {
            return Ok(Ended::Itself(status));
        }
        if INTERRUPTED.load(Ordering::Relaxed) {
            break Ended::Interrupted;
        }
        if start.elapsed() > limit {
            break Ended::TooLong;
        }
        thread::sleep(LOOK);
    };
    if let Some(group) = rustix::process::Pid::from_raw(launcher.id().try_into()?) {
        // The whole group may just have ended by itself, which is as good.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    launcher.wait()?;
    Ok(ended)
}

fn contents(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The launcher: runs the program that its arguments name and writes its cost to the file that
/// comes first.
///
/// # Errors
/// If an argument is missing, the program cannot be started, or the report cannot be written.
pub fn launch(mut args: impl Iterator<Item = OsString>) -> anyhow::Result<()> {
    let report = args.next().context("no report file")?;
    let program = args.next().context("no program")?;
    let launched = measure(&program, args)?;
    fs::write(Path::new(&report), serde_json::to_vec(&launched)?)?;
    Ok(())
}

fn measure(program: &OsStr, args: impl Iterator<Item = OsString>) -> anyhow::Result<Launched> {
    let mut command = Command::new(program);
    command.args(args);
    let start = Instant::now();
    let child = command.spawn().context("cannot start it")?;
    let (status, usage) = wait4(child.id().try_into()?)?;
    let wall = start.elapsed().as_secs_f64();
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Ok(Launched {
        cost: Cost {
            wall,
            user: seconds(usage.ru_utime),
            system: seconds(usage.ru_stime),
            peak_memory: u64::try_from(usage.ru_maxrss)? * unit,
        },
        status,
    })
}

/// Waits for one child and takes what it used. `RUSAGE_CHILDREN` would not do: it is the sum and
/// the maximum over all children so far.
fn wait4(pid: libc::pid_t) -> io::Result<(i32, libc::rusage)> {
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    loop {
        #[expect(unsafe_code, reason = "no safe wrapper gives a single child's usage")]
        // SAFETY: both pointers are valid for writing, and an all-zero `rusage` is valid.
        let (waited, usage) = unsafe {
            let waited = libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr());
            (waited, usage.assume_init())
        };
        if waited == pid {
            return Ok((status, usage));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
