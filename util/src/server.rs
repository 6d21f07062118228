//! What servers share: the address that they listen on, and the message that prints it.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::{TcpListener, TcpSocket};

use crate::args;

/// Clients that may wait to be accepted. `TcpListener::bind` has room for 128, in the standard
/// library, mio and tokio alike. If more come at once, the rest try again after a second.
const BACKLOG: u32 = 4096;

/// The address that a server listens on, the first argument or `127.0.0.1:8000`.
///
/// Port 0 picks a free port. Only loopback addresses are accepted, because no listing should be
/// reachable from outside. Anything else exits with code 2.
#[must_use]
pub fn bind_address() -> SocketAddr {
    args("[ADDRESS]").address(8000)
}

/// Prints where a server listens and how to talk to it.
pub fn listening(address: SocketAddr) {
    let (ip, port) = (address.ip(), address.port());
    let client = if cfg!(windows) { "telnet" } else { "nc" };
    println!("Listening on {address}; talk to it with: {client} {ip} {port}");
}

/// Listens with room for thousands of clients at once, also right after another server has used the
/// address.
///
/// # Errors
/// If it cannot listen on the address, for instance because it is taken.
///
/// # Panics
/// Outside a tokio runtime.
pub fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listen = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // On Windows the same option would let another program take the port.
        socket.set_reuseaddr(cfg!(unix))?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().with_context(|| format!("cannot listen on {address}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn more_clients_than_128_may_wait() {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let waiting: Vec<_> = (0..300).map(|_| TcpStream::connect(address)).collect();
        for client in waiting {
            assert!(client.is_ok());
            listener.accept().await.unwrap();
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_server_can_be_started_again_at_once() {
        // Its port may have become a client's meanwhile, but not ten times.
        for _ in 0..10 {
            let first = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
            let address = first.local_addr().unwrap();
            let client = TcpStream::connect(address).unwrap();
            // Who closes first keeps the address for a minute.
            drop(first.accept().await.unwrap());
            drop((client, first));
            if listen(address).is_ok() {
                return;
            }
        }
        panic!("it cannot");
    }

    #[tokio::test]
    async fn a_taken_address_is_named() {
        let first = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = first.local_addr().unwrap();
        let error = listen(address).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot listen on {address}"));
    }
}
