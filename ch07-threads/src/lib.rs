//! What the listings of chapter 7 share: a blocking request, a pool that the event loop can wait
//! for, the watch that finds deadlocks, passwords, and the load tester (7.13, 7.14).

pub mod deadlock;
pub mod executor;
pub mod form;
pub mod load_tester;
pub mod passwords;
pub mod status_code;
pub mod stress_test;
pub mod terminal;

pub use executor::{ThreadPoolExecutor, default_workers};
pub use status_code::get_status_code;
