//! Listing 6.1 (processes): The same counts in two child processes.
//!
//! What Python's `multiprocessing` does, by hand: the program runs itself again with other
//! arguments. Processes share nothing, so a result would have to come back through a pipe; and
//! each costs many times what a thread costs (`start_processes`, `start_threads`).

use std::env;
use std::hint::black_box;
use std::process::{Child, Command};
use std::time::Instant;

use anyhow::{Context, ensure};

fn count(count_to: u64) -> u64 {
    let start = Instant::now();

    let mut counter = 0;
    while counter < count_to {
        counter = black_box(counter + 1);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4}");
    counter
}

fn start(count_to: u64) -> anyhow::Result<Child> {
    Command::new(env::current_exe()?)
        .args([&count_to.to_string(), "0", "child"])
        .spawn()
        .context("cannot start a child process")
}

fn join(mut child: Child) -> anyhow::Result<()> {
    let status = child.wait()?;
    ensure!(status.success(), "a child process failed: {status}");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[FIRST] [SECOND] [child]");
    let first = args.number(100_000_000, 0..=100_000_000_000);
    let second = args.number(200_000_000, 0..=100_000_000_000);
    if args.flag("child") {
        count(first);
        return Ok(());
    }
    let start_time = Instant::now();

    let mut children = Vec::new();
    for count_to in [first, second] {
        children.push(start(count_to)?);
    }
    for child in children {
        join(child)?;
    }

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
    Ok(())
}
