//! Listing 7.16: Hashing passwords, one after the other.
//!
//! scrypt is made to be slow, so that nobody tries a billion passwords.
//!
//! In Python: `hashlib.scrypt`. Here: `scrypt::scrypt`. Takes 38 s.

use std::time::Instant;

use ch07_threads::passwords::{hash, random_password, random_salt};
use indicatif::ProgressBar;

fn main() -> anyhow::Result<()> {
    let count = util::args("[PASSWORDS]").number(10_000, 0..=10_000_000);
    let passwords: Vec<_> = (0..count).map(|_| random_password(10)).collect();
    let progress = ProgressBar::new(count);
    let start = Instant::now();

    for password in &passwords {
        hash(password, &random_salt())?;
        progress.inc(1);
    }

    let seconds = start.elapsed().as_secs_f64();
    progress.finish_and_clear();
    println!("Hashed {count} passwords in {seconds:.4} seconds");
    Ok(())
}
