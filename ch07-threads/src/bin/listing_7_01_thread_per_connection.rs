//! Listing 7.1: An echo server with a thread for each connection.
//!
//! A thread that waits in `read` keeps nobody else from running. Threads die with `main` in Rust,
//! as Python's daemon threads do; nothing is left behind by Ctrl-C, and nobody is told (7.2).
//!
//! In Python: `threading.Thread`. Here: `thread::Builder::spawn`. Serves until Ctrl-C.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn echo(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2048];
    loop {
        let data = match client.read(&mut buffer)? {
            // The book's server goes on reading from a client that has gone.
            0 => return Ok(()),
            n => &buffer[..n],
        };
        println!("Received {:?}, sending!", String::from_utf8_lossy(data));
        client.write_all(data)?;
    }
}

fn main() -> anyhow::Result<()> {
    let address = util::args("[ADDRESS]").address(8000);
    let server = TcpListener::bind(address)?;
    util::listening(server.local_addr()?);

    loop {
        // Blocks until a client connects.
        let started = server.accept().and_then(|(connection, client_address)| {
            // A closure that takes the connection along: the thread owns it, and closes it when
            // it ends.
            thread::Builder::new().spawn(move || {
                if let Err(error) = echo(connection) {
                    eprintln!("{client_address}: {error}");
                }
            })
        });
        if let Err(error) = started {
            // Too many connections or threads: some will go.
            eprintln!("cannot serve a client: {error}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}
