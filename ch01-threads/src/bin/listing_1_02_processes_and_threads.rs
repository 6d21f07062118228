//! Listing 1.2: Processes and threads in a simple program.
//!
//! A program is a process with one thread, the main one. Rust's standard library counts no
//! threads, as it keeps no list of them; the operating system does.
//!
//! In Python: `os.getpid`, `threading.active_count`. Here: `process::id`, `thread::current`.

use std::{process, thread};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    println!("Rust process running with process id: {}", process::id());

    let total_threads = num_threads::num_threads().context("this system counts no threads")?;
    let current_thread = thread::current();
    let thread_name = current_thread.name().unwrap_or("unnamed");

    println!("Rust is currently running {total_threads} thread(s)");
    println!("The current thread is {thread_name}");
    Ok(())
}
