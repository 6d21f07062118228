//! Listing 11.5: The users, behind a lock.
//!
//! Eric's removal waits until every message has been sent. The lock contains the map, so that
//! nobody can forget to take it; and its guard may live across the awaits.
//!
//! In Python: `async with user_lock`. Here: `Mutex<BTreeMap>`. Takes 1 s.

use std::collections::BTreeMap;
use std::rc::Rc;

use ch11_sync::mock_socket::{MockSocket, users};
use futures::future::try_join_all;
use tokio::sync::Mutex;

type LockedUsers = Mutex<BTreeMap<&'static str, Rc<MockSocket>>>;

async fn user_disconnect(user_lock: &LockedUsers, username: &str) {
    println!("{username} disconnected!");
    let mut user_names_to_sockets = user_lock.lock().await;
    println!("Removing {username} from dictionary");
    if let Some(socket) = user_names_to_sockets.remove(username) {
        socket.close();
    }
}

async fn send(socket: &MockSocket, user: &str) -> anyhow::Result<()> {
    socket.send(&format!("Hello {user}")).await
}

async fn message_all_users(user_lock: &LockedUsers) -> anyhow::Result<()> {
    println!("Creating message tasks");
    let user_names_to_sockets = user_lock.lock().await;
    let messages = user_names_to_sockets.iter();
    try_join_all(messages.map(|(user, socket)| send(socket, user))).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let user_lock = Mutex::new(users().into_inner());
    let (messaged, ()) = tokio::join!(
        biased;
        message_all_users(&user_lock),
        user_disconnect(&user_lock, "Eric"),
    );
    Ok(messaged?)
}
