//! Listing 13.2: Terminating a child that takes too long.
//!
//! The timeout drops the future that waits, not the child. In Rust as in Python, the child keeps
//! running until it gets a signal. `terminate` only sends one, and the second `wait` can take long
//! too (see the variant). Windows has no signals: there `terminate` kills, and the code is 1.
//!
//! In Python: `wait_for`, `terminate`. Here: `timeout`, `terminate`. Takes 1 s.

use std::time::Duration;

use ch13_subprocess::{return_code, spawn, terminate};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut process = spawn(Command::new("sleep").arg("3"))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");
    let status = match timeout(Duration::from_secs(1), process.wait()).await {
        Ok(status) => status?,
        Err(_) => {
            println!("Timed out waiting to finish, terminating...");
            terminate(&mut process)?;
            process.wait().await?
        }
    };
    println!("{}", return_code(status));
    Ok(())
}
