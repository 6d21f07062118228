//! Listing 8.5: Standard input as an asynchronous reader.
//!
//! A thread reads and sends the lines through a channel. Python instead makes standard input
//! non-blocking, which affects every program that shares the terminal and fails for a redirected
//! file. `tokio::io::stdin` uses a thread too, but at the end the runtime waits for that thread,
//! and so for one more line. tokio's own documentation recommends a thread like this one.
//!
//! In Python: `connect_read_pipe`. Here: `thread::spawn`, `mpsc`.

use std::io;
use std::thread;

use tokio::sync::mpsc::{self, Receiver};

/// The lines of standard input. A thread reads them, up to two lines ahead of the receiver.
pub fn create_stdin_reader() -> Receiver<io::Result<String>> {
    let (sender, stdin_reader) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lines() {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    stdin_reader
}
