//! The report: what was measured and recorded, what it means, and how it is painted.
//!
//! `xtask-measure` writes it, once, to `xtask/results.json`. The terminal, the pages and the site
//! are painted from it.

pub mod data;
pub mod pages;
pub mod possible;
pub mod rows;
pub mod stats;
pub mod svg;
pub mod terminal;
pub mod text;
pub mod timeline;
pub mod warnings;

pub use data::Report;
