//! Python's `input`.

use std::io::{self, Write};

use anyhow::bail;

/// What the children of listings 13.11 and 13.13 ask for, and their parents look out for.
pub const ENTER_TEXT: &str = "Enter text to echo: ";

/// Prints `prompt`, without a new line but at once, and reads a line from stdin.
///
/// # Errors
/// If `stdout` is closed, or stdin ends before a line has begun.
pub fn input(mut stdout: impl Write, prompt: &str) -> anyhow::Result<String> {
    write!(stdout, "{prompt}")?;
    stdout.flush()?;
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        bail!("the input has ended");
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.to_owned())
}
