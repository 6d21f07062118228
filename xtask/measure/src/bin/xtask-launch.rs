//! Starts one program and takes its time and memory from the operating system.
//!
//! On Linux a process inherits the peak memory of the one that started it, up to the moment it
//! becomes another program. So what is measured is started by this small program, and not by one
//! that has read the workspace.
//!
//! Usage: `xtask-launch REPORT PROGRAM [ARGUMENT…]`. The report's first line has the seconds from
//! start to end, those of CPU time, and the peak memory in bytes; the rest says how it failed, if
//! it did. `xtask-launch --nothing` does nothing: that takes what any program takes to start.

use std::env;
use std::error::Error;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::Instant;

use wait4::Wait4;

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
    if report == "--nothing" {
        return Ok(());
    }
    let mut command = Command::new(args.next().ok_or("no program")?);
    command.args(args);
    let start = Instant::now();
    // Not `RUSAGE_CHILDREN`: that is the sum and the maximum over all children so far.
    let used = command.spawn()?.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    let failure = match used.status {
        status if status.success() => String::new(),
        status => status.to_string(),
    };
    fs::write(
        report,
        format!("{wall} {cpu} {}\n{failure}", used.rusage.maxrss),
    )?;
    Ok(())
}
