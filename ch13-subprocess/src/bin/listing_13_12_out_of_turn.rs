//! Listing 13.12 (out of turn): The same, with a child that takes its time.
//!
//! Listing 13.13 echoes each text several times. What is read is then rarely a question, and most
//! texts are sent unasked; listing 13.14 mends that.
//!
//! Takes 13 s.

use anyhow::ensure;
use ch13_subprocess::prompt::ENTER_TEXT;
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
        if !line.ends_with(ENTER_TEXT) {
            println!("Sending {text:?} unasked.");
        }
        stdin.write_all(text.as_bytes()).await?;
    }
    Ok(())
}

async fn run() -> anyhow::Result<()> {
    let mut args = util::args("[PAUSE_MS] [SEED]");
    let (pause, seed) = (args.text("500"), args.text(&fastrand::u64(..).to_string()));
    let mut program = Command::new(child("listing_13_13_random_echo")?);
    program.args([pause, seed]);
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
