//! What the listings of chapter 4 share.

mod fetch_status;
mod room;

pub use fetch_status::fetch_status;
pub use room::room_for;
