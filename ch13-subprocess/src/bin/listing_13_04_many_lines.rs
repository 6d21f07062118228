//! Listing 13.4: A child that prints a million lines.
//!
//! If nobody reads the pipe, 64 KiB fit into it on Linux; then the child waits.
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
