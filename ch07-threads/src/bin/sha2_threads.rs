//! Example: SHA-512 and SHA-256 of large buffers, on all cores.
//!
//! The sequential program has `iter`, this one `par_iter`, and both get the same digests in the
//! same order. Python's `hashlib` releases the GIL only for buffers of more than 2,047 bytes.
//!
//! In Python: `hashlib.sha512`. Here: `Sha512::digest`. Takes 2 s.

use std::time::Instant;

use ch07_threads::passwords::hex;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest, Sha256, Sha512};

/// A mebibyte of bytes, always the same for the same seed.
fn random_buffer(seed: u64) -> Vec<u8> {
    let mut buffer = vec![0; 1 << 20];
    fastrand::Rng::with_seed(seed).fill(&mut buffer);
    buffer
}

fn main() {
    let count = util::args("[MEBIBYTES]").number(200, 0..=4096);
    let buffers: Vec<_> = (0..count).map(random_buffer).collect();
    let start = Instant::now();

    let digests: Vec<_> = buffers
        .par_iter()
        .map(|buffer| (Sha512::digest(buffer), Sha256::digest(buffer)))
        .collect();

    println!("Hashing took {:.4} seconds", start.elapsed().as_secs_f64());
    // The digest of the digests fits in one line.
    let (mut sha512, mut sha256) = (Sha512::new(), Sha256::new());
    for (first, second) in digests {
        sha512.update(first);
        sha256.update(second);
    }
    println!("SHA-512: {}", hex(&sha512.finalize()));
    println!("SHA-256: {}", hex(&sha256.finalize()));
}
