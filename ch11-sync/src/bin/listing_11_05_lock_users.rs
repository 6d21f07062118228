//! Listing 11.5: The users, behind a lock.
//!
//! Eric's removal waits until every message has been sent. The lock contains the map, so you cannot
//! forget to take it. You may hold tokio's guard across the awaits.
//!
//! In Python: `async with user_lock`. Here: `tokio::sync::Mutex`. Takes 1 s.

use std::rc::Rc;

use ch11_sync::mock_socket::{Users, users};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

#[tracing::instrument(skip(user_names_to_sockets))]
async fn user_disconnect(username: &str, user_names_to_sockets: &Mutex<Users>) {
    println!("{username} disconnected!");
    let mut user_names_to_sockets = user_names_to_sockets.lock().await;
    println!("Removing {username} from dictionary");
    let socket = user_names_to_sockets.shift_remove(username);
    if let Some(socket) = socket {
        socket.close();
    }
}

#[tracing::instrument(skip_all)]
async fn message_all_users(user_names_to_sockets: &Mutex<Users>) -> anyhow::Result<()> {
    println!("Creating message tasks");
    let user_names_to_sockets = user_names_to_sockets.lock().await;
    let mut messages = JoinSet::new();
    for (user, socket) in user_names_to_sockets.iter() {
        messages.spawn_local(Rc::clone(socket).send(format!("Hello {user}")));
    }
    while let Some(sent) = messages.join_next().await {
        sent??;
    }
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let user_names_to_sockets = Mutex::new(users());
    let (messaged, ()) = tokio::join!(
        message_all_users(&user_names_to_sockets),
        user_disconnect("Eric", &user_names_to_sockets),
    );
    messaged
}
