//! Listing 13.10: Giving a child the one answer that it asks for.
//!
//! The answer is in the pipe before the question has been printed, which does not matter where
//! there is only one.
//!
//! In Python: `communicate`. Here: `communicate`.

use std::process::Stdio;

use anyhow::Context;
use ch13_subprocess::{child, communicate, or_interrupted};
use tokio::process::Command;

async fn run() -> anyhow::Result<()> {
    let username = util::args("[USERNAME]").text("Zoot");
    let process = Command::new(child("listing_13_09_ask_name")?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the child")?;
    let output = communicate(process, username.as_bytes()).await?;
    println!("{:?}", String::from_utf8_lossy(&output.stdout));
    // Not piped, so nothing of it comes here.
    println!("{:?}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
