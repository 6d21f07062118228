//! Listing 11.11: A file upload that tells when it is complete.
//!
//! A task reads until the client closes; whoever wants the contents waits for the event that the
//! task sets then. There may be several, and none is too late: an event stays set. A connection
//! that breaks is an error here, where those who wait would wait for ever in the book, and there is
//! a largest size.
//!
//! In Python: `asyncio.Event`. Here: `ch11_sync::Event`.

use std::sync::Arc;

use anyhow::{Context, ensure};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use crate::Event;

/// The largest file that is taken, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// A file on its way. Dropping it ends the upload.
#[derive(Debug)]
pub struct FileUpload {
    upload: Arc<Upload>,
    upload_task: AbortHandle,
}

#[derive(Debug, Default)]
struct Upload {
    finished_event: Event,
    buffer: OnceCell<anyhow::Result<Vec<u8>>>,
}

impl FileUpload {
    /// Starts to read what comes over `connection`, until its client closes it.
    #[must_use]
    pub fn listen_for_uploads(connection: TcpStream) -> Self {
        let upload = Arc::new(Upload::default());
        let task = accept_upload(Arc::clone(&upload), connection);
        Self {
            upload,
            upload_task: tokio::spawn(task).abort_handle(),
        }
    }

    /// Waits for the end of the upload and returns what came.
    ///
    /// # Errors
    /// If the connection broke, or the file is larger than [`LARGEST`].
    pub async fn get_contents(&self) -> anyhow::Result<&[u8]> {
        self.upload.finished_event.wait().await;
        let contents = self.upload.buffer.get().context("the upload has no end")?;
        let contents = contents.as_ref();
        Ok(contents.map_err(|error| anyhow::anyhow!("{error:#}"))?)
    }
}

impl Drop for FileUpload {
    fn drop(&mut self) {
        self.upload_task.abort();
    }
}

async fn accept_upload(upload: Arc<Upload>, connection: TcpStream) {
    let contents = read(connection).await;
    // It is set once only, here.
    let _ = upload.buffer.set(contents);
    upload.finished_event.set();
}

async fn read(connection: TcpStream) -> anyhow::Result<Vec<u8>> {
    let mut buffer = Vec::new();
    // One byte more tells a file of the largest size from a larger one.
    let mut connection = connection.take(LARGEST + 1);
    connection
        .read_to_end(&mut buffer)
        .await
        .with_context(|| format!("the upload broke off after {} bytes", buffer.len()))?;
    ensure!(
        buffer.len() as u64 <= LARGEST,
        "the upload is larger than {LARGEST} bytes"
    );
    Ok(buffer)
}
