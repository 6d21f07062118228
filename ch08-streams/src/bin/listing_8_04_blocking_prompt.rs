//! Listing 8.4: A prompt that blocks the event loop.
//!
//! `read_line` blocks the one thread that all tasks share: delays are asked for and none begins,
//! until the input has ended (Ctrl-D). The book's loop has no end, and dies of a word that is no
//! number.
//!
//! In Python: `input`. Here: `Stdin::read_line`. Needs a terminal.

use std::io::{self, Write};

use tokio::task::JoinSet;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut delays = JoinSet::new();
    loop {
        print!("Enter a time to sleep:");
        io::stdout().flush()?;
        let mut line = String::new();
        if io::stdin().read_line(&mut line)? == 0 {
            println!();
            break;
        }
        match line.trim().parse() {
            Ok(delay_time) => {
                delays.spawn(delay(delay_time));
            }
            Err(_) => println!("'{}' is not a number of seconds", line.trim()),
        }
    }
    while let Some(ended) = delays.join_next().await {
        ended?;
    }
    Ok(())
}
