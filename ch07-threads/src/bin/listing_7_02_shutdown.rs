//! Listing 7.2: An echo server that says goodbye.
//!
//! No thread can be stopped from outside. But to shut a socket down wakes the thread that waits for
//! it: its `read` finds the end, and it ends by itself. On Ctrl-C each client is told, its socket
//! is shut down, and every thread is joined. Nor does a signal end `accept`: that has a thread of
//! its own, which a last connection wakes.
//!
//! In Python: `socket.shutdown`. Here: `TcpStream::shutdown`, `join`. Serves until Ctrl-C.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::net::{SendFlags, send};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

struct ClientEchoThread {
    client: Arc<TcpStream>,
    thread: JoinHandle<()>,
}

impl ClientEchoThread {
    fn start(client: TcpStream) -> io::Result<Self> {
        let client = Arc::new(client);
        let connection = Arc::clone(&client);
        let thread = thread::Builder::new().spawn(move || {
            if let Err(error) = run(&connection) {
                println!("Thread interrupted by {error} exception, shutting down!");
            }
        })?;
        Ok(Self { client, thread })
    }

    fn close(&self) {
        if !self.thread.is_finished() {
            // Without waiting: a client who does not read must not keep the others from hearing.
            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
            let _ = send(&*self.client, b"Shutting down!", flags);
            // The client may have gone meanwhile.
            let _ = self.client.shutdown(Shutdown::Both);
        }
    }
}

fn run(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2048];
    loop {
        let data = match client.read(&mut buffer)? {
            0 => return Err(io::Error::new(ErrorKind::BrokenPipe, "Connection closed!")),
            n => &buffer[..n],
        };
        println!("Received {:?}, sending!", String::from_utf8_lossy(data));
        client.write_all(data)?;
    }
}

fn accept(server: &TcpListener, threads: &Mutex<Vec<ClientEchoThread>>, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let started = server
            .accept()
            .and_then(|(connection, _)| ClientEchoThread::start(connection));
        match started {
            Ok(thread) => {
                let mut threads = threads.lock().unwrap_or_else(PoisonError::into_inner);
                // Those that have ended need no goodbye; else the list would grow for ever.
                threads.retain(|thread| !thread.thread.is_finished());
                threads.push(thread);
            }
            Err(error) => {
                eprintln!("cannot serve a client: {error}");
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let address = util::args("[ADDRESS]").address(8000);
    let server = TcpListener::bind(address)?;
    let address = server.local_addr()?;
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    util::listening(address);

    let connection_threads = Mutex::new(Vec::new());
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| accept(&server, &connection_threads, &stop));

        signals.forever().next();
        println!("Shutting down!");
        stop.store(true, Ordering::Relaxed);
        // Wakes the thread that waits in `accept`.
        let _ = TcpStream::connect(address);
    });

    let threads = connection_threads.into_inner();
    let threads = threads.unwrap_or_else(PoisonError::into_inner);
    threads.iter().for_each(ClientEchoThread::close);
    for thread in threads {
        // One that panicked has said so itself.
        let _ = thread.thread.join();
    }
    Ok(())
}
