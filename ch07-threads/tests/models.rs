//! Runs the threads of listing 7.11 under loom, in every order. The sources are the same, but
//! `parking_lot` is loom's model of it, and no thread sleeps.
#![cfg(models)]
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that fails may panic; the models do not run main"
)]

extern crate self as parking_lot;
extern crate self as std;
extern crate std as real_std;

#[path = "../src/bin/listing_7_11_deadlock.rs"]
mod deadlock;
#[path = "../src/bin/listing_7_11_one_lock.rs"]
mod one_lock;
#[path = "../src/bin/listing_7_11_ordered.rs"]
mod ordered;

use core::marker::PhantomData;

use loom::lazy_static::Lazy;
use loom::sync::MutexGuard;
use util_testing::listing;

/// A static lock, which loom creates again for each order of the threads.
struct Mutex<T: 'static>(Lazy<loom::sync::Mutex<T>>);

impl Mutex<()> {
    const fn new((): ()) -> Self {
        Self(Lazy {
            init: || loom::sync::Mutex::new(()),
            _p: PhantomData,
        })
    }

    fn lock(&'static self) -> MutexGuard<'static, ()> {
        self.0.get().lock().unwrap()
    }
}

mod thread {
    pub use real_std::thread::scope;

    /// Loom lets the other thread run here, or anywhere else.
    pub fn sleep(_: core::time::Duration) {}
}

mod time {
    pub use core::time::Duration;
}

fn in_every_order(a: fn(), b: fn()) {
    loom::model(move || {
        let threads = [a, b].map(loom::thread::spawn);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn listing_7_11_deadlocks_in_some_order_of_the_threads() {
    // In another process, because only an abort ends the model of a deadlock.
    listing(real_std::env::current_exe().unwrap())
        .args(["--exact", "deadlocks", "--ignored", "--nocapture"])
        .assert()
        .failure()
        .stderr_eq("...\ndeadlock; threads = [..]\n...\n");
}

#[test]
#[ignore = "another test runs it, in a process of its own"]
fn deadlocks() {
    in_every_order(deadlock::a, deadlock::b);
}

#[test]
fn listing_7_11_ordered_never_deadlocks() {
    in_every_order(ordered::a, ordered::b);
}

#[test]
fn listing_7_11_one_lock_never_deadlocks() {
    in_every_order(one_lock::a, one_lock::b);
}
