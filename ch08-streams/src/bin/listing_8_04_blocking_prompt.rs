//! Listing 8.4: A prompt that blocks the event loop.
//!
//! `input` blocks the only thread, which all tasks share, so no delay starts until the input ends
//! (Ctrl-D). The book's loop never ends, and crashes on anything but a number.
//!
//! In Python: `input`. Here: `Stdin::lines`. Needs a terminal.

use std::io::{self, Write};

use tokio::task::JoinSet;
use util::delay;

fn input(prompt: &str) -> io::Result<Option<String>> {
    print!("{prompt}");
    io::stdout().flush()?;
    io::stdin().lines().next().transpose()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut delays = JoinSet::new();
    while let Some(delay_time) = input("Enter a time to sleep:")? {
        match delay_time.trim().parse() {
            Ok(delay_time) => {
                delays.spawn(delay(delay_time));
            }
            Err(_) => println!("'{delay_time}' is not a number of seconds"),
        }
    }
    delays.join_all().await;
    Ok(())
}
