//! Example: Two tasks made and awaited by hand.
//!
//! Both are spawned before either is awaited, so both sleep at once: two seconds, not three. For a
//! thousand tasks nobody wants to write this; listings 4.4 and 4.5 try it with a loop.
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
