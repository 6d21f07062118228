//! What the listings of chapter 6 share: the word file of the MapReduce listings, read in
//! partitions.
//!
//! Listing 6.11 shares a number between two threads as an atomic, read and written in two steps,
//! and loses updates. Python's own way to do it, two workers that change one plain variable, does
//! not compile:
//!
//! ```compile_fail,E0499
//! let mut integer = 0;
//! std::thread::scope(|scope| {
//!     scope.spawn(|| integer += 1);
//!     scope.spawn(|| integer += 1); // error: cannot borrow `integer` as mutable more than once
//! });
//! ```

pub mod frequencies;
pub mod partitions;

pub use frequencies::Frequencies;
pub use partitions::{Partition, partitions};
