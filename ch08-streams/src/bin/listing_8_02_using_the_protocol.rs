//! Listing 8.2: Using the protocol.
//!
//! The transport's task calls the protocol. This listing only awaits the result, with a timeout,
//! and then the end of the connection.
//!
//! In Python: `loop.create_connection`. Here: `create_connection`, `JoinHandle`.

use ch08_streams::http_get::{Page, in_time};
use ch08_streams::http_get_protocol::HttpGetClientProtocol;
use ch08_streams::transport::create_connection;
use tokio::task::JoinHandle;
use util_web::ExampleSite;

async fn make_request(page: Page) -> anyhow::Result<(String, JoinHandle<()>)> {
    let (host, port) = (page.host.clone(), page.port);
    let (protocol, response) = HttpGetClientProtocol::new(page);
    let connection = create_connection(protocol, (&host, port)).await?;
    Ok((response.await??, connection))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let page = Page::parse(site.url())?;
    let (result, connection) = in_time(make_request(page)).await?;
    println!("{result}");
    Ok(connection.await?)
}
