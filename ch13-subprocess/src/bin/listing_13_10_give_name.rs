//! Listing 13.10: Giving a child its only answer.
//!
//! The answer is in the pipe before the child prints the question. With only one question that does
//! not matter.
//!
//! In Python: `communicate`. Here: `communicate`.

use std::process::Stdio;

use ch13_subprocess::{child, communicate, spawn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut program = child("listing_13_09_ask_name")?;
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    let output = communicate(spawn(&mut program)?, b"Zoot").await?;
    println!("{:?}", String::from_utf8_lossy(&output.stdout));
    // Empty, because stderr was not piped.
    println!("{:?}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
