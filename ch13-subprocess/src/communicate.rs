//! Writing to a child and reading from it at the same time.

use std::io::{self, ErrorKind};
use std::process::Output;

use tokio::io::AsyncWriteExt;
use tokio::join;
use tokio::process::Child;

/// Writes `input` to the child's stdin, reads what it prints, and waits for its end, all at
/// once: asyncio's `communicate`.
///
/// Writing first and reading then would wait for ever on a child that prints before it has read
/// everything. A child that ends without reading all of its input is no error, as in Python; its
/// status tells.
///
/// # Errors
/// If the child's pipes fail in another way.
pub async fn communicate(mut process: Child, input: &[u8]) -> io::Result<Output> {
    let stdin = process.stdin.take();
    let write = async {
        if let Some(mut stdin) = stdin {
            stdin.write_all(input).await?;
        }
        // Dropping stdin here closes it: the child has all its input.
        io::Result::Ok(())
    };
    let (written, output) = join!(write, process.wait_with_output());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => output,
    }
}
