//! Printing to stdout, its width, and files.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::{env, fs};

use anyhow::Context;
use console::Term;

/// Prints to stdout, without styles unless that is a terminal. A closed pipe (`| head`) is no error.
///
/// # Errors
/// If it cannot write to stdout for another reason.
pub fn print(text: &str) -> anyhow::Result<()> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to stdout"),
    }
}

/// Reads a text.
///
/// # Errors
/// If the file cannot be read; the message names it.
pub fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub fn save(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The columns of the terminal that stdout is, or `COLUMNS`; `None` for a pipe or a file, where
/// lines may have any length.
pub fn width() -> Option<usize> {
    let columns = || env::var("COLUMNS").ok()?.parse().ok();
    let terminal = Term::stdout().size_checked();
    terminal.map(|(_, width)| width.into()).or_else(columns)
}
