//! Listing 1.4: A program of several processes.
//!
//! Python hands a function to a new process. Rust has no `multiprocessing`; a child process is
//! another program. This program starts itself again, and an argument tells it to be the child.
//! Without `wait` the child would live on when its parent ends; Python joins it at exit.
//!
//! In Python: `multiprocessing.Process`. Here: `process::Command`.

use std::env;
use std::process::{self, Command};

fn hello_from_process() {
    println!("Hello from child process {}!", process::id());
}

fn main() -> anyhow::Result<()> {
    if util::args("[child]").flag("child") {
        hello_from_process();
        return Ok(());
    }
    let mut hello_process = Command::new(env::current_exe()?).arg("child").spawn()?;

    println!("Hello from parent process {}", process::id());

    hello_process.wait()?;
    Ok(())
}
