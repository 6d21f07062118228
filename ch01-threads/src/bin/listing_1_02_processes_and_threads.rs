//! Listing 1.2: Processes and threads in a simple program.
//!
//! A program is a process with one thread, the main thread. Rust's standard library keeps no list
//! of threads, so the operating system counts them. (`num_threads` cannot ask Windows; there this
//! program and 1.3 end with an error.)
//!
//! In Python: `os.getpid`, `threading.active_count`. Here: `process::id`, `num_threads`.

use std::{process, thread};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    println!("Rust process running with process id: {}", process::id());

    let total_threads = num_threads::num_threads().context("this system counts no threads")?;
    let thread_name = thread::current().name().unwrap_or("unnamed").to_owned();

    println!("Rust is currently running {total_threads} thread(s)");
    println!("The current thread is {thread_name}");
    Ok(())
}
