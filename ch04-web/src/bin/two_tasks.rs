//! Example: Two tasks made and awaited by hand.
//!
//! Both tasks are spawned before either is awaited, so both sleep at once, for two seconds instead
//! of three. You would not write this for a thousand tasks; listings 4.4 and 4.5 use a loop.
//!
//! In Python: `create_task`. Here: `tokio::spawn`. Takes 2 s.

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let task_one = tokio::spawn(delay(1));
    let task_two = tokio::spawn(delay(2));

    task_one.await?;
    task_two.await?;
    Ok(())
}
