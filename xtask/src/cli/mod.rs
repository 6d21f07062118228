//! A module for each subcommand.

mod bins;
pub mod completions;
mod lines;
pub mod list;
pub mod readme;
pub mod run;
mod times;
