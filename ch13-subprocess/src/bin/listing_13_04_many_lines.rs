//! Listing 13.4: A child that prints a million lines.
//!
//! On Linux a pipe holds 64 KiB. If nothing reads it, the child then waits in `write_all`.
//!
//! In Python: `sys.stdout`. Here: `write_all`.

use std::io::{self, Write, stdout};

fn main() -> io::Result<()> {
    let lines = "Hello there!!\n".repeat(1_000_000);
    stdout().write_all(lines.as_bytes())
}
