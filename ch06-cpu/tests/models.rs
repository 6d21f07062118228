//! Runs listings 6.11 and 6.12 in every order that their threads can take. The sources are the
//! listings' own; their `std` is this crate, with loom's threads, locks and atomics.
#![cfg(models)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    dead_code,
    reason = "a test that fails may panic; the models do not use all of a listing"
)]

extern crate self as std;

#[path = "../src/bin/listing_6_11_lost_update.rs"]
mod listing_6_11;
#[path = "../src/bin/listing_6_12_lock.rs"]
mod listing_6_12;
#[path = "../src/bin/scoped_lock.rs"]
mod scoped_lock;

pub mod sync {
    pub use loom::sync::{Arc, Barrier, Mutex, atomic};
}

pub mod thread {
    pub use loom::thread::{spawn, yield_now};

    /// loom has no scopes. Only the listings' `main`s use them, and the models do not run those.
    pub struct Scope;

    impl Scope {
        pub fn spawn(&self, _: impl FnOnce()) {}
    }

    pub fn scope(_: impl FnOnce(&Scope)) {}
}

use core::sync::atomic::AtomicBool;

use sync::atomic::{AtomicI32, Ordering};
use sync::{Arc, Mutex};

/// Lets two threads increment a shared value, and passes its final value to `seen`, once for each
/// order.
fn two_workers<T: Send + Sync + 'static>(
    shared: fn() -> T,
    increment_value: fn(&T),
    value: fn(&T) -> i32,
    seen: impl Fn(i32) + Send + Sync + 'static,
) {
    loom::model(move || {
        let shared = Arc::new(shared());
        let threads = [(); 2].map(|()| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || increment_value(&shared))
        });
        for thread in threads {
            thread.join().unwrap();
        }
        seen(value(&shared));
    });
}

#[test]
fn the_lost_update_of_listing_6_11_is_found() {
    static SEEN: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
    two_workers(
        || AtomicI32::new(0),
        listing_6_11::increment_value,
        |integer| integer.load(Ordering::Relaxed),
        |value| SEEN[usize::try_from(value).unwrap()].store(true, Ordering::Relaxed),
    );
    // loom tries every order, so both results must have come up.
    let seen = SEEN.each_ref().map(|seen| seen.load(Ordering::Relaxed));
    assert_eq!(seen, [false, true, true]);
}

#[test]
fn the_lock_of_listing_6_12_loses_nothing_in_any_order() {
    for increment_value in [listing_6_12::increment_value, scoped_lock::increment_value] {
        two_workers(
            || Mutex::new(0),
            increment_value,
            |integer| *integer.lock().unwrap(),
            |value| assert_eq!(value, 2),
        );
    }
}

#[test]
fn an_atomic_addition_loses_nothing_in_any_order() {
    two_workers(
        || AtomicI32::new(0),
        |integer| {
            integer.fetch_add(1, Ordering::Relaxed);
        },
        |integer| integer.load(Ordering::Relaxed),
        |value| assert_eq!(value, 2),
    );
}
