//! Listing 11.3: A socket that is closed while it is being used.
//!
//! When Eric leaves, the messages already exist, so his is sent on a closed socket. The compiler
//! cannot know this, because the socket is shared and closed at run time. In one task, changing the
//! map while iterating over it does not compile. Between tasks a `RefCell` panics, while a lock
//! waits (11.5).
//!
//! In Python: `dict.pop`. Here: `RefCell`.

use std::cell::RefCell;
use std::rc::Rc;

use ch11_sync::mock_socket::{Users, users};
use tokio::task::JoinSet;

async fn user_disconnect(username: &str, user_names_to_sockets: &RefCell<Users>) {
    println!("{username} disconnected!");
    let socket = user_names_to_sockets.borrow_mut().shift_remove(username);
    if let Some(socket) = socket {
        socket.close();
    }
}

async fn message_all_users(user_names_to_sockets: &RefCell<Users>) -> anyhow::Result<()> {
    println!("Creating message tasks");
    let mut messages = JoinSet::new();
    // Borrowed only for the loop; across an await, the borrow would make `borrow_mut` panic.
    for (user, socket) in user_names_to_sockets.borrow().iter() {
        messages.spawn_local(Rc::clone(socket).send(format!("Hello {user}")));
    }
    while let Some(sent) = messages.join_next().await {
        sent??;
    }
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let user_names_to_sockets = RefCell::new(users());
    let (messaged, ()) = tokio::join!(
        message_all_users(&user_names_to_sockets),
        user_disconnect("Eric", &user_names_to_sockets),
    );
    messaged
}
