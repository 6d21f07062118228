//! Listing 3.7: Using a selector to build a non-blocking server.
//!
//! The operating system knows which sockets are ready. `poll` sleeps until one is, or a second has
//! passed. mio is the selector that tokio is built on. It reports each change once, so `accept_all`
//! accepts until no client is left, and a client that may have more is registered again.
//!
//! A non-blocking `write` may take only a part. The book's server loses the rest. This one keeps it
//! and reads nothing more from that client until it is sent, so a client that never reads does not
//! fill the memory.
//!
//! In Python: `selectors`. Here: `mio`, `Poll`. Serves until Ctrl-C.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;

const SERVER: Token = Token(usize::MAX);
const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE);

/// Each client's connection, and the bytes read from it but not yet sent back. Its place in the slab
/// is its token.
type Clients = Slab<(TcpStream, Vec<u8>)>;

fn main() -> anyhow::Result<()> {
    let mut server_socket = TcpListener::bind(util::bind_address())?;
    util::listening(server_socket.local_addr()?);
    let mut selector = Poll::new()?;
    let registry = selector.registry();
    registry.register(&mut server_socket, SERVER, Interest::READABLE)?;

    let mut clients = Clients::new();
    let mut events = Events::with_capacity(1024);
    loop {
        match selector.poll(&mut events, Some(Duration::from_secs(1))) {
            Ok(()) if events.is_empty() => println!("No events, waiting a bit more!"),
            // Ctrl-Z, then `fg`: Python waits again by itself.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }

        for event in &events {
            let token = event.token();
            if token == SERVER {
                accept_all(&server_socket, &selector, &mut clients)?;
            } else if let Some((connection, unsent)) = clients.get_mut(token.0) {
                match serve(connection, unsent) {
                    Ok(()) => selector.registry().reregister(connection, token, BOTH)?,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => drop(clients.remove(token.0)),
                }
            }
        }
    }
}

fn accept_all(server: &TcpListener, selector: &Poll, clients: &mut Clients) -> io::Result<()> {
    loop {
        match server.accept() {
            Ok((mut connection, address)) => {
                println!("I got a connection from {address}");
                let client = clients.vacant_entry();
                let token = Token(client.key());
                selector.registry().register(&mut connection, token, BOTH)?;
                client.insert((connection, Vec::new()));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn serve(connection: &mut TcpStream, unsent: &mut Vec<u8>) -> io::Result<()> {
    if unsent.is_empty() {
        let mut data = [0; 1024];
        let n = connection.read(&mut data)?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        println!("I got some data: {}", data[..n].escape_ascii());
        unsent.extend(&data[..n]);
    }
    let sent = connection.write(unsent)?;
    unsent.drain(..sent);
    Ok(())
}
