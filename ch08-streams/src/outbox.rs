//! Example: What a client still has to be sent.
//!
//! A queue with an end: the server puts messages in without waiting, a task writes them. When a
//! client reads more slowly than the others write, its queue is full one day, and that client goes;
//! nobody waits for it.
//!
//! In Python: `StreamWriter.drain`. Here: bounded `mpsc`, `recv_many`.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

/// As many messages may wait for a client.
const ROOM: usize = 4096;

/// When more wait, whoever writes should let others run first.
const CROWD: usize = 256;

/// As many are written at once: with one system call, not one for each.
const AT_ONCE: usize = 256;

/// How long a client may take for what was left when it was told to go.
pub const FAREWELL: Duration = Duration::from_secs(5);

const TOO_SLOW: &str = "You read too slowly and have been disconnected.\n";

/// Where messages for a client are put.
#[derive(Clone, Debug)]
pub struct Outbox {
    messages: Sender<Rc<str>>,
    closing: Rc<Closing>,
}

/// What waits there, for the task that writes it.
#[derive(Debug)]
pub struct Outgoing {
    messages: Receiver<Rc<str>>,
    closing: Rc<Closing>,
}

#[derive(Debug, Default)]
struct Closing {
    token: CancellationToken,
    last: RefCell<String>,
}

/// An empty queue.
#[must_use]
pub fn outbox() -> (Outbox, Outgoing) {
    let (sender, messages) = mpsc::channel(ROOM);
    let closing = Rc::new(Closing::default());
    let outbox = Outbox {
        messages: sender,
        closing: Rc::clone(&closing),
    };
    (outbox, Outgoing { messages, closing })
}

impl Outbox {
    /// Puts a message in, without waiting, and says whether it is getting crowded there. If there
    /// is no room any more, the client is told to go.
    pub fn put(&self, message: &Rc<str>) -> bool {
        if let Err(TrySendError::Full(_)) = self.messages.try_send(Rc::clone(message)) {
            self.close(TOO_SLOW);
        }
        self.messages.capacity() < ROOM - CROWD
    }

    /// Tells the client to go, with a last line after all that waits already.
    pub fn close(&self, last: &str) {
        if !self.closing.token.is_cancelled() {
            last.clone_into(&mut self.closing.last.borrow_mut());
            self.closing.token.cancel();
        }
    }

    /// Waits until the client has been told to go.
    pub async fn closed(&self) {
        self.closing.token.cancelled().await;
    }
}

impl Outgoing {
    /// Writes what comes; when the client is told to go, what is left and the last line. Then closes
    /// the connection.
    ///
    /// # Errors
    /// If the client has gone, or does not read its farewell.
    pub async fn deliver(mut self, writer: OwnedWriteHalf) -> anyhow::Result<()> {
        let closing = Rc::clone(&self.closing);
        let deliver = self.write_all(writer);
        let late = async {
            closing.token.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            written = deliver => written,
            () = late => anyhow::bail!("the client does not read"),
        }
    }

    async fn write_all(&mut self, mut writer: OwnedWriteHalf) -> anyhow::Result<()> {
        let closing = Rc::clone(&self.closing);
        let closed = closing.token.cancelled();
        tokio::pin!(closed);
        let mut messages = Vec::with_capacity(AT_ONCE);
        let mut text = String::new();
        let mut open = true;
        loop {
            tokio::select! {
                biased;
                received = self.messages.recv_many(&mut messages, AT_ONCE) => {
                    if received == 0 {
                        break;
                    }
                    text.clear();
                    for message in messages.drain(..) {
                        text.push_str(&message);
                    }
                    writer.write_all(text.as_bytes()).await?;
                }
                // Nothing new gets in; what is in there comes out.
                () = &mut closed, if open => {
                    self.messages.close();
                    open = false;
                }
            }
        }
        let last = closing.last.take();
        writer.write_all(last.as_bytes()).await?;
        Ok(writer.shutdown().await?)
    }
}
