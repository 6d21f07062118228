//! Listing 1.3: A multithreaded program.
//!
//! The new thread and the main thread run at the same time, so their lines come in any order. Each
//! line stays whole, because `println!` locks standard output; Python's `print` does not.
//!
//! In Python: `threading.Thread`. Here: `thread::spawn`, `JoinHandle::join`.

use std::thread;

use anyhow::Context;
use thread_amount::thread_amount;

fn hello_from_thread() {
    println!("Hello from thread {:?}!", thread::current());
}

fn main() -> anyhow::Result<()> {
    let hello_thread = thread::spawn(hello_from_thread);

    let total_threads = thread_amount().context("this system counts no threads")?;
    let thread_name = thread::current().name().unwrap_or("unnamed").to_owned();

    println!("Rust is currently running {total_threads} thread(s)");
    println!("The current thread is {thread_name}");

    hello_thread.join().expect("hello_from_thread never panics");
    Ok(())
}
