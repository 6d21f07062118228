//! What the listings of chapter 7 share: a client that blocks, a pool that the event loop can
//! wait for, the watch that finds deadlocks, passwords, and the load tester (7.13, 7.14).

pub mod agent;
pub mod deadlock;
pub mod executor;
pub mod form;
pub mod load_tester;
pub mod passwords;
pub mod stress_test;
pub mod terminal;

pub use agent::agent;
pub use executor::{ThreadPoolExecutor, default_workers};
