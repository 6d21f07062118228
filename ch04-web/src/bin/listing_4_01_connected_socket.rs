//! Listing 4.1: An asynchronous context manager for a connected socket.
//!
//! Python's `async with` enters and leaves a block. In Rust a value does this: making it enters,
//! dropping it leaves, on every way out. But `drop` cannot await. If the cleanup must await, write
//! a function that takes the block as an async closure (`AsyncFnOnce`), awaits it, and then cleans
//! up. That cleanup does not run when the task is cancelled: then only `drop` does, while Python
//! runs `__aexit__` even then.
//!
//! In Python: `__aenter__`, `__aexit__`. Here: `Drop`. Serves one client.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

struct ConnectedSocket {
    connection: TcpStream,
}

impl ConnectedSocket {
    async fn accept(server_socket: &TcpListener) -> io::Result<Self> {
        println!("Entering context manager, waiting for connection");
        let (connection, _address) = server_socket.accept().await?;
        println!("Accepted a connection");
        Ok(Self { connection })
    }
}

impl Drop for ConnectedSocket {
    fn drop(&mut self) {
        println!("Exiting context manager");
        println!("Closed connection"); // its field, dropped next, closes it
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).await?;
    util::listening(server_socket.local_addr()?);

    let mut socket = ConnectedSocket::accept(&server_socket).await?;
    let mut data = [0; 1024];
    let n = socket.connection.read(&mut data).await?; // `?` leaves the block too
    println!("{}", data[..n].escape_ascii());
    Ok(())
}
