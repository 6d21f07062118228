//! Listing 13.6: Reading everything while the child runs.
//!
//! `wait_with_output` reads and waits at once, as `communicate` does, so the pipe never stays full.
//! It takes the child itself, so you cannot read or wait a second time. It keeps all output in
//! memory, so the output should have an end.
//!
//! In Python: `communicate`. Here: `wait_with_output`.

use std::io::{Write, stdout};
use std::process::Stdio;

use anyhow::Context;
use ch13_subprocess::{child, return_code};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut program = child("listing_13_04_many_lines").await?;
    let process = program.stdout(Stdio::piped()).spawn()?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");

    let output = process.wait_with_output().await?;
    stdout().write_all(&output.stdout)?;
    println!("Process returned: {}", return_code(output.status));
    Ok(())
}
