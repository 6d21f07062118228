//! Listing 13.12: Reading the question, writing the answer, in turn.
//!
//! It relies on one read for each question. A pipe has no such borders: when an answer comes in
//! two parts, the second part is taken for the next question (see the variant).
//!
//! In Python: `StreamReader.read`. Here: `AsyncReadExt::read`.

use anyhow::ensure;
use ch13_subprocess::{child, interactive, or_interrupted};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::try_join;

async fn consume_and_send(
    text_list: &[&str],
    stdout: &mut ChildStdout,
    stdin: &mut ChildStdin,
) -> anyhow::Result<()> {
    let mut buffer = [0; 2048];
    for text in text_list {
        let length = stdout.read(&mut buffer).await?;
        ensure!(length > 0, "the child has ended and did not ask for more");
        let line = String::from_utf8_lossy(&buffer[..length]);
        println!("{line:?}");
        stdin.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

async fn run() -> anyhow::Result<()> {
    let program = Command::new(child("listing_13_11_echo")?);
    let (mut process, mut stdin, mut stdout) = interactive(program)?;

    let text_input = ["one\n", "two\n", "three\n", "four\n", "quit\n"];
    let wait = async { Ok(process.wait().await?) };
    try_join!(consume_and_send(&text_input, &mut stdout, &mut stdin), wait)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
