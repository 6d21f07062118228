//! Listing 2.8: Creating a task.
//!
//! `tokio::spawn` returns a handle at once. On one thread the task first runs when `main` has to
//! wait; on several, another thread may start it at once. Awaiting the handle gives a `Result`,
//! because the task may have panicked or been cancelled.
//!
//! In Python: `asyncio.create_task`. Here: `tokio::spawn`. Takes 3 s.

use std::any::type_name_of_val;

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let sleep_for_three = tokio::spawn(delay(3));
    println!("{}", type_name_of_val(&sleep_for_three));
    let result = sleep_for_three.await?;
    println!("{result}");
    Ok(())
}
