//! Listing 7.1: An echo server with a thread for each connection.
//!
//! A thread that blocks in `read` stops only itself. Python's threads keep the program alive after
//! Ctrl-C, which is an exception in the main thread. Here Ctrl-C kills the process with all its
//! threads, without telling the clients (7.2 tells them).
//!
//! In Python: `threading.Thread`. Here: `thread::spawn`. Serves until Ctrl-C.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2048];
    // The book's server keeps reading from a client that has left.
    while let n @ 1.. = client.read(&mut buffer)? {
        let data = &buffer[..n];
        println!("Received b'{}', sending!", data.escape_ascii());
        client.write_all(data)?;
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let server = TcpListener::bind(util::bind_address())?;
    util::listening(server.local_addr()?);

    // Each turn blocks until a client connects.
    for client in server.incoming() {
        let client = client?;
        // The connection moves into the closure, so its thread closes it at the end.
        thread::spawn(move || echo(client).unwrap_or_else(|error| eprintln!("{error}")));
    }
    Ok(())
}
