//! Listing 8.10: Delays above, a prompt below.
//!
//! One types in the last row; what the delays say scrolls above it, and neither disturbs the other.
//! Ctrl-C or Ctrl-D leaves.
//!
//! In Python: `create_task`. Here: `spawn_local`. Needs a terminal.

use std::rc::Rc;
use std::time::Duration;

use ch08_streams::read_line::LineReader;
use ch08_streams::screen::{Screen, terminated};
use tokio::task::spawn_local;
use tokio::time::sleep;

async fn delay(delay_time: u64, screen: Rc<Screen>) -> anyhow::Result<()> {
    screen.append(format!("Starting delay {delay_time}"))?;
    sleep(Duration::from_secs(delay_time)).await;
    screen.append(format!("Finished delay {delay_time}"))?;
    Ok(())
}

async fn read_delays(screen: Rc<Screen>) -> anyhow::Result<()> {
    let mut reader = LineReader::default();
    while let Some(line) = screen.read_line(&mut reader).await? {
        match line.trim().parse() {
            Ok(delay_time) => {
                spawn_local(delay(delay_time, Rc::clone(&screen)));
            }
            Err(_) => screen.append(format!("'{line}' is not a number of seconds"))?,
        }
    }
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let screen = Rc::new(Screen::take()?);
    tokio::select! {
        ended = read_delays(screen) => Ok(ended?),
        terminated = terminated() => Ok(terminated?),
    }
}
