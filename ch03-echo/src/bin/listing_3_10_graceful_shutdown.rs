//! Listing 3.10: A graceful shutdown.
//!
//! On SIGINT or SIGTERM the server accepts no new clients, and gives the connected ones two seconds
//! to end. Then it cancels their tasks. The book's server waits two seconds for each client in
//! turn, this one for all of them together. Its `echo` knows nothing of cancelling. It is dropped at
//! the `await` where it waits, which closes the connection, even in a `write_all` that never ends.
//!
//! A `TaskTracker` knows which tasks still run and keeps no results, which nobody here wants; a
//! `JoinSet`, as in 3.9, keeps the result of each task until it is taken. `util::interrupted` listens
//! for Ctrl-C on every system, and for SIGTERM where there is one.
//!
//! In Python: `wait_for`. Here: `timeout`, `TaskTracker`, `CancellationToken`. Serves until Ctrl-C.

use std::io;
use std::time::Duration;

use anyhow::ensure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

async fn echo(mut connection: TcpStream) -> anyhow::Result<()> {
    let mut data = Vec::with_capacity(1024);
    while connection.read_buf(&mut data).await? > 0 {
        println!("got data!");
        ensure!(data != b"boom\r\n", "Unexpected network error");
        connection.write_all(&data).await?;
        data.clear();
    }
    Ok(())
}

async fn connection_listener(
    server_socket: TcpListener,
    echo_tasks: &TaskTracker,
    cancelled: &CancellationToken,
) -> io::Result<()> {
    loop {
        let (connection, address) = server_socket.accept().await?;
        println!("Got a connection from {address}");
        let echo_task = async {
            if let Err(error) = echo(connection).await {
                eprintln!("{error}");
            }
        };
        echo_tasks.spawn(cancelled.clone().run_until_cancelled_owned(echo_task));
    }
}

async fn close_echo_tasks(echo_tasks: &TaskTracker, cancelled: &CancellationToken) {
    echo_tasks.close();
    let ended = timeout(Duration::from_secs(2), echo_tasks.wait()).await;
    if ended.is_err() {
        cancelled.cancel();
        echo_tasks.wait().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    let interrupted = util::interrupted()?;
    util::listening(server_socket.local_addr()?);

    let (echo_tasks, cancelled) = (TaskTracker::new(), CancellationToken::new());
    tokio::select! {
        failed = connection_listener(server_socket, &echo_tasks, &cancelled) => failed?,
        _ = interrupted => {}
    }
    close_echo_tasks(&echo_tasks, &cancelled).await;
    Ok(())
}
