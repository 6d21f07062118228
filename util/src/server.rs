//! What servers share: where they listen, and saying so.

use std::net::SocketAddr;

use crate::args;

/// The address that a server listens on: the first argument, or `127.0.0.1:8000`.
///
/// Port 0 picks a free port. Only loopback addresses are taken: no listing is meant to be reached
/// from outside. Anything else exits with code 2.
#[must_use]
pub fn bind_address() -> SocketAddr {
    args("[ADDRESS]").address(8000)
}

/// Prints where a server listens and how to talk to it.
pub fn listening(address: SocketAddr) {
    let (ip, port) = (address.ip(), address.port());
    println!("Listening on {address}; talk to it with: nc {ip} {port}");
}
