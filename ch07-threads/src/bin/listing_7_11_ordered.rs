//! Listing 7.11 (ordered): Two threads, two locks, one order.
//!
//! A thread that waits for the first lock holds no lock, so no other thread can be waiting for it.
//! The model in `tests/models.rs` finds no order of the threads that deadlocks.
//!
//! In Python: `Lock`. Here: `Mutex`. Takes 2 s.

use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

static LOCK_A: Mutex<()> = Mutex::new(());
static LOCK_B: Mutex<()> = Mutex::new(());

pub(crate) fn a() {
    let _lock_a = LOCK_A.lock();
    println!("Acquired lock a from method a!");
    thread::sleep(Duration::from_secs(1));
    let _lock_b = LOCK_B.lock();
    println!("Acquired both locks from method a!");
}

pub(crate) fn b() {
    let _lock_a = LOCK_A.lock();
    println!("Acquired lock a from method b!");
    thread::sleep(Duration::from_secs(1));
    let _lock_b = LOCK_B.lock();
    println!("Acquired both locks from method b!");
}

fn main() {
    thread::scope(|scope| {
        scope.spawn(a);
        scope.spawn(b);
    });
}
