//! What the listings of chapter 11 share: three of asyncio's synchronisation primitives that tokio
//! has in another form ([`BoundedSemaphore`], [`Event`], [`Condition`]), the sockets of listings
//! 11.3 and 11.5, and the upload of 11.11.
//!
//! Python raises `RuntimeError: dictionary changed size during iteration` when a task removes a
//! user while another goes through all of them. In Rust whoever goes through the map borrows it,
//! and nobody can change what is borrowed:
//!
//! ```compile_fail,E0502
//! # use std::collections::BTreeMap;
//! let mut user_names_to_sockets = BTreeMap::from([("John", 1), ("Eric", 2)]);
//! for user in user_names_to_sockets.keys() {
//!     user_names_to_sockets.remove("Eric"); // error: it is also borrowed by the loop
//! }
//! ```

pub mod bounded_semaphore;
pub mod condition;
pub mod event;
pub mod file_upload;
pub mod mock_socket;

pub use bounded_semaphore::BoundedSemaphore;
pub use condition::Condition;
pub use event::Event;
