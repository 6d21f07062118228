//! Example: Two tasks that block.
//!
//! `std::thread::sleep` blocks its thread, so the second task starts only when the first is done.
//! Inside an `async fn` it would also block every other task on that thread.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Takes 4 s.

use std::thread;
use std::time::Duration;

fn task1() {
    println!("Task 1 started");
    thread::sleep(Duration::from_secs(2));
    println!("Task 1 completed");
}

fn task2() {
    println!("Task 2 started");
    thread::sleep(Duration::from_secs(2));
    println!("Task 2 completed");
}

fn main() {
    task1();
    task2();
}
