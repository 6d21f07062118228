//! Listing 3.8: Building an asyncio echo server.
//!
//! The selector of listing 3.7 is now inside the runtime, and the code reads as if it blocked. One
//! loop accepts clients, and each client has a task that waits for no other. If a client does not
//! read its echo, `write_all` stops, and so does the reading. This is back-pressure without a line
//! of code.
//!
//! asyncio may collect a running task without references; tokio's runtime owns its tasks. Where
//! this server has `?`, a real one would wait and accept again, to survive a moment without free
//! descriptors.
//!
//! In Python: `sock_accept`, `sock_recv`, `sock_sendall`. Here: `accept`, `read_buf`, `write_all`,
//! `tokio::spawn`. Serves until Ctrl-C.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn echo(mut connection: TcpStream) -> io::Result<()> {
    let mut data = Vec::with_capacity(1024);
    while connection.read_buf(&mut data).await? > 0 {
        connection.write_all(&data).await?;
        data.clear();
    }
    Ok(())
}

async fn listen_for_connection(server_socket: TcpListener) -> anyhow::Result<()> {
    loop {
        let (connection, address) = server_socket.accept().await?;
        println!("Got a connection from {address}");
        tokio::spawn(echo(connection));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    util::listening(server_socket.local_addr()?);
    listen_for_connection(server_socket).await
}
