//! Listing 8.2: Using the protocol.
//!
//! The transport's task calls the protocol; here is only waited for the result, not for ever.
//!
//! In Python: `loop.create_connection`. Here: `create_connection`, `timeout`.

use anyhow::Context;
use ch08_streams::http_get::{Page, TIMEOUT};
use ch08_streams::http_get_protocol::HttpGetClientProtocol;
use ch08_streams::transport::create_connection;
use tokio::time::timeout;
use util_web::ExampleSite;

async fn make_request(page: Page) -> anyhow::Result<Vec<u8>> {
    let address = (page.host.clone(), page.port);
    let (protocol, response) = HttpGetClientProtocol::new(page);
    create_connection(protocol, (&address.0, address.1)).await?;
    response
        .await
        .context("the protocol ended without a result")?
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let page = Page::parse(site.url())?;

    let result = timeout(TIMEOUT, make_request(page)).await;
    let result = result.with_context(|| format!("no answer within {TIMEOUT:?}"))??;
    println!("{}", String::from_utf8_lossy(&result));
    Ok(())
}
