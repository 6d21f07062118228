//! Listing 11.12: A server that takes files and prints them when they are complete.
//!
//! For each upload one task reads and another waits for its end. A slow client does not hold up the
//! others. A failed `accept`, for lack of descriptors, ends the server; a real one would wait and
//! accept again.
//!
//! In Python: `asyncio.start_server`. Here: `TcpListener`, `tokio::spawn`. Serves until Ctrl-C.

use std::net::SocketAddr;

use ch11_sync::file_upload::FileUpload;
use tokio::net::{TcpListener, TcpStream};
use tokio::{select, signal};

struct FileServer {
    address: SocketAddr,
}

impl FileServer {
    async fn start_server(&self) -> anyhow::Result<()> {
        let server = TcpListener::bind(self.address).await?;
        util::listening(server.local_addr()?);
        loop {
            let (connection, _) = server.accept().await?;
            self.client_connected(connection);
        }
    }

    fn client_connected(&self, connection: TcpStream) {
        let upload = FileUpload::listen_for_uploads(connection);
        tokio::spawn(dump_contents_on_complete(upload));
    }
}

async fn dump_contents_on_complete(upload: FileUpload) {
    match upload.get_contents().await {
        Ok(file_contents) => println!("{}", String::from_utf8_lossy(file_contents)),
        Err(error) => eprintln!("an upload broke off: {error}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let address = util::args("[ADDRESS]").address(9000);
    let server = FileServer { address };
    select! {
        served = server.start_server() => served,
        interrupted = signal::ctrl_c() => Ok(interrupted?),
    }
}
