//! Listing 11.3: A socket that is closed while it is being used.
//!
//! The messages are on their way when Eric leaves. That his socket cannot be used after that is
//! not something the types know: it is shared, and closed at run time. (What they do know: nobody
//! can remove a user while another task goes through the map; see the chapter's library.)
//!
//! In Python: `dict.pop`. Here: `RefCell<BTreeMap>`.

use std::rc::Rc;

use ch11_sync::mock_socket::{MockSocket, Users, users};
use futures::future::try_join_all;
use tokio::task::spawn_local;

async fn user_disconnect(user_names_to_sockets: &Users, username: &str) {
    println!("{username} disconnected!");
    let socket = user_names_to_sockets.borrow_mut().remove(username);
    if let Some(socket) = socket {
        socket.close();
    }
}

async fn send(socket: Rc<MockSocket>, message: String) -> anyhow::Result<()> {
    socket.send(&message).await
}

async fn message_all_users(user_names_to_sockets: &Users) -> anyhow::Result<()> {
    println!("Creating message tasks");
    let mut messages = Vec::new();
    // The map is borrowed for the loop only. Across an await it must not be: whoever wants to
    // change it then would panic.
    for (user, socket) in user_names_to_sockets.borrow().iter() {
        let message = format!("Hello {user}");
        messages.push(spawn_local(send(Rc::clone(socket), message)));
    }
    try_join_all(messages.into_iter().map(async |message| message.await?)).await?;
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let user_names_to_sockets = users();
    let (messaged, ()) = tokio::join!(
        message_all_users(&user_names_to_sockets),
        user_disconnect(&user_names_to_sockets, "Eric"),
    );
    Ok(messaged?)
}
