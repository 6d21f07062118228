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

/// What the listings print is remembered, for each order anew.
macro_rules! println {
    ($text:literal) => {
        crate::SAID.with_borrow_mut(|said| said.push($text))
    };
}

#[path = "../src/bin/listing_7_11_deadlock.rs"]
mod deadlock;
#[path = "../src/bin/listing_7_11_one_lock.rs"]
mod one_lock;
#[path = "../src/bin/listing_7_11_ordered.rs"]
mod ordered;

use core::cell::RefCell;
use core::marker::PhantomData;

use loom::lazy_static::Lazy;
use loom::sync::MutexGuard;
use util_testing::listing;

real_std::thread_local! {
    /// Loom runs all threads of a model in one.
    static SAID: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

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

/// Runs both methods, of which the second to begin waits for the end of the first.
fn in_every_order(a: fn(), b: fn()) {
    loom::model(move || {
        let threads = [a, b].map(loom::thread::spawn);
        for thread in threads {
            thread.join().unwrap();
        }
        let said = SAID.take();
        let by_a = |text: &&str| text.ends_with("method a!");
        assert_eq!(said.iter().filter(|it| by_a(it)).count(), 2);
        assert!(
            said.chunk_by(|x, y| by_a(x) == by_a(y)).count() == 2,
            "{said:?}"
        );
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
