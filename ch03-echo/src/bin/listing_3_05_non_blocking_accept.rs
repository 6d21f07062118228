//! Listing 3.5: A first attempt at a non-blocking server, which fails.
//!
//! No client has come yet, and a non-blocking `accept` does not wait for one: it fails at once
//! with `WouldBlock`, Python's `BlockingIOError`. That error ends this program, as it should.
//!
//! In Python: `BlockingIOError`. Here: `ErrorKind::WouldBlock`.

use std::net::TcpListener;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).context("cannot listen")?;
    server_socket.set_nonblocking(true)?;
    util::listening(server_socket.local_addr()?);

    let mut connections = Vec::new();
    loop {
        let (connection, client_address) = server_socket
            .accept()
            .context("nobody has connected yet, and a non-blocking accept does not wait")?;
        println!("I got a connection from {client_address}!");
        connections.push(connection);
    }
}
