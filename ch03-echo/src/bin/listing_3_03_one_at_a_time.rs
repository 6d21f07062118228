//! Listing 3.3 (one at a time): Serving one client until it leaves.
//!
//! This is what a server that blocks can do well. The operating system connects a second client at
//! once, but the server hears it only after the first has left.
//!
//! Serves until Ctrl-C.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    loop {
        let (connection, client_address) = server_socket.accept()?;
        println!("I got a connection from {client_address}!");
        if let Err(error) = echo(connection) {
            eprintln!("{client_address}: {error}");
        }
    }
}

fn echo(mut connection: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        match connection.read(&mut buffer)? {
            0 => return Ok(()),
            n => connection.write_all(&buffer[..n])?,
        }
    }
}
