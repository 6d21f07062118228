//! What the listings of chapter 6 share: the partitions of a file, for the MapReduce listings. The
//! examples below do not compile.
//!
//! In Python, two workers that change one plain variable lose updates (listing 6.11):
//!
//! ```compile_fail,E0499
//! let mut integer = 0;
//! std::thread::scope(|scope| {
//!     scope.spawn(|| integer += 1);
//!     scope.spawn(|| integer += 1); // error: cannot borrow `integer` as mutable more than once
//! });
//! ```
//!
//! Python fails at run time when you send a worker something that it cannot pickle, such as a
//! `Value` (listing 6.13). Rust does not compile if threads cannot share something, such as a
//! counter without a lock:
//!
//! ```compile_fail,E0277
//! use std::{cell::Cell, rc::Rc};
//!
//! let counter = Rc::new(Cell::new(0.0));
//! rayon::spawn(move || counter.set(1.0)); // error: `Rc<Cell<f64>>` cannot be sent between threads
//! ```

pub mod partitions;

pub use partitions::{Partition, partition, word_file};
