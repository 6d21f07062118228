//! Listing 7.2: An echo server that says goodbye.
//!
//! You cannot stop a thread from outside, but shutting down a socket wakes the thread that is
//! blocked in it. In Python Ctrl-C raises an exception in the main thread. In Rust it does not, so
//! a thread of `ctrlc` waits for the signal, says goodbye to every client and ends the program.
//!
//! Reading and writing need only a `&TcpStream`, so two threads can share a connection.
//!
//! In Python: `socket.shutdown`. Here: `shutdown(Shutdown::Both)`, `join`. Serves until Ctrl-C.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

struct ClientEchoThread {
    client: Arc<TcpStream>,
    thread: JoinHandle<()>,
}

impl ClientEchoThread {
    fn start(client: TcpStream) -> Self {
        let client = Arc::new(client);
        let connection = Arc::clone(&client);
        let thread = thread::spawn(move || {
            if let Err(error) = run(&connection) {
                println!("Thread interrupted by {error} exception, shutting down!");
            }
        });
        Self { client, thread }
    }

    fn close(&self) {
        if !self.thread.is_finished() {
            // A client that does not read must not keep the others waiting.
            let _ = self.client.set_nonblocking(true);
            let _ = (&*self.client).write_all(b"Shutting down!");
            let _ = self.client.shutdown(Shutdown::Both);
        }
    }
}

fn run(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2048];
    while let n @ 1.. = client.read(&mut buffer)? {
        let data = &buffer[..n];
        println!("Received b'{}', sending!", data.escape_ascii());
        client.write_all(data)?;
    }
    Err(io::Error::new(ErrorKind::BrokenPipe, "Connection closed!"))
}

static CONNECTION_THREADS: Mutex<Vec<ClientEchoThread>> = Mutex::new(Vec::new());

fn main() -> anyhow::Result<()> {
    let server = TcpListener::bind(util::bind_address())?;
    ctrlc::set_handler(shut_down)?;
    util::listening(server.local_addr()?);

    for connection in server.incoming() {
        let thread = ClientEchoThread::start(connection?);
        let mut threads = CONNECTION_THREADS.lock().expect("no holder panics");
        // Removing the threads that have ended closes their sockets.
        threads.retain(|thread| !thread.thread.is_finished());
        threads.push(thread);
    }
    Ok(())
}

fn shut_down() {
    println!("Shutting down!");
    let mut threads = CONNECTION_THREADS.lock().expect("no holder panics");
    threads.iter().for_each(ClientEchoThread::close);
    for thread in threads.drain(..) {
        thread.thread.join().expect("no thread panics");
    }
    process::exit(0);
}
