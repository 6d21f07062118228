//! Printing to stdout, its width, and tables in Markdown.

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

/// `text` in at most `width` characters.
pub fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A table in Markdown.
pub fn markdown_table(headings: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|{}\n", "---|".repeat(headings.len()));
    let rows: String = rows.iter().map(|cells| line(cells)).collect();
    line(headings) + &rule + &rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_ends_with_an_ellipsis() {
        assert_eq!(shorten("sleeping", 8), "sleeping");
        assert_eq!(shorten("sleeping", 6), "sleep…");
        assert_eq!(shorten("schläft", 4), "sch…");
    }
}
