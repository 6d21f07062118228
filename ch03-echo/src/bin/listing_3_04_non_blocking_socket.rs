//! Listing 3.4: Creating a non-blocking socket.
//!
//! After this one call, no operation on the socket ever waits. Listing 3.5 shows what happens
//! instead.
//!
//! In Python: `setblocking(False)`. Here: `set_nonblocking(true)`.

use std::net::TcpListener;

use rustix::fs::{OFlags, fcntl_getfl};

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address())?;
    server_socket.set_nonblocking(true)?;

    let is_non_blocking = fcntl_getfl(&server_socket)?.contains(OFlags::NONBLOCK);
    println!("Is the server socket non-blocking? {is_non_blocking}");
    Ok(())
}
