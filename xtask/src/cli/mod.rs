//! A module for each subcommand.

pub mod completions;
pub mod list;
pub mod readme;
pub mod run;
