//! Listing 8.3: The same request with a reader and a writer.
//!
//! What was spread over callbacks reads from top to bottom. The answer is a stream of lines, an
//! asynchronous generator: each is read when it is asked for. A server can be wrong or slow, so
//! each line, the whole and the time have a limit, which the book leaves out.
//!
//! In Python: `asyncio.open_connection`. Here: `TcpStream::into_split`, `Stream`.

use anyhow::{Context, ensure};
use ch08_streams::http_get::{LONGEST_ANSWER, LONGEST_HEAD, Page, TIMEOUT, check_whole};
use futures::stream::{Stream, TryStreamExt, try_unfold};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::timeout;
use util_web::ExampleSite;

fn read_until_empty(
    stream_reader: BufReader<OwnedReadHalf>,
) -> impl Stream<Item = anyhow::Result<Vec<u8>>> {
    try_unfold(stream_reader, async |mut stream_reader| {
        let mut line = Vec::new();
        // One byte more tells the longest line from a longer one.
        let mut limited = (&mut stream_reader).take(LONGEST_HEAD as u64 + 1);
        let length = limited.read_until(b'\n', &mut line).await?;
        ensure!(
            length <= LONGEST_HEAD,
            "a line of the answer is longer than {LONGEST_HEAD} bytes"
        );
        Ok((length > 0).then_some((line, stream_reader)))
    })
}

async fn make_request(page: &Page) -> anyhow::Result<Vec<u8>> {
    let stream = TcpStream::connect((page.host.as_str(), page.port)).await?;
    let (reader, mut stream_writer) = stream.into_split();
    let stream_reader = BufReader::new(reader);

    stream_writer.write_all(page.request().as_bytes()).await?;
    let lines = read_until_empty(stream_reader);
    let responses = lines.try_fold(Vec::new(), async |mut responses, line| {
        responses.extend(line);
        ensure!(
            responses.len() <= LONGEST_ANSWER,
            "the answer is longer than {LONGEST_ANSWER} bytes"
        );
        Ok(responses)
    });
    let responses = responses.await?;
    check_whole(&responses)?;
    Ok(responses)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let page = Page::parse(site.url())?;

    let result = timeout(TIMEOUT, make_request(&page)).await;
    let result = result.with_context(|| format!("no answer within {TIMEOUT:?}"))??;
    println!("{}", String::from_utf8_lossy(&result));
    Ok(())
}
