//! What the two parts of `cargo xtask` share: the command line, the workspace with its listings,
//! and the code that builds them. This package lists and runs listings, and compiles in seconds.
//! The package `xtask-measure` measures and draws.

pub mod build;
pub mod markers;
pub mod options;
pub mod output;
pub mod rust;
pub mod source;
pub mod workspace;

pub use xtask_report::timeline;
