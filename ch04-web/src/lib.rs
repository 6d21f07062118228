//! What the listings of chapter 4 share.

mod fetch_status;

pub use fetch_status::fetch_status;
