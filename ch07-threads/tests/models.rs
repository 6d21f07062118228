//! The locks of listing 7.11, tried in every order that their threads can run in.
#![cfg(models)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use loom::sync::{Arc, Mutex};
use loom::thread;
use util_testing::listing;

type Locks = Arc<[Mutex<()>; 2]>;

/// Runs two threads that each take both locks, the first thread in the order 0, 1.
fn two_threads(order_of_second: [usize; 2]) {
    let locks: Locks = Arc::new([Mutex::new(()), Mutex::new(())]);
    let threads = [[0, 1], order_of_second].map(|[first, second]| {
        let locks = Arc::clone(&locks);
        thread::spawn(move || {
            let _first = locks[first].lock().unwrap();
            let _second = locks[second].lock().unwrap();
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn locks_taken_in_opposite_orders_deadlock_in_some_order_of_the_threads() {
    // In a process of its own: the model of a deadlock cannot be left but by aborting.
    listing(std::env::current_exe().unwrap())
        .args(["--exact", "deadlocks", "--ignored", "--nocapture"])
        .assert()
        .failure()
        .stderr_eq("...\ndeadlock; threads = [..]\n...\n");
}

#[test]
#[ignore = "it is run by another test, in a process of its own"]
fn deadlocks() {
    loom::model(|| two_threads([1, 0]));
}

#[test]
fn locks_taken_in_one_order_never_deadlock() {
    loom::model(|| two_threads([0, 1]));
}
