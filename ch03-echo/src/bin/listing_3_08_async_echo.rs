//! Listing 3.8: Building an asyncio echo server.
//!
//! The selector of listing 3.7 is still there, inside the runtime; the code reads as if it
//! blocked. Each client has a task, and each task waits for its own client only. A client who
//! does not read its echo stops `write_all`, and with it the reading: back-pressure for nothing.
//!
//! In Python: `sock_accept`, `sock_recv`, `sock_sendall`. Here: `tokio::net`, `tokio::spawn`.
//! Serves until Ctrl-C.

use std::io;

use ch03_echo::ACCEPT_PAUSE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

async fn echo(mut connection: TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut buffer = [0; 1024];
    loop {
        match connection.read(&mut buffer).await? {
            0 => return Ok(()),
            n => connection.write_all(&buffer[..n]).await?,
        }
    }
}

async fn listen_for_connection(server_socket: TcpListener, quiet: bool) {
    loop {
        match server_socket.accept().await {
            Ok((connection, address)) => {
                if !quiet {
                    println!("Got a connection from {address}");
                }
                tokio::spawn(echo(connection));
            }
            Err(error) => {
                // No descriptor is free, say: those who are here go on, and some will leave.
                eprintln!("cannot accept: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [quiet]");
    let server_socket = util::listen(args.address(8000))?;
    util::listening(server_socket.local_addr()?);

    listen_for_connection(server_socket, args.flag("quiet")).await;
    Ok(())
}
