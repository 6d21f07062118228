//! Example: A socket that takes a second to send, and the users with their sockets.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::ensure;
use indexmap::IndexMap;
use tokio::time::sleep;

/// The users and their sockets, in the order in which they came, as in Python's `dict`.
pub type Users = IndexMap<&'static str, Rc<MockSocket>>;

/// Four users, each with an open socket.
#[must_use]
pub fn users() -> Users {
    let users = ["John", "Terry", "Graham", "Eric"];
    users.map(|user| (user, Rc::default())).into()
}

/// A socket that can be closed.
#[derive(Debug, Default)]
pub struct MockSocket {
    socket_closed: Cell<bool>,
}

impl MockSocket {
    /// Sends slowly.
    ///
    /// # Errors
    /// If the socket is closed.
    pub async fn send(self: Rc<Self>, message: String) -> anyhow::Result<()> {
        ensure!(!self.socket_closed.get(), "Socket is closed!");
        println!("Sending: {message}");
        sleep(Duration::from_secs(1)).await;
        println!("Sent: {message}");
        Ok(())
    }

    /// Closes the socket.
    pub fn close(&self) {
        self.socket_closed.set(true);
    }
}
