//! The report: what was measured and recorded, what it means, and how it is painted.
//!
//! `xtask-measure` writes it, once, to `xtask/results.json`. The terminal, the pages and the site
//! are painted from it.

pub mod data;
pub mod possible;
pub mod stats;
pub mod svg;
pub mod timeline;
