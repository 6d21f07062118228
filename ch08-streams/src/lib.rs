//! What the listings of chapter 8 share: transports and protocols (8.1), the terminal (8.5, 8.7 to
//! 8.9), and the queue that a server keeps for each client (8.12, 8.13).

pub mod cursor;
pub mod http_get;
pub mod http_get_protocol;
pub mod lines;
pub mod message_store;
pub mod outbox;
pub mod read_line;
pub mod screen;
pub mod stdin_reader;
pub mod transport;
