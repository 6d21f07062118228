//! Python's `input`, and its stdout.

use std::fs::File;
use std::io::{self, BufWriter, Write, stdout};
use std::os::fd::AsFd;

use anyhow::ensure;

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
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.to_owned())
}

/// A stdout that keeps its text until it is flushed, as Python's does into a pipe. Rust's own sends
/// each line at once, even inside a `BufWriter`.
///
/// # Errors
/// If no descriptor is free.
pub fn buffered_stdout() -> io::Result<BufWriter<File>> {
    let stdout = stdout().as_fd().try_clone_to_owned()?;
    Ok(BufWriter::new(stdout.into()))
}
