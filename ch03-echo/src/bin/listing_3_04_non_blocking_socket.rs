//! Listing 3.4: Creating a non-blocking socket.
//!
//! One call, and no operation on this socket ever waits again. What it does instead of waiting is
//! seen in listing 3.5.
//!
//! In Python: `setblocking(False)`. Here: `set_nonblocking(true)`.

use std::net::TcpListener;

use anyhow::Context;
use rustix::fs::{OFlags, fcntl_getfl};

fn main() -> anyhow::Result<()> {
    let server_socket = TcpListener::bind(util::bind_address()).context("cannot listen")?;
    server_socket.set_nonblocking(true)?;

    let is_non_blocking = fcntl_getfl(&server_socket)?.contains(OFlags::NONBLOCK);
    println!("Is the server socket non-blocking? {is_non_blocking}");
    Ok(())
}
