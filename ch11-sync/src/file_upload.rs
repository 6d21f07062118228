//! Listing 11.11: A file upload that signals when it is complete.
//!
//! A task reads until the client closes the connection, then sets the event that `get_contents`
//! waits for. For an event that is set once, tokio has `SetOnce`, which carries a value: the
//! contents, or the error. In the book, a task that waits for a broken connection waits forever.
//! (Where one task only waits, the `JoinHandle` of the upload is such an event already.)
//! `AsyncReadExt::take` would limit the size.
//!
//! In Python: `asyncio.Event`. Here: `SetOnce`.

use std::io;
use std::sync::Arc;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::SetOnce;
use tokio_util::task::AbortOnDropHandle;

type Contents = io::Result<Vec<u8>>;

/// A file being uploaded. Dropping it ends the upload.
#[derive(Debug)]
pub struct FileUpload {
    finished: Arc<SetOnce<Contents>>,
    _upload_task: AbortOnDropHandle<()>,
}

impl FileUpload {
    /// Starts to read from `connection`.
    #[must_use]
    pub fn listen_for_uploads(connection: TcpStream) -> Self {
        let finished = Arc::new(SetOnce::new());
        let upload_task = tokio::spawn(accept_upload(connection, Arc::clone(&finished)));
        Self {
            finished,
            _upload_task: AbortOnDropHandle::new(upload_task),
        }
    }

    /// Waits for the end of the upload and returns the contents.
    ///
    /// # Errors
    /// If the connection broke.
    pub async fn get_contents(&self) -> Result<&[u8], &io::Error> {
        self.finished.wait().await.as_ref().map(Vec::as_slice)
    }
}

async fn accept_upload(mut connection: TcpStream, finished: Arc<SetOnce<Contents>>) {
    let mut buffer = Vec::new();
    let read = connection.read_to_end(&mut buffer).await;
    let set = finished.set(read.map(|_| buffer));
    set.expect("only this task sets it");
}
