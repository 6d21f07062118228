//! What the packages of `cargo xtask` share: the workspace with its listings, the code that builds
//! and runs them, and the pages. It compiles in seconds; the package `xtask-measure` measures and
//! draws, and `xtask-site` builds the site.

pub mod build;
pub mod child;
pub mod markers;
pub mod output;
pub mod readme;
pub mod source;
pub mod what_if;
pub mod workspace;

/// The Rust programs in ASYNCIO.md, tested as examples of this library.
#[cfg(doctest)]
#[doc = include_str!("../../ASYNCIO.md")]
pub struct Asyncio;
