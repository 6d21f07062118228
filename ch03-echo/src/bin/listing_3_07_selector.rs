//! Listing 3.7: Using a selector to build a non-blocking server.
//!
//! The operating system knows which sockets have something to say: `poll` sleeps until one has, or
//! a second has passed. mio is the selector that tokio stands on. It reports a change once, so
//! whoever is told to read has to read until there is nothing left. And where the book's server
//! loses what a slow client's socket does not take, each `Client` here keeps it, and is asked
//! again.
//!
//! In Python: `selectors`. Here: `mio::Poll`. Serves until Ctrl-C.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use ch03_echo::client::{Client, Turn};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};

const SERVER: Token = Token(0);
const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[ADDRESS] [quiet]");
    let mut server_socket = TcpListener::bind(args.address(8000))?;
    let quiet = args.flag("quiet");
    util::listening(server_socket.local_addr()?);

    let mut selector = Poll::new()?;
    let registry = selector.registry().try_clone()?;
    registry.register(&mut server_socket, SERVER, Interest::READABLE)?;

    let mut clients = HashMap::new();
    let mut next_token = 1;
    let mut accepted = Instant::now();
    let mut events = Events::with_capacity(1024);
    loop {
        match selector.poll(&mut events, Some(SECOND)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        if events.is_empty() && !quiet {
            println!("No events, waiting a bit more!");
        }

        // The server is asked each second too: there may have been no descriptor free before.
        if accepted.elapsed() >= SECOND || events.iter().any(|event| event.token() == SERVER) {
            accepted = Instant::now();
            loop {
                match server_socket.accept() {
                    Ok((mut connection, client_address)) => {
                        if !quiet {
                            println!("I got a connection from {client_address}");
                        }
                        connection.set_nodelay(true)?;
                        let token = Token(next_token);
                        next_token += 1;
                        let interest = Interest::READABLE | Interest::WRITABLE;
                        registry.register(&mut connection, token, interest)?;
                        clients.insert(token, Client::new(connection));
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => {
                        eprintln!("cannot accept: {error}");
                        break;
                    }
                }
            }
        }

        for event in &events {
            let Some(client) = clients.get_mut(&event.token()) else {
                continue;
            };
            let turn = client.echo(|data| {
                if !quiet {
                    println!("I got some data: {}", data.escape_ascii());
                }
            });
            match turn {
                Ok(Turn::Wait) => {}
                Ok(Turn::Yield) => {
                    // Registering again has mio report the socket again.
                    let interest = Interest::READABLE | Interest::WRITABLE;
                    registry.reregister(&mut client.socket, event.token(), interest)?;
                }
                Ok(Turn::Close) | Err(_) => {
                    clients.remove(&event.token());
                }
            }
        }
    }
}
