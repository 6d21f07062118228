//! Listing 7.11: Two threads, two locks, opposite orders.
//!
//! Each thread holds the lock that the other wants. Rust's types rule out data races, not
//! deadlocks. Without the sleeps this one would be rare, but still possible. Ignoring it and
//! restarting the program is the "ostrich algorithm". The model in `tests/models.rs` tries every
//! order in which the threads can run, and finds it.
//!
//! In Python: `Lock`. Here: `Mutex`. Takes 2 s.

use std::thread;
use std::time::Duration;

use ch07_threads::deadlock;
use parking_lot::Mutex;

static LOCK_A: Mutex<()> = Mutex::new(());
static LOCK_B: Mutex<()> = Mutex::new(());

pub(crate) fn a() {
    let _lock_a = LOCK_A.lock();
    println!("Acquired lock a from method a!");
    // Give the other thread time to take its first lock.
    thread::sleep(Duration::from_secs(1));
    let _lock_b = LOCK_B.lock();
    println!("Acquired both locks from method a!");
}

pub(crate) fn b() {
    let _lock_b = LOCK_B.lock();
    println!("Acquired lock b from method b!");
    thread::sleep(Duration::from_secs(1));
    let _lock_a = LOCK_A.lock();
    println!("Acquired both locks from method b!");
}

fn main() -> anyhow::Result<()> {
    deadlock::watch()?;

    thread::scope(|scope| {
        scope.spawn(a);
        scope.spawn(b);
    });
    Ok(())
}
