//! Listing 8.3: The same request with a reader and a writer.
//!
//! The code of the callbacks now reads from top to bottom. The answer is an asynchronous stream,
//! like Python's asynchronous generator, which reads each line when it is requested. You close
//! nothing by hand: the connection closes when both halves are dropped, even after an error. Lines
//! have no maximum length here; `LinesCodec::new_with_max_length` (listing 8.13) sets one.
//!
//! In Python: `asyncio.open_connection`. Here: `TcpStream::into_split`, `try_stream!`.

use std::io;
use std::mem::take;

use async_stream::try_stream;
use ch08_streams::http_get::{Page, in_time};
use futures::{Stream, TryStreamExt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use util_web::ExampleSite;

fn read_until_empty(
    mut stream_reader: BufReader<OwnedReadHalf>,
) -> impl Stream<Item = io::Result<String>> {
    try_stream! {
        let mut response = String::new();
        while stream_reader.read_line(&mut response).await? > 0 {
            yield take(&mut response);
        }
    }
}

async fn make_request(Page { host, port, path }: Page) -> anyhow::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\n\r\n");
    let stream = TcpStream::connect((host, port)).await?;
    let (stream_reader, mut stream_writer) = stream.into_split();

    stream_writer.write_all(request.as_bytes()).await?;
    let responses = read_until_empty(BufReader::new(stream_reader));
    Ok(responses.try_collect().await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let page = Page::parse(site.url())?;
    let result = in_time(make_request(page)).await?;
    println!("{result}");
    Ok(())
}
