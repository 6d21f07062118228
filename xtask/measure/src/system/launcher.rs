//! Starts one program and takes its time and memory from the operating system.
//!
//! A measured program is not started by xtask itself but by its launcher: xtask again, before it
//! has done anything. On Linux a process inherits the peak memory of the one that started it, up
//! to the moment it becomes another program, so started from here every listing would seem to
//! need as much memory as xtask.

use std::ffi::{OsStr, OsString};
use std::process::Command;
use std::time::Instant;
use std::{fs, io, path::Path};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::data::cost::Cost;

/// As first argument of xtask, makes it the launcher.
pub const LAUNCH: &str = "__launch";

/// What the launcher reports.
#[derive(Deserialize, Serialize)]
pub struct Launched {
    /// What the program cost.
    pub cost: Cost,
    /// The raw wait status.
    pub status: i32,
}

/// Runs the program that the arguments name and writes its cost to the file that comes first.
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
            part: None,
            cpu: Some(seconds(usage.ru_utime) + seconds(usage.ru_stime)),
            peak_memory: Some(u64::try_from(usage.ru_maxrss)? * unit),
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
