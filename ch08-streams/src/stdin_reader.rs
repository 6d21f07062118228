//! Listing 8.5: Standard input as an asynchronous reader.
//!
//! The operating system has no way to read a terminal without blocking that works everywhere, so a
//! thread reads, and a channel brings the lines. tokio's own `stdin` does the same, but its runtime
//! cannot end while that thread waits for a key; this thread dies with the program.
//!
//! In Python: `connect_read_pipe`. Here: a thread and `mpsc`.

use std::io::{self, BufRead};
use std::thread;

use tokio::sync::mpsc::{self, Receiver};

/// The lines of standard input.
#[derive(Debug)]
pub struct StdinReader {
    lines: Receiver<io::Result<String>>,
}

impl StdinReader {
    /// Starts to read.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn new() -> io::Result<Self> {
        // One line ahead at the most: what nobody reads stays in the pipe.
        let (sender, lines) = mpsc::channel(1);
        thread::Builder::new().name("stdin".into()).spawn(move || {
            for line in io::stdin().lock().lines() {
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { lines })
    }

    /// Waits for the next line, without its end; `None` when there are no more. The future may be
    /// dropped at any time, and no line is lost.
    ///
    /// # Errors
    /// If the input cannot be read, or is not UTF-8.
    pub async fn readline(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}
