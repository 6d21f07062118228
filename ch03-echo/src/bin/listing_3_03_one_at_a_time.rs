//! Listing 3.3 (one at a time): Serving one client until it leaves.
//!
//! The honest blocking server: whoever comes second is connected at once, by the operating
//! system, and heard only when the first has gone.
//!
//! Serves until Ctrl-C.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use ch03_echo::pause_accepting;

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [quiet]");
    let address = args.address(8000);
    let quiet = args.flag("quiet");
    let server_socket = TcpListener::bind(address)?;
    util::listening(server_socket.local_addr()?);

    loop {
        match server_socket.accept() {
            Ok((connection, client_address)) => {
                if !quiet {
                    println!("I got a connection from {client_address}!");
                }
                if let Err(error) = echo(connection) {
                    eprintln!("{client_address}: {error}");
                }
            }
            Err(error) => pause_accepting(&error),
        }
    }
}

fn echo(mut connection: TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut buffer = [0; 1024];
    loop {
        match connection.read(&mut buffer)? {
            0 => return Ok(()),
            n => connection.write_all(&buffer[..n])?,
        }
    }
}
