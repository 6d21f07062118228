//! Listing 13.11: A child that echoes what it is told, until `quit`.
//!
//! The echo waits in a buffer for the next question, and both go out together, as in Python.
//! Rust's own stdout would let each line go by itself.
//!
//! In Python: `input`. Here: `BufWriter`. Needs a terminal.

use std::io::{BufWriter, Write, stdout};

use ch13_subprocess::prompt::{ENTER_TEXT, input};

fn main() -> anyhow::Result<()> {
    let mut stdout = BufWriter::new(stdout());
    let mut user_input = String::new();
    while user_input != "quit" {
        user_input = input(&mut stdout, ENTER_TEXT)?;
        writeln!(stdout, "{user_input}")?;
    }
    stdout.flush()?;
    Ok(())
}
