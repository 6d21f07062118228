//! Listing 1.3: A multithreaded program.
//!
//! The new thread and the main one run at once, so their lines may come in either order. Each
//! line is whole all the same: `println!` locks standard output, which Python's `print` does not.
//!
//! In Python: `threading.Thread`. Here: `thread::spawn`, `JoinHandle::join`.

use std::thread;

use anyhow::{Context, anyhow};

fn hello_from_thread() {
    println!("Hello from thread {:?}!", thread::current().id());
}

fn main() -> anyhow::Result<()> {
    let hello_thread = thread::spawn(hello_from_thread);

    let total_threads = num_threads::num_threads().context("this system counts no threads")?;
    let current_thread = thread::current();
    let thread_name = current_thread.name().unwrap_or("unnamed");

    println!("Rust is currently running {total_threads} thread(s)");
    println!("The current thread is {thread_name}");

    hello_thread
        .join()
        .map_err(|_| anyhow!("the thread panicked"))?;
    Ok(())
}
