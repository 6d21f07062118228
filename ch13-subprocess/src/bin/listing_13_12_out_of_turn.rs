//! Listing 13.12 (out of turn): The same, with a child that prints line by line.
//!
//! Listing 13.13 echoes each text several times, half a second apart. So a read rarely returns a
//! question, and the program sends most texts unasked. In Python this needs `PYTHONUNBUFFERED=1`;
//! otherwise the echoes wait in the child's buffer for the next question. Listing 13.14 works with
//! both.
//!
//! Takes 13 s.

use std::io;

use ch13_subprocess::prompt::ENTER_TEXT;
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
        let line = String::from_utf8_lossy(&buffer[..length]);
        println!("{line:?}");
        if !line.ends_with(ENTER_TEXT) {
            println!("Sending {text:?} unasked.");
        }
        stdin.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let (mut process, mut stdin, mut stdout) = interactive(child("listing_13_13_random_echo")?)?;

    let text_input = ["one\n", "two\n", "three\n", "four\n", "quit\n"];
    let send = consume_and_send(text_input, &mut stdout, &mut stdin);
    try_join!(send, process.wait())?;
    Ok(())
}
