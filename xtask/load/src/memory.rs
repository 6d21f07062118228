//! How fast this machine reads memory: what limits a program that does nothing else.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

/// The numbers that all threads read together: half a gibibyte, more than any cache holds.
const NUMBERS: usize = 64 * 1024 * 1024;

/// How often they are read; the fastest time counts.
const TIMES: usize = 4;

/// The bytes per second that `threads` threads read together, each from memory of its own.
pub fn bandwidth(threads: usize) -> f64 {
    let threads = threads.max(1);
    // Not zeros: those would be one page of the system's, which is in the cache.
    let mut parts: Vec<Vec<u64>> = (1..=threads)
        .map(|thread| vec![thread as u64; NUMBERS / threads])
        .collect();
    let bytes = (NUMBERS / threads * threads * size_of::<u64>()) as f64;
    let mut fastest = f64::INFINITY;
    for _ in 0..TIMES {
        let start = Instant::now();
        thread::scope(|scope| {
            for part in &mut parts {
                scope.spawn(|| black_box(part.iter().copied().fold(0, u64::wrapping_add)));
            }
        });
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    bytes / fastest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_at_some_speed() {
        // A debug build reads a hundredth of what memory gives.
        let speed = bandwidth(2);
        assert!(speed > 1e6 && speed.is_finite(), "{speed}");
    }
}
