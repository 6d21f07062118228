//! What the two parts of `cargo xtask` share: the command line, the workspace with its listings,
//! and building them. This package lists and runs listings and compiles in seconds; the package
//! `xtask-measure` measures and draws.

pub mod build;
pub mod markers;
pub mod options;
pub mod output;
pub mod source;
pub mod timeline;
pub mod workspace;

/// The programs in Rust of ASYNCIO.md, which are tested as this library's examples.
#[cfg(doctest)]
#[doc = include_str!("../../ASYNCIO.md")]
pub struct Asyncio;
