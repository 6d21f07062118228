//! Listing 13.14: Writing when the child is ready, and reading all the time.
//!
//! One future reads all output and detects the question. Another waits for that and answers. A
//! channel with room for one is the event: sending sets it, receiving waits for it and clears it.
//! If the child ends early, the sender is dropped and `recv` returns `None`, an error here. The
//! book's writer would wait forever.
//!
//! In Python: `asyncio.Event`. Here: `mpsc`. Takes 12 s.

use std::io;

use ch13_subprocess::prompt::ENTER_TEXT;
use ch13_subprocess::{child, interactive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::try_join;

async fn output_consumer(input_ready_event: Sender<()>, mut stdout: ChildStdout) -> io::Result<()> {
    let mut output = String::new();
    let mut buffer = [0; 1024];
    while let length @ 1.. = stdout.read(&mut buffer).await? {
        let data = String::from_utf8_lossy(&buffer[..length]);
        println!("{data:?}");
        // The question may arrive in parts.
        output.push_str(&data);
        if output.ends_with(ENTER_TEXT) {
            output.clear();
            input_ready_event.try_send(()).ok();
        }
    }
    Ok(())
}

async fn input_writer(
    text_data: [&str; 5],
    mut input_ready_event: Receiver<()>,
    mut stdin: ChildStdin,
) -> io::Result<()> {
    for text in text_data {
        let ready = input_ready_event.recv().await;
        ready.ok_or_else(|| io::Error::other(format!("the child never asked for {text:?}")))?;
        stdin.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let (mut process, stdin, stdout) = interactive(child("listing_13_13_random_echo")?)?;
    let (set_input_ready, input_ready_event) = mpsc::channel(1);

    let text_input = ["one\n", "two\n", "three\n", "four\n", "quit\n"];
    try_join!(
        output_consumer(set_input_ready, stdout),
        input_writer(text_input, input_ready_event, stdin),
        process.wait(),
    )?;
    Ok(())
}
