//! Listing 7.9: A thread that waits for itself.
//!
//! The recursive call wants the lock that its caller holds, and both run on the same thread. The
//! book's program hangs. Here a watch finds the deadlock, says where it is, and ends the program.
//! (The watch works only with parking_lot's `Mutex`; with std's this would hang too.)
//!
//! In Python: `Lock`. Here: `Mutex`. Takes 1 s.

use std::thread;

use ch07_threads::deadlock;
use parking_lot::Mutex;

static LIST_LOCK: Mutex<()> = Mutex::new(());

fn sum_list(int_list: &[i32]) -> i32 {
    println!("Waiting to acquire lock...");
    let _guard = LIST_LOCK.lock();
    println!("Acquired lock.");
    match int_list {
        [] => {
            println!("Finished summing.");
            0
        }
        [head, tail @ ..] => {
            println!("Summing rest of list.");
            head + sum_list(tail)
        }
    }
}

fn main() -> anyhow::Result<()> {
    deadlock::watch()?;

    let thread = thread::spawn(|| sum_list(&[1, 2, 3, 4]));
    thread.join().expect("sum_list does not panic");
    Ok(())
}
