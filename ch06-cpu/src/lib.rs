//! What the listings of chapter 6 share: a file in partitions, for the MapReduce listings. And
//! what does not compile.
//!
//! Python's own way to lose an update (listing 6.11) is two workers that change one plain variable:
//!
//! ```compile_fail,E0499
//! let mut integer = 0;
//! std::thread::scope(|scope| {
//!     scope.spawn(|| integer += 1);
//!     scope.spawn(|| integer += 1); // error: cannot borrow `integer` as mutable more than once
//! });
//! ```
//!
//! What Python cannot pickle, a `Value` for one (listing 6.13), fails when it is sent to a worker.
//! What Rust's threads cannot share, a counter without a lock for one, fails to compile:
//!
//! ```compile_fail,E0277
//! use std::{cell::Cell, rc::Rc};
//!
//! let counter = Rc::new(Cell::new(0.0));
//! rayon::spawn(move || counter.set(1.0)); // error: `Rc<Cell<f64>>` cannot be sent between threads
//! ```

pub mod partitions;

pub use partitions::{Partition, partition, word_file};
