//! What the listings of chapter 2 share: the debug mode of 2.23 and 2.24.

pub mod debug;
