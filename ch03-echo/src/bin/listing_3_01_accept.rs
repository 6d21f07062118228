//! Listing 3.1: Starting a server and listening for a connection.
//!
//! `TcpListener::bind` does what takes Python four calls: a socket, reuse of the address, bind
//! and listen. `accept` blocks until a client comes.
//!
//! In Python: `socket.accept`. Here: `TcpListener::accept`. Serves until Ctrl-C.

use std::net::TcpListener;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).context("cannot listen")?;
    util::listening(server_socket.local_addr()?);

    let (_connection, client_address) = server_socket.accept()?;
    println!("I got a connection from {client_address}!");
    Ok(())
}
