//! Python's `input`, and its stdout.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::ensure;

use crate::system;

/// The prompt of listings 13.11 and 13.13, which their parents look for.
pub const ENTER_TEXT: &str = "Enter text to echo: ";

/// Prints `prompt` without a newline, flushes it with everything buffered before, and reads a line
/// from stdin.
///
/// # Errors
/// If `stdout` is closed, or stdin ends before a line has begun.
pub fn input(mut stdout: impl Write, prompt: &str) -> anyhow::Result<String> {
    write!(stdout, "{prompt}")?;
    stdout.flush()?;
    let mut line = String::new();
    ensure!(io::stdin().read_line(&mut line)? > 0, "the input has ended");
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A stdout that keeps its text until it is flushed, as Python's does into a pipe.
///
/// Rust's own keeps only the part after the last newline. So even inside a `BufWriter`, a flush
/// becomes two writes, the complete lines and then the prompt.
///
/// # Errors
/// If the system gives no second handle of stdout.
pub fn buffered_stdout() -> io::Result<BufWriter<File>> {
    Ok(BufWriter::new(system::stdout()?))
}
