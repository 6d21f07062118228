//! Listing 3.8 (errors seen): The echo server that notices when a task fails.
//!
//! Listing 3.8 drops the handle of each task, and with it the task's error. asyncio at least logs
//! "Task exception was never retrieved" when it collects such a task; tokio says nothing. Here a
//! set keeps the tasks, and the server looks at the result of each task that ends.
//!
//! Serves until Ctrl-C.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

async fn echo(mut connection: TcpStream) -> io::Result<()> {
    let mut data = Vec::with_capacity(1024);
    while connection.read_buf(&mut data).await? > 0 {
        connection.write_all(&data).await?;
        data.clear();
    }
    Ok(())
}

async fn listen_for_connection(server_socket: TcpListener) -> anyhow::Result<()> {
    let mut echo_tasks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = server_socket.accept() => {
                let (connection, address) = accepted?;
                println!("Got a connection from {address}");
                echo_tasks.spawn(echo(connection));
            }
            Some(ended) = echo_tasks.join_next() => match ended {
                Ok(Ok(())) => println!("A client has left."),
                Ok(Err(error)) => eprintln!("An echo task failed: {error}"),
                Err(error) => eprintln!("An echo task panicked: {error}"),
            },
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server_socket = util::listen(util::bind_address())?;
    util::listening(server_socket.local_addr()?);
    listen_for_connection(server_socket).await
}
