//! What the listings of chapter 3 share: a client of a non-blocking echo server, and what to do
//! when no client can be accepted.

use std::io;
use std::thread;
use std::time::Duration;

pub mod client;

/// How long a server waits before it tries to accept again.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Says on stderr why no client could be accepted, and blocks for [`ACCEPT_PAUSE`].
///
/// No descriptor may be free, say. That passes when somebody leaves, so it must not end a server;
/// without the pause the server would do nothing but try and complain.
pub fn pause_accepting(error: &io::Error) {
    eprintln!("cannot accept: {error}");
    thread::sleep(ACCEPT_PAUSE);
}
