//! Tests the chapter's library under shuttle, which runs its tasks in thousands of orders. The
//! sources are the same, but their `tokio` is shuttle's model of it, and their `std` is this crate,
//! with shuttle's atomics: shuttle switches tasks only where they use something of its own.
#![cfg(models)]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    dead_code,
    reason = "a test that fails may panic; the models do not use all of the library"
)]

extern crate self as std;
extern crate shuttle_tokio as tokio;

#[path = "../src/bounded_semaphore.rs"]
mod bounded_semaphore;
#[path = "../src/condition.rs"]
mod condition;
#[path = "../src/event.rs"]
mod event;

pub mod ops {
    pub use core::ops::{Deref, DerefMut};
}

pub mod sync {
    pub use shuttle::sync::{Arc, atomic};
}

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use bounded_semaphore::BoundedSemaphore;
use condition::Condition;
use event::Event;
use shuttle::future::{block_on, spawn, yield_now};
use sync::Arc;
use sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Enough to find each mistake that was made on purpose, many times over.
const ORDERS: usize = 3_000;

fn in_many_orders<F: Future<Output = ()> + Send + 'static>(
    model: impl Fn() -> F + Send + Sync + 'static,
) {
    // Random orders, and orders with few switches at the worst moments.
    let model = Arc::new(model);
    let random = Arc::clone(&model);
    shuttle::check_random(move || block_on(random()), ORDERS);
    shuttle::check_pct(move || block_on(model()), ORDERS, 3);
}

/// Polls a future once and drops it, which cancels the waiter.
fn poll_and_drop<T>(future: impl Future<Output = T>) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    matches!(future.as_mut().poll(&mut context), Poll::Ready(_))
}

#[test]
fn an_event_wakes_everybody_in_any_order() {
    in_many_orders(|| async {
        let event = Arc::new(Event::new());
        let waiting = [(); 2].map(|()| {
            let event = Arc::clone(&event);
            spawn(async move { event.wait().await })
        });
        let setter = Arc::clone(&event);
        spawn(async move { setter.set() }).await.unwrap();
        // It may come before `set` or after it; a lost wake-up would be a deadlock.
        for task in waiting {
            task.await.unwrap();
        }
    });
}

#[test]
fn an_event_wakes_the_others_when_one_who_waits_is_cancelled() {
    in_many_orders(|| async {
        let event = Arc::new(Event::new());
        let cancelled = Arc::clone(&event);
        let impatient = spawn(async move {
            poll_and_drop(cancelled.wait());
        });
        let patient = Arc::clone(&event);
        let patient = spawn(async move { patient.wait().await });
        event.set();
        impatient.await.unwrap();
        patient.await.unwrap();
    });
}

