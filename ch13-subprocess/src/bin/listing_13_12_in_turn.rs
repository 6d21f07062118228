//! Listing 13.12: Reading a question and writing an answer, in turn.
//!
//! The program relies on one read for each question, but a pipe does not keep the boundaries
//! between writes. With listing 13.11, which buffers as Python does, each echo comes together with
//! the next question. With a child that prints line by line, the two fall out of turn (see the
//! variant).
//!
//! In Python: `StreamReader.read`. Here: `AsyncReadExt`, `read`.

use std::io;

use ch13_subprocess::{child, interactive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::try_join;

async fn consume_and_send(
    text_list: [&str; 5],
    stdout: &mut ChildStdout,
    stdin: &mut ChildStdin,
) -> io::Result<()> {
    let mut buffer = [0; 2048];
    for text in text_list {
        let length = stdout.read(&mut buffer).await?;
        println!("{:?}", String::from_utf8_lossy(&buffer[..length]));
        stdin.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let (mut process, mut stdin, mut stdout) = interactive(child("listing_13_11_echo")?)?;

    let text_input = ["one\n", "two\n", "three\n", "four\n", "quit\n"];
    let send = consume_and_send(text_input, &mut stdout, &mut stdin);
    try_join!(send, process.wait())?;
    Ok(())
}
