//! Listing 13.6: Reading everything while the child runs.
//!
//! `wait_with_output` reads and waits at once, as `communicate` does, so the pipe never stays full.
//! It takes the child itself, so you cannot read or wait a second time. It keeps all output in
//! memory, so the output should have an end.
//!
//! In Python: `communicate`. Here: `wait_with_output`.

use std::io::{Write, stdout};
use std::process::Stdio;

use ch13_subprocess::{child, return_code, spawn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = spawn(child("listing_13_04_many_lines")?.stdout(Stdio::piped()))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");

    let output = process.wait_with_output().await?;
    stdout().write_all(&output.stdout)?;
    println!("Process returned: {}", return_code(output.status));
    Ok(())
}
