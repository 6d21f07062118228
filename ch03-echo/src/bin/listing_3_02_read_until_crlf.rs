//! Listing 3.2: Reading data from a socket.
//!
//! A socket gives bytes, not messages: whoever reads them has to find the end, here a line's
//! `\r\n`, and has to say how long a line may get.
//!
//! In Python: `socket.recv`. Here: `Read::read`. Serves until Ctrl-C.

use std::io::Read;
use std::net::TcpListener;

use anyhow::{Context, ensure};

const LONGEST_LINE: usize = 64 * 1024;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).context("cannot listen")?;
    util::listening(server_socket.local_addr()?);

    let (mut connection, client_address) = server_socket.accept()?;
    println!("I got a connection from {client_address}!");

    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n") {
        let mut data = [0; 2];
        let n = connection.read(&mut data).context("cannot read")?;
        if n == 0 {
            break;
        }
        println!("I got data: {}!", data[..n].escape_ascii());
        buffer.extend(&data[..n]);
        check_length(&buffer)?;
    }
    println!("All the data is: {}", buffer.escape_ascii());
    Ok(())
}

fn check_length(line: &[u8]) -> anyhow::Result<()> {
    ensure!(
        line.len() <= LONGEST_LINE,
        "the line has more than {LONGEST_LINE} bytes"
    );
    Ok(())
}
