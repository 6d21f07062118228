//! A module for each subcommand: its options, and what they set going.

pub mod bench;
pub mod results;
pub mod scale;
mod session;
pub mod timeline;
