//! Listing 13.4: A child that prints a million lines.
//!
//! Into a pipe that nobody reads it can write 64 KiB on Linux; then it waits.
//!
//! In Python: `sys.stdout`. Here: `BufWriter`.

use std::io::{self, BufWriter, Write};

fn main() -> anyhow::Result<()> {
    let lines = util::args("[LINES]").number(1_000_000, 0..=1_000_000_000);
    let mut stdout = BufWriter::new(io::stdout().lock());
    for _ in 0..lines {
        stdout.write_all(b"Hello there!!\n")?;
    }
    stdout.flush()?;
    Ok(())
}
