//! Printing to stdout, its width, and files.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::Context;

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
    let asked = || {
        // No crate for one number: every Unix has stty.
        let terminal = fs::File::open("/dev/tty").ok()?;
        let mut stty = Command::new("stty");
        stty.arg("size").stdin(terminal).stderr(Stdio::null());
        let size = String::from_utf8(stty.output().ok()?.stdout).ok()?;
        size.split_whitespace().nth(1)?.parse().ok()
    };
    let width = if io::stdout().is_terminal() {
        asked().or_else(columns)
    } else {
        columns()
    };
    width.filter(|width| *width > 0)
}
