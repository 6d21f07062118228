//! Listing 3.4: Creating a non-blocking socket.
//!
//! After this one call, no operation on the socket ever waits. Here `accept` returns although no
//! client is there; listing 3.5 shows what it returns.
//!
//! In Python: `setblocking(False)`. Here: `set_nonblocking(true)`.

use std::io::ErrorKind;
use std::net::TcpListener;

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    server_socket.set_nonblocking(true)?;

    let accepted = server_socket.accept();
    let is_non_blocking = accepted.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    println!("Is the server socket non-blocking? {is_non_blocking}");
    Ok(())
}
