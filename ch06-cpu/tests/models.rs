//! The races of listings 6.11 and 6.12, tried in every order that their threads can run in.
#![cfg(models)]
#![allow(clippy::panic, reason = "a test that fails may panic")]

use std::panic;

use loom::sync::atomic::{AtomicI32, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

/// Runs two threads that increment a shared value and returns what it is in the end.
fn two_workers<T: Send + Sync + 'static>(
    shared: T,
    increment_value: fn(&T),
    value: fn(&T) -> i32,
) -> i32 {
    let shared = Arc::new(shared);
    let threads = [(); 2].map(|()| {
        let shared = Arc::clone(&shared);
        thread::spawn(move || increment_value(&shared))
    });
    for thread in threads {
        assert!(thread.join().is_ok());
    }
    value(&shared)
}

#[test]
fn the_lost_update_of_listing_6_11_is_found() {
    fn increment_value(shared_int: &AtomicI32) {
        let value = shared_int.load(Ordering::Relaxed);
        shared_int.store(value + 1, Ordering::Relaxed);
    }
    // Every order is tried, so both results must come up: they are noted outside the model.
    static SEEN: std::sync::Mutex<Vec<i32>> = std::sync::Mutex::new(Vec::new());
    loom::model(|| {
        let value = two_workers(AtomicI32::new(0), increment_value, |shared| {
            shared.load(Ordering::Relaxed)
        });
        if let Ok(mut seen) = SEEN.lock() {
            seen.push(value);
        }
    });
    let mut seen = SEEN.lock().map(|seen| seen.clone()).unwrap_or_default();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [1, 2]);
}

#[test]
fn the_lock_of_listing_6_12_loses_nothing_in_any_order() {
    fn increment_value(shared_int: &Mutex<i32>) {
        if let Ok(mut value) = shared_int.lock() {
            *value += 1;
        }
    }
    loom::model(|| {
        let value = two_workers(Mutex::new(0), increment_value, |shared| {
            shared.lock().map_or(-1, |value| *value)
        });
        assert_eq!(value, 2);
    });
}

#[test]
fn an_atomic_addition_loses_nothing_in_any_order() {
    fn increment_value(shared_int: &AtomicI32) {
        shared_int.fetch_add(1, Ordering::Relaxed);
    }
    loom::model(|| {
        let value = two_workers(AtomicI32::new(0), increment_value, |shared| {
            shared.load(Ordering::Relaxed)
        });
        assert_eq!(value, 2);
    });
}

#[test]
fn a_model_that_fails_is_told() {
    // The same assertion as of the lock, on what loses updates: the model must refuse it.
    let outcome = panic::catch_unwind(|| {
        loom::model(|| {
            let value = two_workers(
                AtomicI32::new(0),
                |shared| shared.store(shared.load(Ordering::Relaxed) + 1, Ordering::Relaxed),
                |shared| shared.load(Ordering::Relaxed),
            );
            assert_eq!(value, 2);
        });
    });
    assert!(outcome.is_err());
}
