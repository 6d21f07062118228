//! A web site that a test controls, and that records what it saw.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crate::wait_until;

const OK_200: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// The header of an answer after which the connection closes.
const CLOSE: &str = "connection: close";

/// How long requests may take to come together, less than a listing waits for its answer.
const BARRIER_TIMEOUT: Duration = Duration::from_secs(20);

/// A site for `EXAMPLE_URL`, with a thread for each connection. It is a proxy too, which takes every
/// request for one to itself.
///
/// A connection that sends nothing is not a request. Listings open one to check whether the site is
/// there.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    seen: Mutex<Seen>,
    arrived: Condvar,
}

/// What a site has seen so far.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// Those that made a request.
    connections: usize,
    requests: usize,
    waiting: usize,
    most_waiting: usize,
    answered: usize,
    given_up: usize,
}

impl Site {
    /// A site that answers no request until `together` have come. Then it waits for the next
    /// `together`.
    #[must_use]
    pub fn barrier(together: usize) -> Self {
        Self::new(move |number, shared| {
            let wanted = (number / together + 1) * together;
            let seen = shared.seen.lock().unwrap();
            let timeout = shared
                .arrived
                .wait_timeout_while(seen, BARRIER_TIMEOUT, |seen| seen.requests < wanted);
            // No answer at all ends a listing that would wait for the others forever.
            let together = !timeout.unwrap().1.timed_out();
            Some(if together { OK_200 } else { "" }.to_owned())
        })
    }

    /// A site that answers the nth request, counted from 0, if `answers(n)`, and keeps the others
    /// waiting until their clients give up.
    #[must_use]
    pub fn answering(answers: impl Fn(usize) -> bool + Send + Sync + 'static) -> Self {
        Self::new(move |number, _| answers(number).then(|| OK_200.to_owned()))
    }

    /// A site that answers the nth request, counted from 0, with `says(n)`. It closes the connection
    /// unless that is an answer that keeps it open.
    #[must_use]
    pub fn saying(says: impl Fn(usize) -> String + Send + Sync + 'static) -> Self {
        Self::new(move |number, _| Some(says(number)))
    }

    fn new(answers: impl Fn(usize, &Shared) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let (answers, for_requests) = (Arc::new(answers), Arc::clone(&shared));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answers, shared) = (Arc::clone(&answers), Arc::clone(&for_requests));
                thread::spawn(move || serve(stream.unwrap(), &shared, &*answers));
            }
        });
        Self { address, shared }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// On how many connections requests have come.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.seen().connections
    }

    /// How many requests have come.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.seen().requests
    }

    /// The largest number of requests that waited for answers at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.seen().most_waiting
    }

    /// How many requests have been answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.seen().answered
    }

    /// How many clients closed the connection of an unanswered request.
    #[must_use]
    pub fn given_up(&self) -> usize {
        self.seen().given_up
    }

    /// Waits until this many requests have come.
    #[track_caller]
    pub fn wait_for_requests(&self, requests: usize) {
        wait_until(
            || self.requests() >= requests,
            || format!("{requests} requests, {:?}", self.seen()),
        );
    }

    /// Waits until this many clients have given up.
    #[track_caller]
    pub fn wait_for_given_up(&self, clients: usize) {
        wait_until(
            || self.given_up() >= clients,
            || format!("{clients} clients to give up, {:?}", self.seen()),
        );
    }

    fn seen(&self) -> Seen {
        self.shared.seen.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    shared: &Shared,
    answers: &dyn Fn(usize, &Shared) -> Option<String>,
) {
    let mut first = true;
    while let Some(request) = request(&mut stream) {
        if request.starts_with(b"CONNECT ") {
            // A proxy's tunnel to another site, which ends here.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            continue;
        }
        let number = {
            let mut seen = shared.seen.lock().unwrap();
            seen.connections += usize::from(first);
            seen.requests += 1;
            seen.waiting += 1;
            seen.most_waiting = seen.most_waiting.max(seen.waiting);
            seen.requests - 1
        };
        first = false;
        shared.arrived.notify_all();
        let answer = answers(number, shared);
        if answer.is_none() {
            // The client's end of the connection.
            while let Ok(1..) = stream.read(&mut [0; 4096]) {}
        }
        {
            // Count before the answer, because the client may send its next request at once.
            let mut seen = shared.seen.lock().unwrap();
            seen.waiting -= 1;
            if answer.is_some() {
                seen.answered += 1;
            } else {
                seen.given_up += 1;
            }
        }
        let Some(answer) = answer else { return };
        // This fails if the client has disconnected.
        let _ = stream.write_all(answer.as_bytes());
        if !answer.starts_with("HTTP/") || answer.contains(CLOSE) {
            return;
        }
    }
}

/// A request without a body; `None` at the end of the connection.
fn request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(n @ 1..) => request.extend(&buffer[..n]),
            _ => return None,
        }
    }
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(site: &Site) -> TcpStream {
        let mut stream = TcpStream::connect(site.address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        stream
    }

    fn status(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_barrier_answers_when_all_have_come() {
        let site = Site::barrier(2);
        let first = ask(&site);
        site.wait_for_requests(1);
        assert_eq!(site.answered(), 0);
        let second = ask(&site);
        assert_eq!(status(first), "HTTP/1.1 200 OK");
        assert_eq!(status(second), "HTTP/1.1 200 OK");
        assert_eq!((site.requests(), site.most_at_once()), (2, 2));
    }

    #[test]
    fn it_counts_connections_that_stay_open() {
        let site = Site::saying(|number| match number {
            0 => "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned(),
            _ => String::new(),
        });
        let mut stream = ask(&site);
        let mut answer = [0; 38];
        stream.read_exact(&mut answer).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!(status(stream), "");
        assert_eq!((site.requests(), site.connections()), (2, 1));
    }

    #[test]
    fn it_tells_who_gave_up() {
        let site = Site::answering(|number| number == 0);
        assert_eq!(status(ask(&site)), "HTTP/1.1 200 OK");
        let unanswered = ask(&site);
        site.wait_for_requests(2);
        drop(unanswered);
        site.wait_for_given_up(1);
    }
}
