//! Listing 3.8 (errors seen): The echo server that notices when a task fails.
//!
//! Listing 3.8 drops the handle of each task, and with it the task's error: a connection that
//! breaks does so in silence. Here the tasks are kept in a set, and whichever ends is asked how.
//!
//! Serves until Ctrl-C.

use std::io;

use ch03_echo::ACCEPT_PAUSE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn echo(mut connection: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        match connection.read(&mut buffer).await? {
            0 => return Ok(()),
            n => connection.write_all(&buffer[..n]).await?,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    util::listening(server_socket.local_addr()?);

    let mut echo_tasks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = server_socket.accept() => match accepted {
                Ok((connection, address)) => {
                    println!("Got a connection from {address}");
                    echo_tasks.spawn(echo(connection));
                }
                Err(error) => {
                    eprintln!("cannot accept: {error}");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(ended) = echo_tasks.join_next() => match ended {
                Ok(Ok(())) => println!("A client has left."),
                Ok(Err(error)) => eprintln!("An echo task failed: {error}"),
                Err(error) => eprintln!("An echo task did not end: {error}"),
            },
        }
    }
}
