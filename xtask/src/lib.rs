//! What the packages of `cargo xtask` share: the workspace with its listings, the code that builds
//! and runs them, and the pages. It compiles in seconds; the package `xtask-measure` measures and
//! draws, and `xtask-site` builds the site.

pub mod build;
pub mod child;
pub mod markers;
pub mod output;
pub mod readme;
pub mod rust;
pub mod source;
pub mod what_if;
pub mod workspace;
