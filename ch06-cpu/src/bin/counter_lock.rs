//! Example: Two threads count to twenty million together, under a lock.
//!
//! The lock of listing 6.12 makes the threads take turns. They are no faster than one thread, and
//! often far slower, because the cache line of the lock bounces between the cores. Lock as little
//! as you can.
//!
//! In Python: `get_lock()`. Here: `Mutex`, `lock`. Takes 2 s.

use std::sync::Mutex;
use std::thread;
use std::time::Instant;

fn main() {
    let increments = util::args("[EACH]").number(10_000_000_u64, 0..=1_000_000_000_000);
    let start = Instant::now();

    let counter = Mutex::new(0_u64);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..increments {
                    *counter.lock().expect("no holder panics") += 1;
                }
            });
        }
    });

    let counter = counter.into_inner().expect("no holder panics");
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
