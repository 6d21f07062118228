//! Listing 8.13: A chat server.
//!
//! A client sends `CONNECT name` and then lines, which everybody gets. The book's server waits for
//! each client to take each message, so one that does not read stops all. Here each has a queue,
//! and one whose queue is full is told to go. On Ctrl-C everybody is told, and gets what was left.
//! What makes it long is telling people why: a bad name, a taken one, a line too long, silence.
//!
//! In Python: `StreamReader`, `StreamWriter`. Here: `OwnedReadHalf`, `OwnedWriteHalf`. Serves until
//! Ctrl-C.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use ch08_streams::lines::{Lines, NoLine};
use ch08_streams::outbox::{Outbox, outbox};
use ch08_streams::screen::terminated;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const LONGEST_NAME: usize = 32;

struct ChatServer {
    username_to_outbox: RefCell<BTreeMap<String, Outbox>>,
    idle: Duration,
    shutdown: CancellationToken,
}

const SHUTDOWN: &str = "The server is shutting down.\n";

impl ChatServer {
    async fn client_connected(&self, connection: TcpStream) {
        let (reader, writer) = connection.into_split();
        let mut lines = Lines::new(reader);
        let (outbox, outgoing) = outbox();
        let mut deliver = pin!(outgoing.deliver(writer));

        match self.connect(&mut lines, &outbox).await {
            Ok(username) => {
                self.on_connect(&username, &outbox).await;
                tokio::select! {
                    last = self.listen_for_messages(&username, &mut lines) => outbox.close(&last),
                    () = outbox.closed() => {}
                    () = self.shutdown.cancelled() => outbox.close(SHUTDOWN),
                    // Writing ends first only if the client has gone.
                    _ = &mut deliver => outbox.close(""),
                }
                self.username_to_outbox.borrow_mut().remove(&username);
                self.notify_all(&format!("{username} has left the chat\n"))
                    .await;
            }
            Err(reason) => {
                eprintln!(
                    "Got invalid command from client, disconnecting: {}",
                    reason.trim()
                );
                outbox.close(&reason);
            }
        }
        // Who has gone without listening has been told as much as is possible.
        let _ = deliver.await;
    }

    /// The name of a client who may come in, or a line that says why not.
    async fn connect(
        &self,
        lines: &mut Lines<OwnedReadHalf>,
        outbox: &Outbox,
    ) -> Result<String, String> {
        let line = tokio::select! {
            line = timeout(self.idle, lines.next()) => line,
            () = self.shutdown.cancelled() => return Err(SHUTDOWN.into()),
        };
        let line = line.map_err(|_| self.too_idle())?;
        let line = line.map_err(|no_line| answer(&no_line))?;
        let username = match line.split_once(' ') {
            Some(("CONNECT", username)) => username.trim(),
            _ => return Err("Begin with: CONNECT name\n".into()),
        };
        if username.is_empty() || username.contains(char::is_control) {
            return Err("That is not a name.\n".into());
        }
        if username.chars().count() > LONGEST_NAME {
            return Err(format!("A name has at most {LONGEST_NAME} characters.\n"));
        }
        match self.username_to_outbox.borrow_mut().entry(username.into()) {
            Entry::Occupied(_) => Err(format!("The name {username} is taken.\n")),
            Entry::Vacant(entry) => {
                entry.insert(outbox.clone());
                Ok(username.into())
            }
        }
    }

    async fn on_connect(&self, username: &str, outbox: &Outbox) {
        let users = self.username_to_outbox.borrow().len();
        outbox.put(&format!("Welcome! {users} user(s) are online!\n").into());
        self.notify_all(&format!("{username} connected!\n")).await;
    }

    /// Listens until the client goes, and returns a last line for it.
    async fn listen_for_messages(
        &self,
        username: &str,
        lines: &mut Lines<OwnedReadHalf>,
    ) -> String {
        loop {
            match timeout(self.idle, lines.next()).await {
                Ok(Ok(line)) => self.notify_all(&format!("{username}: {line}\n")).await,
                Ok(Err(no_line @ NoLine::NotUtf8)) => {
                    let outbox = self.username_to_outbox.borrow().get(username).cloned();
                    outbox.map(|outbox| outbox.put(&answer(&no_line).into()));
                }
                Ok(Err(no_line)) => return answer(&no_line),
                Err(_) => return self.too_idle(),
            }
        }
    }

    async fn notify_all(&self, message: &str) {
        let message = Rc::from(message);
        let mut crowded = false;
        for outbox in self.username_to_outbox.borrow().values() {
            crowded |= outbox.put(&message);
        }
        if crowded {
            // Time for the queues to be written, before this client says more.
            yield_now().await;
        }
    }

    fn too_idle(&self) -> String {
        format!("You said nothing for {} seconds.\n", self.idle.as_secs())
    }
}

fn answer(no_line: &NoLine) -> String {
    match no_line {
        NoLine::End | NoLine::Broken(_) => String::new(),
        NoLine::TooLong => "That line was too long.\n".into(),
        NoLine::NotUtf8 => "That was not UTF-8.\n".into(),
    }
}

async fn serve(server: &TcpListener, chat_server: &Rc<ChatServer>, clients: &mut JoinSet<()>) {
    loop {
        match server.accept().await {
            Ok((connection, _)) => {
                // Small messages must not wait to be sent with later ones.
                let _ = connection.set_nodelay(true);
                let chat_server = Rc::clone(chat_server);
                clients.spawn_local(async move { chat_server.client_connected(connection).await });
            }
            Err(error) => {
                // Too many connections: some will go.
                eprintln!("cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
        // Those who have gone need no memory.
        while clients.try_join_next().is_some() {}
    }
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [IDLE_SECONDS]");
    let server = util::listen(args.address(8000))?;
    let chat_server = Rc::new(ChatServer {
        username_to_outbox: RefCell::default(),
        idle: Duration::from_secs(args.number(60, 1..=86_400)),
        shutdown: CancellationToken::new(),
    });
    util::listening(server.local_addr()?);

    let mut clients = JoinSet::new();
    tokio::select! {
        () = serve(&server, &chat_server, &mut clients) => {}
        terminated = terminated() => terminated?,
    }
    chat_server.shutdown.cancel();
    // Each has a few seconds to read what is left.
    while clients.join_next().await.is_some() {}
    Ok(())
}
