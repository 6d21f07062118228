//! Listing 8.6: A loop that reads input and blocks nothing.
//!
//! Only this task waits for a line. The delays run meanwhile, and print while you type. At the end
//! of the input (Ctrl-D) the program waits for them. As in listing 8.4, anything but a number gets
//! an answer.
//!
//! In Python: `StreamReader.readline`. Here: `create_stdin_reader`, `recv`. Needs a terminal.

use ch08_streams::stdin_reader::create_stdin_reader;
use tokio::task::JoinSet;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut stdin_reader = create_stdin_reader();
    let mut delays = JoinSet::new();
    while let Some(delay_time) = stdin_reader.recv().await.transpose()? {
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
