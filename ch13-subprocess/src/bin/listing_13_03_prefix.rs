//! Listing 13.3: Reading what a child prints, line by line.
//!
//! If you take a child's stdout, you must read it. Here one future reads while another waits for
//! the end. `Stdio::null()` would discard the output; `Stdio::inherit()`, the default, would pass
//! it through.
//!
//! In Python: `StreamReader.readline`. Here: `BufReader`, `Stdio::piped`.

use std::io;
use std::process::Stdio;

use anyhow::Context;
use ch13_subprocess::return_code;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::try_join;

async fn write_output(prefix: &str, stdout: ChildStdout) -> io::Result<()> {
    // Bytes, because a file name need not be UTF-8.
    let mut lines = BufReader::new(stdout).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        println!("[{prefix}]: {}", String::from_utf8_lossy(&line));
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut ls = Command::new("ls");
    ls.arg("-la").stdout(Stdio::piped()).kill_on_drop(true);
    let mut process = ls.spawn().context("cannot start ls")?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");
    let stdout = process.stdout.take().context("its stdout is not a pipe")?;
    let stdout_task = write_output("ls -la", stdout);

    let (status, ()) = try_join!(process.wait(), stdout_task)?;
    println!("Process returned: {}", return_code(status));
    Ok(())
}
