//! Listing 13.11: A child that echoes its input until `quit`.
//!
//! Python buffers its output into a pipe, so the echo goes out together with the next question.
//! Rust's stdout would send each line at once; `buffered_stdout` behaves like Python's.
//!
//! In Python: `input`. Here: `buffered_stdout`. Needs a terminal.

use std::io::Write;

use ch13_subprocess::prompt::{ENTER_TEXT, buffered_stdout, input};

fn main() -> anyhow::Result<()> {
    let mut stdout = buffered_stdout()?;
    let mut user_input = String::new();
    while user_input != "quit" {
        user_input = input(&mut stdout, ENTER_TEXT)?;
        writeln!(stdout, "{user_input}")?;
    }
    Ok(stdout.flush()?)
}
