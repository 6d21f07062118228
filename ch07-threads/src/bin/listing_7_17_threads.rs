//! Listing 7.17: Hashing passwords on all cores.
//!
//! Python can do this in threads because `hashlib.scrypt` releases the GIL while it computes. In
//! Rust there is no GIL to release, so any computation can run in threads. The book waits for its
//! pool in an event loop; `par_iter` needs none, because `main` has nothing else to do.
//!
//! In Python: `ThreadPoolExecutor`. Here: `par_iter`. Takes 19 s.

use ch07_threads::passwords;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use util::async_timed;

fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let count = util::args("[PASSWORDS]").number(10_000, 0..=10_000_000);
    let passwords: Vec<_> = (0..count).map(|_| passwords::random_password(10)).collect();

    passwords
        .par_iter()
        .try_for_each(|password| passwords::hash(password).map(drop))
}
