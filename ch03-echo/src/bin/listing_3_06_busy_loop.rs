//! Listing 3.6: Catching and ignoring blocking errors.
//!
//! One thread now serves several clients, because it skips those that have sent nothing. The price
//! is a loop that never rests: it uses a whole core to find out that nothing has happened. The
//! book's loop waits for whole lines, and loses a partial line that came before the error. This one
//! echoes whatever has come.
//!
//! In Python: `except BlockingIOError`. Here: `match`, `ErrorKind::WouldBlock`. Serves until Ctrl-C.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    server_socket.set_nonblocking(true)?;
    util::listening(server_socket.local_addr()?);

    let mut connections = Vec::new();
    loop {
        match server_socket.accept() {
            Ok((connection, client_address)) => {
                connection.set_nonblocking(true)?;
                println!("I got a connection from {client_address}!");
                connections.push(connection);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }

        connections.retain_mut(|connection| {
            let mut data = [0; 1024];
            match connection.read(&mut data) {
                Ok(0) => false,
                Ok(n) => {
                    println!("I got data: {}!", data[..n].escape_ascii());
                    // A client without room for its echo is disconnected; listing 3.7 waits.
                    connection.write_all(&data[..n]).is_ok()
                }
                Err(error) => error.kind() == ErrorKind::WouldBlock,
            }
        });
    }
}
