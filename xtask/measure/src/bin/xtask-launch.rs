//! Starts one program and takes its time and memory from the operating system.
//!
//! On Linux a process inherits the peak memory of the one that started it, up to the moment it
//! becomes another program. So what is measured is started by this small program, and not by one
//! that has read the workspace.
//!
//! Usage: `xtask-launch REPORT PROGRAM [ARGUMENT…]`. The report is one line: the raw wait status,
//! the seconds from start to end, those of CPU time, and the peak memory in bytes.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::process::{Command, ExitCode};
use std::time::Instant;

fn main() -> ExitCode {
    match launch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn launch() -> Result<(), Box<dyn Error>> {
    let mut args = env::args_os().skip(1);
    let report = args.next().ok_or("no report file")?;
    let mut command = Command::new(args.next().ok_or("no program")?);
    command.args(args);
    let start = Instant::now();
    let child = command.spawn()?;
    let (status, usage) = wait4(child.id().try_into()?)?;
    let wall = start.elapsed().as_secs_f64();
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let memory = usage.ru_maxrss * unit;
    fs::write(report, format!("{status} {wall} {cpu} {memory}\n"))?;
    Ok(())
}

/// Waits for one child and takes what it used. `RUSAGE_CHILDREN` would not do: it is the sum and
/// the maximum over all children so far.
fn wait4(pid: libc::pid_t) -> io::Result<(i32, libc::rusage)> {
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    #[expect(unsafe_code, reason = "no safe wrapper gives a single child's usage")]
    // SAFETY: both pointers are valid for writing, and an all-zero `rusage` is valid.
    let (waited, usage) = unsafe {
        let waited = libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr());
        (waited, usage.assume_init())
    };
    // Nothing interrupts it: this program handles no signal.
    let known = (waited == pid).then_some((status, usage));
    known.ok_or_else(io::Error::last_os_error)
}
