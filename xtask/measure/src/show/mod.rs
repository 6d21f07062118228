//! How results are shown: tables, figures, and how far a measurement is.

pub mod output;
pub mod page;
pub mod progress;
pub mod svg;
pub mod table;
pub mod tables;
pub mod terminal;
pub mod trace;
