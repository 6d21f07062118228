//! Listing 1.2: Processes and threads in a simple program.
//!
//! A program is a process with one thread, the main thread. Rust's standard library keeps no list
//! of threads, so the operating system counts them. Windows may count a few more: it loads a
//! program's libraries with threads of its own.
//!
//! In Python: `os.getpid`, `threading.active_count`. Here: `process::id`, `thread_amount`.

use std::{process, thread};

use anyhow::Context;
use thread_amount::thread_amount;

fn main() -> anyhow::Result<()> {
    println!("Rust process running with process id: {}", process::id());

    let total_threads = thread_amount().context("this system counts no threads")?;
    let thread_name = thread::current().name().unwrap_or("unnamed").to_owned();

    println!("Rust is currently running {total_threads} thread(s)");
    println!("The current thread is {thread_name}");
    Ok(())
}
