//! What the listings of chapter 11 share: three synchronisation primitives of asyncio that tokio
//! has in another form ([`BoundedSemaphore`], [`Event`], [`Condition`]), the sockets of listings
//! 11.3 and 11.5, and the upload of 11.11.
//!
//! # What the compiler refuses
//!
//! Python raises `RuntimeError: dictionary changed size during iteration`. In one task, the same
//! mistake does not compile:
//!
//! ```compile_fail,E0502
//! let mut user_names_to_sockets = std::collections::HashMap::from([("John", 1), ("Eric", 2)]);
//! for user in user_names_to_sockets.keys() {
//!     user_names_to_sockets.remove("Eric"); // error: the loop has borrowed it
//! }
//! ```
//!
//! Between tasks it compiles. A `RefCell` panics, while a lock waits (11.5).
//!
//! ```should_panic
//! # use std::{cell::RefCell, collections::HashMap};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let user_names_to_sockets = RefCell::new(HashMap::from([("John", 1), ("Eric", 2)]));
//! tokio::join!(
//!     async {
//!         for user in user_names_to_sockets.borrow().keys() {
//!             tokio::task::yield_now().await;
//!         }
//!     },
//!     async { user_names_to_sockets.borrow_mut().remove("Eric") }, // panics: already borrowed
//! );
//! # }
//! ```
//!
//! A counter for the tasks of one thread (11.1) cannot move to another thread:
//!
//! ```compile_fail,E0277
//! let counter = std::rc::Rc::new(std::cell::Cell::new(0));
//! std::thread::spawn(move || counter.set(counter.get() + 1)); // error: `Rc` is not `Send`
//! ```
//!
//! `tokio::spawn` refuses a task that holds std's guard across an await. `spawn_local` and `join!`
//! accept it, and may then wait forever. There, only clippy warns (`await_holding_lock`).
//!
//! ```compile_fail
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let lock = std::sync::Arc::new(std::sync::Mutex::new(0));
//! tokio::spawn(async move {
//!     let guard = lock.lock().unwrap();
//!     tokio::task::yield_now().await; // error: the guard is not `Send`
//!     drop(guard);
//! });
//! # }
//! ```
//!
//! If the guard is dropped before the await, std's lock works:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let lock = std::sync::Arc::new(std::sync::Mutex::new(0));
//! tokio::spawn(async move {
//!     *lock.lock().unwrap() += 1;
//!     tokio::task::yield_now().await;
//! });
//! # }
//! ```

// It has the recorder of `cargo xtask timeline`, for the listings that use nothing else of it.
use util as _;

pub mod bounded_semaphore;
pub mod condition;
pub mod event;
pub mod file_upload;
pub mod mock_socket;

pub use bounded_semaphore::BoundedSemaphore;
pub use condition::Condition;
pub use event::Event;
