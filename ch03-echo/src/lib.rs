//! What the listings of chapter 3 share: a client of a non-blocking echo server.

pub mod client;
