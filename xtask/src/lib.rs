//! What the two parts of `cargo xtask` share: the command line, the workspace with its listings,
//! and the code that builds them. This package lists and runs listings, and compiles in seconds.
//! The package `xtask-measure` measures and draws.

pub mod build;
pub mod markers;
pub mod options;
pub mod output;
pub mod source;
pub mod workspace;

pub use xtask_report::timeline;

/// The Rust programs in ASYNCIO.md, tested as examples of this library.
#[cfg(doctest)]
#[doc = include_str!("../../ASYNCIO.md")]
pub struct Asyncio;