#[test]
fn a_condition_loses_no_change_in_any_order() {
    in_many_orders(|| async {
        let condition = Arc::new(Condition::new(0));
        let waiting = [1, 2].map(|wanted| {
            let condition = Arc::clone(&condition);
            spawn(async move {
                let state = condition.lock().await;
                let state = state.wait_for(|state| *state >= wanted).await;
                assert!(*state >= wanted);
            })
        });
        let changing = [(); 2].map(|()| {
            let condition = Arc::clone(&condition);
            spawn(async move {
                let mut state = condition.lock().await;
                *state += 1;
                state.notify_all();
            })
        });
        for task in waiting.into_iter().chain(changing) {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_condition_is_unharmed_when_one_who_waits_is_cancelled() {
    in_many_orders(|| async {
        let condition = Arc::new(Condition::new(0));
        let cancelled = Arc::clone(&condition);
        let impatient = spawn(async move {
            // Depending on the order, this cancels the wait for the lock, for the notification, or
            // for the lock again.
            poll_and_drop(async {
                let state = cancelled.lock().await;
                drop(state.wait_for(|state| *state == 1).await);
            });
        });
        let patient = Arc::clone(&condition);
        let patient = spawn(async move {
            let state = patient.lock().await;
            drop(state.wait_for(|state| *state == 1).await);
        });
        yield_now().await;
        let mut state = condition.lock().await;
        *state = 1;
        state.notify_all();
        drop(state);
        impatient.await.unwrap();
        patient.await.unwrap();
        // No task has kept the lock.
        assert_eq!(*condition.lock().await, 1);
    });
}

#[test]
fn a_bounded_semaphore_never_lets_more_in_than_it_has_permits() {
    in_many_orders(|| async {
        let semaphore = Arc::new(BoundedSemaphore::new(2));
        let inside = Arc::new(AtomicUsize::new(0));
        let tasks = [(); 4].map(|()| {
            let (semaphore, inside) = (Arc::clone(&semaphore), Arc::clone(&inside));
            spawn(async move {
                semaphore.acquire().await;
                assert!(inside.fetch_add(1, Ordering::SeqCst) < 2);
                yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
                semaphore.release().unwrap();
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(semaphore.available_permits(), 2);
        assert!(semaphore.release().is_err());
    });
}

#[test]
fn a_bounded_semaphore_loses_no_permit_when_one_who_waits_is_cancelled() {
    in_many_orders(|| async {
        let semaphore = Arc::new(BoundedSemaphore::new(1));
        semaphore.acquire().await;
        let cancelled = Arc::clone(&semaphore);
        let impatient = spawn(async move {
            // In some orders the task gets the permit, and has to give it back.
            if poll_and_drop(cancelled.acquire()) {
                cancelled.release().unwrap();
            }
        });
        let patient = Arc::clone(&semaphore);
        let patient = spawn(async move {
            patient.acquire().await;
            patient.release().unwrap();
        });
        semaphore.release().unwrap();
        impatient.await.unwrap();
        patient.await.unwrap();
        assert_eq!(semaphore.available_permits(), 1);
        assert!(semaphore.release().is_err());
    });
}

/// Two tasks release the one permit that is out, so one of them must be refused.
fn two_release_one_permit<S: Send + Sync + 'static>(
    with_one_permit_out: fn() -> S,
    release: fn(&S) -> bool,
) {
    in_many_orders(move || async move {
        let semaphore = Arc::new(with_one_permit_out());
        let releases = [(); 2].map(|()| {
            let semaphore = Arc::clone(&semaphore);
            spawn(async move { usize::from(release(&semaphore)) })
        });
        let mut released = 0;
        for release in releases {
            released += release.await.unwrap();
        }
        assert_eq!(released, 1, "releases");
    });
}

#[test]
fn of_two_who_release_one_permit_one_is_refused() {
    let with_one_permit_out = || {
        let semaphore = BoundedSemaphore::new(1);
        block_on(semaphore.acquire());
        semaphore
    };
    two_release_one_permit(with_one_permit_out, |it| it.release().is_ok());
}

/// A `release` that looks and then subtracts, a mistake that the models must find.
#[test]
#[should_panic(expected = "releases")]
fn a_release_in_two_steps_is_found() {
    two_release_one_permit(
        || AtomicUsize::new(1),
        |acquired| {
            let out = acquired.load(Ordering::SeqCst);
            if out > 0 {
                acquired.store(out - 1, Ordering::SeqCst);
            }
            out > 0
        },
    );
}

/// An event that checks its flag before it enlists, a mistake that the models must find.
#[test]
#[should_panic(expected = "deadlock")]
fn a_wake_up_that_can_be_lost_is_found() {
    in_many_orders(|| async {
        let is_set = Arc::new(AtomicBool::new(false));
        let waiters = Arc::new(tokio::sync::Notify::new());
        let (flag, woken) = (Arc::clone(&is_set), Arc::clone(&waiters));
        let waiting = spawn(async move {
            if !flag.load(Ordering::SeqCst) {
                woken.notified().await;
            }
        });
        is_set.store(true, Ordering::SeqCst);
        waiters.notify_waiters();
        waiting.await.unwrap();
    });
}
