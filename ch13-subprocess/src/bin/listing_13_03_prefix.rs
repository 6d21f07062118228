//! Listing 13.3: Reading what a child prints, line by line.
//!
//! If you pipe a child's stdout, you must read it. Here one future reads while another waits for
//! the end. `Stdio::null()` would discard the output; `Stdio::inherit()`, the default, would pass
//! it through.
//!
//! In Python: `StreamReader.readline`. Here: `BufReader`, `Stdio::piped`.

use std::io;
use std::process::Stdio;

use ch13_subprocess::{return_code, spawn};
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
    let mut process = spawn(Command::new("ls").arg("-la").stdout(Stdio::piped()))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");
    let stdout = process.stdout.take().expect("it is piped");

    let (status, ()) = try_join!(process.wait(), write_output("ls -la", stdout))?;
    println!("Process returned: {}", return_code(status));
    Ok(())
}
