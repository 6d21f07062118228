//! Listing 13.13: A child that echoes each text any number of times, slowly.
//!
//! Rust's stdout sends each line as soon as it is complete, even into a pipe. Python does so only
//! in a terminal or with `PYTHONUNBUFFERED=1`.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Needs a terminal.

use std::io::stdout;
use std::thread;
use std::time::Duration;

use ch13_subprocess::prompt::{ENTER_TEXT, input};

fn main() -> anyhow::Result<()> {
    let mut user_input = String::new();
    while user_input != "quit" {
        user_input = input(stdout(), ENTER_TEXT)?;
        for _ in 0..fastrand::u32(0..10) {
            thread::sleep(Duration::from_millis(500));
            println!("{user_input}");
        }
    }
    Ok(())
}
