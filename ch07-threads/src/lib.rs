//! What the listings of chapter 7 share: a pool that the event loop can wait for, the watch that
//! finds deadlocks, passwords, and the load tester (7.13, 7.14).

pub mod deadlock;
pub mod executor;
pub mod form;
pub mod load_tester;
pub mod passwords;
pub mod stress_test;

pub use executor::{ThreadPoolExecutor, default_workers};
