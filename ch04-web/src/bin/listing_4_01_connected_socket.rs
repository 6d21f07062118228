//! Listing 4.1: An asynchronous context manager for a connected socket.
//!
//! Python's `async with` enters and leaves a block. In Rust a value is the block: making it
//! enters, dropping it leaves, on every way out. But `drop` is no `async fn`: where `__aexit__`
//! may await, it can only do what needs no waiting, such as closing a socket.
//!
//! In Python: `__aenter__`, `__aexit__`. Here: `Drop`. Serves until Ctrl-C.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

struct ConnectedSocket {
    connection: Option<TcpStream>,
}

impl ConnectedSocket {
    async fn accept(server_socket: &TcpListener) -> io::Result<Self> {
        println!("Entering context manager, waiting for connection");
        let (connection, _) = server_socket.accept().await?;
        println!("Accepted a connection");
        let connection = Some(connection);
        Ok(Self { connection })
    }

    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.connection {
            Some(connection) => connection.read(buffer).await,
            None => Ok(0),
        }
    }
}

impl Drop for ConnectedSocket {
    fn drop(&mut self) {
        println!("Exiting context manager");
        self.connection = None; // dropping the stream closes it
        println!("Closed connection");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    let mut connection = ConnectedSocket::accept(&server_socket).await?;
    let mut data = [0; 1024];
    let n = connection.read(&mut data).await?; // `?` leaves the block too
    println!("{}", data[..n].escape_ascii());
    Ok(())
}
