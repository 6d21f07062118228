//! Listing 7.16: Hashing passwords, one after the other.
//!
//! scrypt is slow on purpose. At 2.5 ms each, as on the machine of RESULTS.md, a billion passwords
//! take 29 days on one core; the book's machine needs 46.
//!
//! In Python: `hashlib.scrypt`. Here: `passwords::hash`. Takes 38 s.

use std::time::Instant;

use ch07_threads::passwords;

fn main() -> anyhow::Result<()> {
    let count = util::args("[PASSWORDS]").number(10_000, 0..=10_000_000);
    let passwords: Vec<_> = (0..count).map(|_| passwords::random_password(10)).collect();
    let start = Instant::now();

    for password in &passwords {
        passwords::hash(password)?;
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("Hashed {count} passwords in {seconds:.4} seconds");
    Ok(())
}
