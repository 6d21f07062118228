//! Listing 3.3: Allowing multiple clients to connect.
//!
//! Everything blocks: while the server waits for one client's line, nobody else is heard, and
//! when it waits for a new client, no old one is. A second client gets its echo only after the
//! first has spoken, and the first is heard again only when another connects.
//!
//! In Python: `socket.send`. Here: `Write::write_all`. Serves until Ctrl-C.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::Context;
use ch03_echo::pause_accepting;

const LONGEST_LINE: usize = 64 * 1024;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).context("cannot listen")?;
    util::listening(server_socket.local_addr()?);

    let mut connections = Vec::new();
    loop {
        match server_socket.accept() {
            Ok((connection, client_address)) => {
                println!("I got a connection from {client_address}!");
                connections.push(connection);
            }
            Err(error) => pause_accepting(&error),
        }

        // A client who has left, or whose connection is broken, is not asked again.
        connections.retain_mut(|connection| echo_line(connection).is_ok());
    }
}

fn echo_line(connection: &mut TcpStream) -> io::Result<()> {
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n") {
        let mut data = [0; 2];
        let n = connection.read(&mut data)?;
        if n == 0 || buffer.len() > LONGEST_LINE {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        println!("I got data: {}!", data[..n].escape_ascii());
        buffer.extend(&data[..n]);
    }
    println!("All the data is: {}", buffer.escape_ascii());
    connection.write_all(&buffer)
}
