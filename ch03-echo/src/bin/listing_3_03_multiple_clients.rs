//! Listing 3.3: Allowing multiple clients to connect.
//!
//! Everything blocks. While the server waits for one client's line, it hears no other client. While
//! it waits for a new client, it hears no old one. A second client gets its echo only after the
//! first has sent a line, and the server hears the first again only after another connects.
//!
//! In Python: `socket.send`. Here: `write_all`. Serves until Ctrl-C.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    let mut connections = Vec::new();
    loop {
        let (connection, client_address) = server_socket.accept()?;
        println!("I got a connection from {client_address}!");
        connections.push(connection);

        // The book's server keeps reading from a client that has left; this one forgets it.
        connections.retain_mut(|connection| echo_line(connection).is_ok());
    }
}

fn echo_line(connection: &mut TcpStream) -> io::Result<()> {
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n") {
        let mut data = [0; 2];
        let n = connection.read(&mut data)?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        println!("I got data: {}!", data[..n].escape_ascii());
        buffer.extend(&data[..n]);
    }
    println!("All the data is: {}", buffer.escape_ascii());
    connection.write_all(&buffer)
}
