//! Listing 3.5: A first attempt at a non-blocking server, which fails.
//!
//! No client has connected yet, and a non-blocking `accept` does not wait for one. It fails at once
//! with a `WouldBlock` error, and `?` ends the program. In Python that error is an exception.
//!
//! In Python: `BlockingIOError`. Here: `set_nonblocking`, `?`.

use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    server_socket.set_nonblocking(true)?;
    util::listening(server_socket.local_addr()?);

    let mut connections = Vec::new();
    loop {
        let (connection, client_address) = server_socket.accept()?;
        connection.set_nonblocking(true)?;
        println!("I got a connection from {client_address}!");
        connections.push(connection);

        for connection in &mut connections {
            let mut data = [0; 1024];
            let n = connection.read(&mut data)?;
            println!("I got data: {}!", data[..n].escape_ascii());
            connection.write_all(&data[..n])?;
        }
    }
}
