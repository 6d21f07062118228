//! Listing 8.12: An echo server that knows its clients.
//!
//! The state is one broadcast channel. Each client has a receiver, so the channel also knows how
//! many clients there are. Python keeps a list of writers, and waits for each. Here each task
//! writes to its own client, so no client waits for another that does not read. A client that
//! misses more messages than the channel keeps is disconnected.
//!
//! `select!` drops the read that was not ready. `FramedRead` keeps what it has read so far, so it is
//! cancel safe; tokio's `read_line` would lose part of a line, where asyncio's `readline` does not.
//! `LinesCodec` echoes lines without their `\r`, and refuses bytes that are not UTF-8. The book
//! echoes any bytes.
//!
//! In Python: `asyncio.start_server`. Here: `accept`, `tokio::spawn`, `broadcast`. Serves until
//! Ctrl-C.

use std::sync::Arc;

use anyhow::Context;
use futures::TryStreamExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio_util::codec::{FramedRead, LinesCodec};

/// The longest line, in bytes.
const LONGEST_LINE: usize = 4096;

/// This many messages are kept for slow clients.
const KEPT: usize = 1024;

struct ServerState {
    clients: Sender<String>,
}

impl ServerState {
    async fn add_client(self: Arc<Self>, connection: TcpStream) {
        let (reader, mut writer) = connection.into_split();
        let messages = self.clients.subscribe();
        let served = async {
            self.on_connect(&mut writer).await?;
            self.echo(reader, &mut writer, messages).await
        };
        match served.await {
            Ok(()) => {
                let users = self.clients.receiver_count();
                self.notify_all(format!(
                    "Client disconnected. {users} user(s) are online!\n"
                ));
            }
            Err(error) => eprintln!("{error:#}"),
        }
    }

    async fn on_connect(&self, writer: &mut OwnedWriteHalf) -> anyhow::Result<()> {
        let users = self.clients.receiver_count();
        let welcome = format!("Welcome! {users} user(s) are online!\n");
        let written = writer.write_all(welcome.as_bytes()).await;
        written.context("Could not write to client")?;
        self.notify_all("New user connected!\n".into());
        Ok(())
    }

    async fn echo(
        &self,
        reader: OwnedReadHalf,
        writer: &mut OwnedWriteHalf,
        mut messages: Receiver<String>,
    ) -> anyhow::Result<()> {
        let mut lines = FramedRead::new(reader, LinesCodec::new_with_max_length(LONGEST_LINE));
        loop {
            let data = tokio::select! {
                line = lines.try_next() => match line.context("Error reading from client")? {
                    Some(line) => line + "\n",
                    None => return Ok(()),
                },
                message = messages.recv() => message.context("The client reads too slowly")?,
            };
            let written = writer.write_all(data.as_bytes()).await;
            written.context("Could not write to client")?;
        }
    }

    fn notify_all(&self, message: String) {
        // This fails if no client is there.
        let _ = self.clients.send(message);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server = util::listen(util::bind_address())?;
    util::listening(server.local_addr()?);
    let (clients, _) = broadcast::channel(KEPT);
    let server_state = Arc::new(ServerState { clients });
    loop {
        let (connection, _) = server.accept().await?;
        tokio::spawn(Arc::clone(&server_state).add_client(connection));
    }
}
