//! Listing 8.12: An echo server that knows who is there.
//!
//! All tasks run on one thread, so what they share needs no lock, only a `RefCell`, borrowed
//! between two awaits and never across one.
//!
//! In Python: `asyncio.start_server`. Here: `TcpListener`, `spawn_local`. Serves until Ctrl-C.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use ch08_streams::lines::{Lines, NoLine};
use ch08_streams::outbox::{Outbox, outbox};
use ch08_streams::screen::terminated;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{spawn_local, yield_now};
use tokio::time::sleep;

#[derive(Default)]
struct ServerState {
    writers: RefCell<BTreeMap<SocketAddr, Outbox>>,
}

impl ServerState {
    async fn add_client(&self, client: SocketAddr, connection: TcpStream) {
        let (reader, writer) = connection.into_split();
        let (outbox, outgoing) = outbox();
        let mut deliver = pin!(outgoing.deliver(writer));
        self.on_connect(client, &outbox);
        tokio::select! {
            () = self.echo(reader, &outbox) => {}
            () = outbox.closed() => {}
            // Writing ends first only if the client has gone.
            _ = &mut deliver => {}
        }
        self.on_disconnect(client);
        outbox.close("");
        let _ = deliver.await;
    }

    fn on_connect(&self, client: SocketAddr, outbox: &Outbox) {
        self.writers.borrow_mut().insert(client, outbox.clone());
        let users = self.writers.borrow().len();
        outbox.put(&format!("Welcome! {users} user(s) are online!\n").into());
        self.notify_all("New user connected!\n");
    }

    async fn echo(&self, reader: OwnedReadHalf, outbox: &Outbox) {
        let mut lines = Lines::new(reader);
        loop {
            let answer = match lines.next().await {
                Ok(line) => format!("{line}\n"),
                Err(NoLine::NotUtf8) => "That was not UTF-8.\n".into(),
                Err(NoLine::TooLong) => return outbox.close("That line was too long.\n"),
                Err(NoLine::End | NoLine::Broken(_)) => return,
            };
            if outbox.put(&answer.into()) {
                yield_now().await;
            }
        }
    }

    fn on_disconnect(&self, client: SocketAddr) {
        self.writers.borrow_mut().remove(&client);
        let users = self.writers.borrow().len();
        self.notify_all(&format!(
            "Client disconnected. {users} user(s) are online!\n"
        ));
    }

    fn notify_all(&self, message: &str) {
        let message = Rc::from(message);
        for outbox in self.writers.borrow().values() {
            outbox.put(&message);
        }
    }
}

async fn serve(server: TcpListener) {
    let server_state = Rc::new(ServerState::default());
    loop {
        match server.accept().await {
            Ok((connection, client)) => {
                let server_state = Rc::clone(&server_state);
                spawn_local(async move { server_state.add_client(client, connection).await });
            }
            Err(error) => {
                // Too many connections: some will go.
                eprintln!("cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let server = util::listen(util::args("[ADDRESS]").address(8000))?;
    util::listening(server.local_addr()?);

    tokio::select! {
        () = serve(server) => Ok(()),
        terminated = terminated() => Ok(terminated?),
    }
}
