//! Listing 3.1: Starting a server and listening for a connection.
//!
//! `accept` blocks until a client connects. `TcpListener::bind` does the work of four calls in
//! Python: it makes a socket, lets it reuse the address, binds it and listens.
//!
//! In Python: `socket.accept`. Here: `TcpListener::accept`, `bind`. Serves one client.

use std::net::TcpListener;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    let (_connection, client_address) = server_socket.accept()?;
    println!("I got a connection from {client_address}!");
    Ok(())
}
