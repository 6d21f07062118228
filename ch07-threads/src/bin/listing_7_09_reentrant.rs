//! Listing 7.9 (reentrant): A lock that its holder may take again.
//!
//! `ReentrantMutex` counts how often its thread has locked it, as `RLock` does. It can give out
//! several guards at once, so each may only read the data inside.
//!
//! In Python: `RLock`. Here: `ReentrantMutex`.

use std::thread;

use parking_lot::ReentrantMutex;

static LIST_LOCK: ReentrantMutex<()> = ReentrantMutex::new(());

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

fn main() {
    let thread = thread::spawn(|| sum_list(&[1, 2, 3, 4]));
    println!("{}", thread.join().expect("sum_list does not panic"));
}
