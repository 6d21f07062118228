//! Listing 3.2: Reading data from a socket.
//!
//! A socket delivers bytes, not messages. The reader has to find the end of a message, here `\r\n`.
//! A line that never ends fills the memory; `Read::take` would limit it.
//!
//! In Python: `socket.recv`. Here: `read`. Serves one client.

use std::io::Read;
use std::net::TcpListener;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    let (mut connection, client_address) = server_socket.accept()?;
    println!("I got a connection from {client_address}!");

    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n") {
        let mut data = [0; 2];
        let n = connection.read(&mut data)?;
        if n == 0 {
            break;
        }
        println!("I got data: {}!", data[..n].escape_ascii());
        buffer.extend(&data[..n]);
    }
    println!("All the data is: {}", buffer.escape_ascii());
    Ok(())
}
