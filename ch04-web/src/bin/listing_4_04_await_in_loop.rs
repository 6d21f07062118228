//! Listing 4.4: Using tasks incorrectly in a loop.
//!
//! The loop awaits each task in the line that makes it, so the next task does not exist until this
//! one has ended. The program takes nine seconds.
//!
//! In Python: `await create_task`. Here: `tokio::spawn`, `.await`. Takes 9 s.

use util::{async_timed, delay};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let delay_times = [3, 3, 3];
    for seconds in delay_times {
        tokio::spawn(delay(seconds)).await?;
    }
    Ok(())
}
