//! Listing 13.4: A child that prints a million lines.
//!
//! On Linux a pipe holds 64 KiB. If nothing reads it, the child then waits.
//!
//! In Python: `sys.stdout`. Here: `BufWriter`.

use std::io::{BufWriter, Write, stdout};

fn main() -> anyhow::Result<()> {
    let mut stdout = BufWriter::new(stdout().lock());
    for _ in 0..1_000_000 {
        stdout.write_all(b"Hello there!!\n")?;
    }
    Ok(stdout.flush()?)
}
