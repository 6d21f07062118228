//! Example: A transport moves the bytes, a protocol is called when something has happened.
//!
//! asyncio is built on this pair, as Twisted was. In Rust one hardly meets it: a task that awaits
//! reads from top to bottom, where a protocol is torn into callbacks.
//!
//! In Python: `asyncio.Protocol`, `create_connection`. Here: a trait and a task.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

/// asyncio's `Protocol`: what to do when something happens on a connection.
pub trait Protocol: Send + 'static {
    /// The connection is there; `transport` is for talking over it.
    fn connection_made(&mut self, transport: Transport);

    /// The peer has sent something.
    fn data_received(&mut self, data: &[u8]);

    /// The peer has sent all that it will.
    fn eof_received(&mut self);

    /// The connection is gone, by an error or without one.
    fn connection_lost(&mut self, error: Option<io::Error>);
}

/// What a protocol talks with. Its methods return at once; a task does the rest.
#[derive(Clone, Debug)]
pub struct Transport {
    commands: UnboundedSender<Command>,
}

#[derive(Debug)]
enum Command {
    Write(Vec<u8>),
    Close,
}

impl Transport {
    /// Sends `data` as soon as the connection takes it.
    pub fn write(&self, data: impl Into<Vec<u8>>) {
        // A connection that is gone has told the protocol so.
        let _ = self.commands.send(Command::Write(data.into()));
    }

    /// Closes the connection when everything has been written.
    pub fn close(&self) {
        let _ = self.commands.send(Command::Close);
    }
}

/// Connects, and starts a task that calls `protocol`.
///
/// # Errors
/// If no connection can be made.
pub async fn create_connection(
    mut protocol: impl Protocol,
    address: (&str, u16),
) -> io::Result<()> {
    let stream = TcpStream::connect(address).await?;
    let (commands, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        protocol.connection_made(Transport { commands });
        let ended = transfer(stream, &mut protocol, receiver).await;
        protocol.connection_lost(ended.err());
    });
    Ok(())
}

async fn transfer(
    mut stream: TcpStream,
    protocol: &mut impl Protocol,
    mut commands: UnboundedReceiver<Command>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        tokio::select! {
            // `read` loses nothing when the other branch wins: it has read, or it has not.
            read = stream.read(&mut buffer) => match read? {
                0 => {
                    protocol.eof_received();
                    return Ok(());
                }
                n => protocol.data_received(&buffer[..n]),
            },
            command = commands.recv() => match command {
                Some(Command::Write(data)) => stream.write_all(&data).await?,
                // A protocol that has dropped its transport has nothing more to say either.
                Some(Command::Close) | None => return stream.shutdown().await,
            },
        }
    }
}
