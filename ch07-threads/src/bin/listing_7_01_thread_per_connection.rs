//! Listing 7.1: An echo server with a thread for each connection.
//!
//! A thread that blocks in `read` stops nobody but itself. Where Python's threads keep the program
//! alive after Ctrl-C, Rust's end with `main`, as Python's daemon threads do: nobody is told (7.2).
//!
//! In Python: `threading.Thread`. Here: `thread::spawn`. Serves until Ctrl-C.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2048];
    // The book's server goes on reading from a client that has left.
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

    // Each turn blocks until a client connects. One that cannot be accepted is left out.
    for client in server.incoming().flatten() {
        // The closure takes the connection along: its thread closes it at the end.
        thread::spawn(move || echo(client).unwrap_or_else(|error| eprintln!("{error}")));
    }
    Ok(())
}
