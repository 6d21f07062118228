//! Listing 8.6: A prompt that blocks nothing.
//!
//! Only this task waits for a line. The delays run meanwhile, and speak while one types. As in
//! listing 8.4, the end of the input lets them end, and a word that is no number is told.
//!
//! In Python: `StreamReader.readline`. Here: `StdinReader::readline`. Needs a terminal.

use std::io::{self, Write};

use ch08_streams::stdin_reader::StdinReader;
use tokio::task::JoinSet;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut stdin_reader = StdinReader::new()?;
    let mut delays = JoinSet::new();
    loop {
        print!("Enter a time to sleep:");
        io::stdout().flush()?;
        let Some(line) = stdin_reader.readline().await? else {
            println!();
            break;
        };
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
