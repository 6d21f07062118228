//! Listing 11.12: A server that takes files and prints them when they are complete.
//!
//! For each upload one task reads and another waits for the event of its end. A client that
//! dawdles keeps nobody else from finishing.
//!
//! In Python: `asyncio.start_server`. Here: `TcpListener`, `tokio::spawn`. Serves until Ctrl-C.

use std::net::SocketAddr;

use ch11_sync::file_upload::FileUpload;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::time::{Duration, sleep};

async fn dump_contents_on_complete(upload: FileUpload, client: SocketAddr) {
    match upload.get_contents().await {
        Ok(contents) => println!("{}", String::from_utf8_lossy(contents)),
        Err(error) => eprintln!("{client}: {error:#}"),
    }
}

async fn serve(server: TcpListener) {
    loop {
        match server.accept().await {
            Ok((connection, client)) => {
                let upload = FileUpload::listen_for_uploads(connection);
                tokio::spawn(dump_contents_on_complete(upload, client));
            }
            Err(error) => {
                // Too many connections: some will go.
                eprintln!("cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server = util::listen(util::args("[ADDRESS]").address(9000))?;
    util::listening(server.local_addr()?);

    tokio::select! {
        () = serve(server) => Ok(()),
        interrupted = signal::ctrl_c() => Ok(interrupted?),
    }
}
