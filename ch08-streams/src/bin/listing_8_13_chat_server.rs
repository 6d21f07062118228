//! Listing 8.13: A chat server.
//!
//! A client sends `CONNECT name`, then lines, which all users get. In the book's server, one client
//! that does not read stops all the others: once the buffers of its connection are full, `drain`
//! waits for it, and all wait for `drain`. Here each user has a bounded queue, and a task that
//! writes the messages from it. No one waits for a queue, because a user whose queue is full is
//! disconnected at once. The broadcast channel of 8.12 would notice such a user only when that user
//! reads again.
//!
//! In Python: `StreamReader`, `StreamWriter`. Here: `OwnedReadHalf`, `OwnedWriteHalf`, `try_send`.
//! Serves until Ctrl-C.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use anyhow::bail;
use futures::TryStreamExt;
use tokio::io::AsyncWriteExt;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{JoinSet, spawn_local, yield_now};
use tokio::time::timeout;
use tokio_util::codec::{FramedRead, LinesCodec};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 4096;

/// This many messages may wait for a user.
const QUEUE: usize = 4096;

type Lines = FramedRead<OwnedReadHalf, LinesCodec>;

/// Dropping a user aborts the tasks that read and write, and so closes the connection.
struct User {
    queue: Sender<Rc<str>>,
    tasks: JoinSet<()>,
}

struct ChatServer {
    username_to_user: RefCell<BTreeMap<String, User>>,
    idle: Duration,
}

impl ChatServer {
    async fn start_chat_server(self: Rc<Self>, server: TcpListener) -> io::Result<()> {
        loop {
            // Without free descriptors this fails. A real server would wait and accept again.
            let (connection, _) = server.accept().await?;
            let connected = Rc::clone(&self).client_connected(connection);
            spawn_local(async {
                if let Err(error) = connected.await {
                    eprintln!("{error}, disconnecting.");
                }
            });
        }
    }

    async fn client_connected(self: Rc<Self>, connection: TcpStream) -> anyhow::Result<()> {
        let (reader, writer) = connection.into_split();
        let mut lines = FramedRead::new(reader, LinesCodec::new_with_max_length(LONGEST_LINE));
        let command = timeout(self.idle, lines.try_next()).await??;
        println!("CONNECTED {}", writer.peer_addr()?);
        let command = command.unwrap_or_default();
        let Some(("CONNECT", username)) = command.split_once(' ') else {
            bail!("Got invalid command from client");
        };
        // From here to the insert there is no await, so no other client can take the name.
        if self.username_to_user.borrow().contains_key(username) {
            bail!("The name {username} is taken");
        }
        self.add_user(username, lines, writer);
        self.on_connect(username);
        Ok(())
    }

    fn add_user(self: &Rc<Self>, username: &str, lines: Lines, writer: OwnedWriteHalf) {
        let (queue, messages) = mpsc::channel(QUEUE);
        let mut tasks = JoinSet::new();
        tasks.spawn_local(Rc::clone(self).listen_for_messages(username.into(), lines));
        tasks.spawn_local(write_messages(messages, writer));
        let mut users = self.username_to_user.borrow_mut();
        users.insert(username.into(), User { queue, tasks });
    }

    fn on_connect(&self, username: &str) {
        let users = self.username_to_user.borrow();
        let welcome = format!("Welcome! {} user(s) are online!\n", users.len());
        // A new queue has room.
        let _ = users[username].queue.try_send(welcome.into());
        drop(users);
        self.notify_all(format!("{username} connected!\n").into());
    }

    fn remove_user(&self, username: &str) -> Option<User> {
        let user = self.username_to_user.borrow_mut().remove(username)?;
        self.notify_all(format!("{username} has left the chat\n").into());
        Some(user)
    }

    async fn listen_for_messages(self: Rc<Self>, username: String, mut lines: Lines) {
        let listen = async {
            while let Some(message) = timeout(self.idle, lines.try_next()).await?? {
                self.notify_all(format!("{username}: {message}\n").into());
                // The writers run before this user says more.
                yield_now().await;
            }
            anyhow::Ok(())
        };
        if let Err(error) = listen.await {
            eprintln!("Error reading from client: {error}");
        }
        if let Some(mut user) = self.remove_user(&username) {
            // The writer still empties the queue.
            user.tasks.detach_all();
        }
    }

    fn notify_all(&self, message: Rc<str>) {
        let mut inactive_users = Vec::new();
        for (username, user) in self.username_to_user.borrow().iter() {
            if user.queue.try_send(Rc::clone(&message)).is_err() {
                inactive_users.push(username.clone());
            }
        }
        for username in inactive_users {
            eprintln!("Could not write to client {username}.");
            self.remove_user(&username);
        }
    }
}

async fn write_messages(mut messages: Receiver<Rc<str>>, mut writer: OwnedWriteHalf) {
    while let Some(message) = messages.recv().await {
        if writer.write_all(message.as_bytes()).await.is_err() {
            break;
        }
    }
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [IDLE_SECONDS]");
    let server = util::listen(args.address(8000))?;
    util::listening(server.local_addr()?);
    let chat_server = Rc::new(ChatServer {
        username_to_user: RefCell::default(),
        idle: Duration::from_secs(args.number(60, 1..=86_400)),
    });
    Ok(chat_server.start_chat_server(server).await?)
}
