//! What the listings of chapter 8 share: transports and protocols (8.1), and the terminal (8.5, 8.7
//! to 8.9).

pub mod cursor;
pub mod http_get;
pub mod http_get_protocol;
pub mod message_store;
pub mod read_line;
pub mod stdin_reader;
pub mod transport;
