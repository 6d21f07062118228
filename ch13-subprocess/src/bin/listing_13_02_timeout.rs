//! Listing 13.2: Terminating a child that takes too long.
//!
//! The timeout drops the future that waits, not the child. In Rust as in Python, the child keeps
//! running until it gets a signal. `terminate` only sends one, and the second `wait` can take long
//! too (see the variant). After the child's end, every `wait` returns the same status.
//!
//! In Python: `wait_for`, `terminate`. Here: `timeout`, `terminate`. Takes 1 s.

use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{return_code, terminate};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let sleep = Command::new("sleep").arg("3").kill_on_drop(true).spawn();
    let mut process = sleep.context("cannot start sleep")?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");
    if timeout(Duration::from_secs(1), process.wait())
        .await
        .is_err()
    {
        println!("Timed out waiting to finish, terminating...");
        terminate(&process)?;
    }
    println!("{}", return_code(process.wait().await?));
    Ok(())
}
