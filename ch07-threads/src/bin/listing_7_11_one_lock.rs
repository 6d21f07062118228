//! Listing 7.11 (one lock): Two threads, and one lock instead of two.
//!
//! With one lock there is no order to get wrong. Only a thread that locks it twice can deadlock
//! (7.9). The price is that the threads wait for each other more often.
//!
//! In Python: `Lock`. Here: `Mutex`. Takes 2 s.

use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

static LOCK: Mutex<()> = Mutex::new(());

pub(crate) fn a() {
    let _lock = LOCK.lock();
    println!("Acquired the lock from method a!");
    thread::sleep(Duration::from_secs(1));
    println!("Releasing the lock from method a!");
}

pub(crate) fn b() {
    let _lock = LOCK.lock();
    println!("Acquired the lock from method b!");
    thread::sleep(Duration::from_secs(1));
    println!("Releasing the lock from method b!");
}

fn main() {
    thread::scope(|scope| {
        scope.spawn(a);
        scope.spawn(b);
    });
}
