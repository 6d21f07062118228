//! Listing 7.17: Hashing passwords on all cores.
//!
//! Python can do it in threads because `hashlib` lets go of the GIL while it computes. In Rust that
//! is no special case.
//!
//! In Python: `ThreadPoolExecutor`. Here: `par_iter`. Takes 19 s.

use std::time::Instant;

use ch07_threads::passwords::{hash, random_password, random_salt};
use indicatif::ProgressBar;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

fn main() -> anyhow::Result<()> {
    let count = util::args("[PASSWORDS]").number(10_000, 0..=10_000_000);
    let passwords: Vec<_> = (0..count).map(|_| random_password(10)).collect();
    let progress = ProgressBar::new(count);
    let start = Instant::now();

    passwords.par_iter().try_for_each(|password| {
        hash(password, &random_salt())?;
        progress.inc(1);
        anyhow::Ok(())
    })?;

    let seconds = start.elapsed().as_secs_f64();
    progress.finish_and_clear();
    println!("Hashed {count} passwords in {seconds:.4} seconds");
    Ok(())
}
