//! Writing to a child and reading from it at the same time.

use std::io::{self, ErrorKind};
use std::process::Output;

use tokio::io::AsyncWriteExt;
use tokio::join;
use tokio::process::Child;

/// Writes `input` to the child's stdin, reads its output, and waits for its end, all at once, as
/// asyncio's `communicate` does.
///
/// Writing first and reading afterwards would wait forever for a child that prints before it has
/// read everything. If a child ends without reading all of its input, that is no error, as in
/// Python; check its status.
///
/// # Errors
/// If the child's pipes fail in another way.
pub async fn communicate(mut process: Child, input: &[u8]) -> io::Result<Output> {
    let stdin = process.stdin.take();
    let write = async {
        if let Some(mut stdin) = stdin {
            stdin.write_all(input).await?;
        }
        // Dropping stdin here closes it, so the child sees the end of its input.
        io::Result::Ok(())
    };
    let (written, output) = join!(write, process.wait_with_output());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => output,
    }
}
