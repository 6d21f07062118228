//! Listing 13.14: Writing when the child is ready, and reading all the time.
//!
//! One future reads whatever comes and notices the question, another waits for that and answers. A
//! channel with room for one is the event: to send sets it, to receive waits for it and clears it,
//! and when the sender is gone no question will come any more. So a child that ends early is an
//! error, where the book's writer would wait for its question for ever.
//!
//! In Python: `asyncio.Event`. Here: `mpsc`. Takes 9 s.

use anyhow::Context;
use ch13_subprocess::prompt::ENTER_TEXT;
use ch13_subprocess::{child, interactive, or_interrupted};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::try_join;

async fn output_consumer(input_ready: Sender<()>, mut stdout: ChildStdout) -> anyhow::Result<()> {
    let mut output = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let length = stdout.read(&mut buffer).await?;
        if length == 0 {
            break;
        }
        println!("{:?}", String::from_utf8_lossy(&buffer[..length]));
        output.extend(&buffer[..length]);
        // The question may come in parts: only all that has come tells.
        if output.ends_with(ENTER_TEXT.as_bytes()) {
            // It may be set already.
            let _ = input_ready.try_send(());
        }
    }
    Ok(())
}

async fn input_writer(
    text_data: &[&str],
    mut input_ready: Receiver<()>,
    mut stdin: ChildStdin,
) -> anyhow::Result<()> {
    for text in text_data {
        let asked = input_ready.recv().await;
        asked.with_context(|| format!("the child has ended and did not ask for {text:?}"))?;
        stdin
            .write_all(text.as_bytes())
            .await
            .with_context(|| format!("the child does not take {text:?}"))?;
    }
    Ok(())
}

async fn run() -> anyhow::Result<()> {
    let mut args = util::args("[PAUSE_MS] [SEED]");
    let (pause, seed) = (args.text("500"), args.text(&fastrand::u64(..).to_string()));
    let mut program = Command::new(child("listing_13_13_random_echo")?);
    program.args([pause, seed]);
    let (mut process, stdin, stdout) = interactive(program)?;

    let (set_input_ready, input_ready) = mpsc::channel(1);
    let text_input = ["one\n", "two\n", "three\n", "four\n", "quit\n"];
    let wait = async { Ok(process.wait().await?) };
    try_join!(
        output_consumer(set_input_ready, stdout),
        input_writer(&text_input, input_ready, stdin),
        wait
    )?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
