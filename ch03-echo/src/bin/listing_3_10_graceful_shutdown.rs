//! Listing 3.10: A graceful shutdown.
//!
//! On SIGINT or SIGTERM the server takes no new clients, and those who are connected have two
//! seconds to come to an end. Who has not is told, and closed. Python cancels the tasks from
//! outside; here each task waits for the token itself, at a point where it has echoed all that it
//! has read, so cancelling loses nothing.
//!
//! In Python: `wait_for`. Here: `TaskTracker`, `CancellationToken`. Serves until Ctrl-C.

use std::time::Duration;

use anyhow::bail;
use ch03_echo::ACCEPT_PAUSE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const GRACE: Duration = Duration::from_secs(2);

/// How long a client may take to read the notice and close its end.
const FAREWELL: Duration = Duration::from_millis(500);

async fn echo(mut connection: TcpStream, cancelled: CancellationToken) -> anyhow::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = tokio::select! {
            n = connection.read(&mut buffer) => n?,
            () = cancelled.cancelled() => break,
        };
        match &buffer[..n] {
            b"" => return Ok(()),
            b"boom\r\n" => bail!("Unexpected network error"),
            data => connection.write_all(data).await?,
        }
    }
    connection
        .write_all(b"Server is shutting down.\r\n")
        .await?;
    connection.shutdown().await?;
    // Closing with data unread would reset the connection, and the notice might be lost.
    while connection.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn connection_listener(
    server_socket: TcpListener,
    echo_tasks: &TaskTracker,
    cancelled: &CancellationToken,
) {
    loop {
        match server_socket.accept().await {
            Ok((connection, address)) => {
                println!("Got a connection from {address}");
                let echo_task = echo(connection, cancelled.clone());
                echo_tasks.spawn(async {
                    if let Err(error) = echo_task.await {
                        eprintln!("{error}");
                    }
                });
            }
            Err(error) => {
                eprintln!("cannot accept: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn close_echo_tasks(echo_tasks: &TaskTracker, cancelled: &CancellationToken) {
    println!(
        "Shutting down, {} client(s) have {GRACE:?}.",
        echo_tasks.len()
    );
    echo_tasks.close();
    if timeout(GRACE, echo_tasks.wait()).await.is_err() {
        println!("Closing {} connection(s).", echo_tasks.len());
        cancelled.cancel();
        // Who does not even read is dropped with the runtime.
        let _ = timeout(FAREWELL, echo_tasks.wait()).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    util::listening(server_socket.local_addr()?);

    let (echo_tasks, cancelled) = (TaskTracker::new(), CancellationToken::new());
    tokio::select! {
        () = connection_listener(server_socket, &echo_tasks, &cancelled) => {}
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    close_echo_tasks(&echo_tasks, &cancelled).await;
    Ok(())
}
