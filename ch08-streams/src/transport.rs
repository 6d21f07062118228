//! Example: A transport that moves the bytes and calls a protocol for each event.
//!
//! asyncio is built on this pair, as Twisted was. It is rare in Rust, because a task that awaits
//! reads from top to bottom, while a protocol is split into callbacks. One task reads and another
//! writes, so that two peers that both send a lot do not wait for each other.
//!
//! In Python: `asyncio.Protocol`, `create_connection`. Here: a trait and two tasks.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, yield_now};

/// asyncio's `Protocol`, the callbacks for the events of a connection.
pub trait Protocol: Send + 'static {
    /// The connection is made; `transport` writes to it.
    fn connection_made(&mut self, transport: Transport);

    /// The peer has sent something.
    fn data_received(&mut self, data: &[u8]);

    /// The peer will send no more.
    fn eof_received(&mut self);

    /// The connection has ended, with an error or without one.
    fn connection_lost(&mut self, error: Option<io::Error>);
}

/// The writing side of a connection. Dropping it closes our side once everything is written.
#[derive(Debug)]
pub struct Transport(UnboundedSender<Vec<u8>>);

impl Transport {
    /// Sends `data` as soon as the connection takes it, and returns at once.
    pub fn write(&self, data: impl Into<Vec<u8>>) {
        // The protocol already knows about a broken connection.
        let _ = self.0.send(data.into());
    }
}

/// Connects, and starts the tasks that call `protocol` and write for it. The handle is that of the
/// task that calls `protocol`, which ends after `connection_lost`.
///
/// # Errors
/// If no connection can be made.
pub async fn create_connection(
    mut protocol: impl Protocol,
    address: (&str, u16),
) -> io::Result<JoinHandle<()>> {
    let (reader, writer) = TcpStream::connect(address).await?.into_split();
    let (sender, data) = mpsc::unbounded_channel();
    protocol.connection_made(Transport(sender));
    tokio::spawn(write(data, writer));
    Ok(tokio::spawn(async move {
        let ended = read(reader, &mut protocol).await;
        // As in asyncio, tasks that wait for the result run first.
        yield_now().await;
        protocol.connection_lost(ended.err());
    }))
}

async fn read(mut reader: OwnedReadHalf, protocol: &mut impl Protocol) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut buffer).await? {
            0 => break,
            n => protocol.data_received(&buffer[..n]),
        }
    }
    protocol.eof_received();
    Ok(())
}

async fn write(mut data: UnboundedReceiver<Vec<u8>>, mut writer: OwnedWriteHalf) {
    while let Some(data) = data.recv().await {
        if writer.write_all(&data).await.is_err() {
            // Reading meets the same error, and reports it.
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    const MUCH: usize = 32 * 1024 * 1024;

    /// Sends `MUCH` at once, and tells how much came back until the end.
    struct Sends {
        transport: Option<Transport>,
        came: usize,
        ended: Option<oneshot::Sender<usize>>,
    }

    impl Protocol for Sends {
        fn connection_made(&mut self, transport: Transport) {
            transport.write(vec![0; MUCH]);
            self.transport = Some(transport);
        }

        fn data_received(&mut self, data: &[u8]) {
            self.came += data.len();
            if self.came == MUCH {
                self.transport = None;
            }
        }

        fn eof_received(&mut self) {
            let _ = self.ended.take().unwrap().send(self.came);
        }

        fn connection_lost(&mut self, error: Option<io::Error>) {
            assert!(error.is_none());
        }
    }

    #[tokio::test]
    async fn two_peers_that_both_send_a_lot_do_not_wait_for_each_other() {
        let both = timeout(Duration::from_secs(60), send_both_ways());
        both.await.expect("both have sent everything");
    }

    async fn send_both_ways() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let peer = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // It reads nothing before it has written everything.
            stream.write_all(&vec![0; MUCH]).await.unwrap();
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            rest.len()
        });
        let (ended, came) = oneshot::channel();
        let protocol = Sends {
            transport: None,
            came: 0,
            ended: Some(ended),
        };
        let connection = create_connection(protocol, ("127.0.0.1", port)).await;
        assert_eq!(came.await.unwrap(), MUCH);
        assert_eq!(peer.await.unwrap(), MUCH);
        connection.unwrap().await.unwrap();
    }
}
