//! Listing 6.1 (processes): The same counts in two child processes.
//!
//! This does by hand what Python's `multiprocessing` does. The program starts itself again, with an
//! argument that tells it to be the child. Without that argument each child would start more
//! children. `if __name__ == "__main__"` prevents the same in Python, where the start method
//! `spawn` runs the module again in each child.
//!
//! At its end Python joins the children that you forgot. Here a child that nobody waits for goes on
//! after `main`. It would return a result through a pipe, and it costs many times as much to start
//! as a thread (`start_processes`, `start_threads`).
//!
//! In Python: `multiprocessing.Process`. Here: `Command::new`, `wait`.

use std::env;
use std::hint::black_box;
use std::process::{Child, Command};
use std::time::Instant;

use anyhow::{Context, ensure};

fn count(count_to: u64) -> u64 {
    let start = Instant::now();
    let mut counter = 0;
    while counter < count_to {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4}");
    counter
}

fn start(count_to: u64) -> anyhow::Result<Child> {
    Command::new(env::current_exe()?)
        .args(["child", &count_to.to_string()])
        .spawn()
        .context("cannot start a child process")
}

fn join(mut child: Child) -> anyhow::Result<()> {
    let status = child.wait()?;
    ensure!(status.success(), "a child process failed: {status}");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[child] [COUNT_TO]");
    if args.flag("child") {
        count(args.number(0, 0..=200_000_000));
        return Ok(());
    }
    let start_time = Instant::now();

    let to_one_hundred_million = start(100_000_000)?;
    let to_two_hundred_million = start(200_000_000)?;

    join(to_one_hundred_million)?;
    join(to_two_hundred_million)?;

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
    Ok(())
}
