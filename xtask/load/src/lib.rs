//! The load generator, which has to be fast: clients on one thread, each with one message under
//! way at any time.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// The size of a message: it ends with CRLF, so that a server may read by lines.
pub const MESSAGE_SIZE: usize = 64;

/// How long all clients together may take to be answered once; a client without an answer by then
/// is not being served.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

/// No answer at all for this long, and the server counts as hung.
const SILENCE: Duration = Duration::from_secs(10);

/// Clients that are connected to an echo server, each of which has been answered once or waits
/// for its first answer.
pub struct Clients {
    poll: Poll,
    events: Events,
    clients: Vec<Client>,
    answered: HashSet<usize>,
}

/// The round trips that ended within a time.
struct Trips {
    measured: Range<Instant>,
    count: usize,
}

impl Trips {
    /// Counts a round trip, unless it ended outside of the measured time: the last answers may
    /// come late, together with those in time.
    fn add(&mut self, received: Instant) {
        self.count += usize::from(self.measured.contains(&received));
    }

    fn per_second(&self) -> f64 {
        let window = self.measured.end - self.measured.start;
        self.count as f64 / window.as_secs_f64()
    }
}

impl Clients {
    /// Opens `count` connections to `server` and has each send one message.
    ///
    /// # Errors
    /// If a connection fails or an echo is not what was sent.
    pub fn connect(server: SocketAddr, count: usize) -> anyhow::Result<Self> {
        let mut this = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            clients: Vec::with_capacity(count),
            answered: HashSet::new(),
        };
        for number in 0..count {
            let client = Client::connect(server, number);
            let mut client = client
                .with_context(|| format!("cannot open connection {} of {count}", number + 1))?;
            let interest = Interest::READABLE | Interest::WRITABLE;
            let registry = this.poll.registry();
            registry.register(&mut client.stream, Token(number), interest)?;
            this.clients.push(client);
        }
        let deadline = Instant::now() + FIRST_ANSWER;
        while this.answered.len() < count && Instant::now() < deadline {
            this.turn(deadline, |_| Next::Pause)?;
        }
        Ok(this)
    }

    /// How many clients have been answered so far.
    pub fn served(&self) -> usize {
        self.answered.len()
    }

    /// Sends and receives for `warm_up` and then for `window`, and gives the round trips in a
    /// second of that.
    ///
    /// # Errors
    /// If the server closes a connection, sends back something else, or falls silent.
    pub fn ping_pong(&mut self, warm_up: Duration, window: Duration) -> anyhow::Result<f64> {
        let start = Instant::now();
        let mut trips = Trips {
            measured: start + warm_up..start + warm_up + window,
            count: 0,
        };
        for client in &mut self.clients {
            if client.received == MESSAGE_SIZE {
                client.send()?;
            }
        }
        let (mut last, mut now) = (start, start);
        while now < trips.measured.end {
            self.turn(trips.measured.end, |received| {
                last = received;
                trips.add(received);
                Next::Send
            })?;
            now = Instant::now();
            ensure!(now - last < SILENCE, "no answer for {SILENCE:?}");
            // On a busy machine the first answer may take longer than all.
            if trips.count == 0 && now >= trips.measured.end {
                trips.measured.end = now + window;
            }
        }
        Ok(trips.per_second())
    }

    /// Waits for events until `deadline` at the latest and handles them. For each complete echo,
    /// `answered` gets its time and says what that client does next.
    fn turn(
        &mut self,
        deadline: Instant,
        mut answered: impl FnMut(Instant) -> Next,
    ) -> anyhow::Result<()> {
        let patience = deadline.saturating_duration_since(Instant::now());
        match self.poll.poll(&mut self.events, Some(patience)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        for event in &self.events {
            let Token(number) = event.token();
            let client = &mut self.clients[number];
            if event.is_writable() {
                client.flush()?;
            }
            if event.is_readable() && client.receive()? {
                self.answered.insert(number);
                if answered(Instant::now()) == Next::Send {
                    client.send()?;
                }
            }
        }
        Ok(())
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Send,
    Pause,
}

struct Client {
    stream: TcpStream,
    message: [u8; MESSAGE_SIZE],
    sent: usize,
    echo: [u8; MESSAGE_SIZE],
    received: usize,
}

impl Client {
    fn connect(server: SocketAddr, number: usize) -> io::Result<Self> {
        // The connection is complete when the socket becomes writable; then the message goes out.
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        let mut message = [b'.'; MESSAGE_SIZE];
        let name = format!("client {number}");
        message[..name.len()].copy_from_slice(name.as_bytes());
        message[MESSAGE_SIZE - 2..].copy_from_slice(b"\r\n");
        Ok(Self {
            stream,
            message,
            sent: 0,
            echo: [0; MESSAGE_SIZE],
            received: 0,
        })
    }

    fn send(&mut self) -> anyhow::Result<()> {
        (self.sent, self.received) = (0, 0);
        self.flush()
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        while self.sent < MESSAGE_SIZE {
            match self.stream.write(&self.message[self.sent..]) {
                Ok(n) => self.sent += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error).context("cannot send"),
            }
        }
        Ok(())
    }

    /// Reads what has come of the echo. Returns whether it is complete.
    ///
    /// A complete echo is not read past its end: nothing can follow it before the next message.
    fn receive(&mut self) -> anyhow::Result<bool> {
        while self.received < MESSAGE_SIZE {
            match self.stream.read(&mut self.echo[self.received..]) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(n) => self.received += n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error).context("cannot receive"),
            }
        }
        if self.sent < MESSAGE_SIZE || self.echo != self.message {
            let echo = String::from_utf8_lossy(&self.echo).into_owned();
            bail!("the server sent back something else: {echo:?}");
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server of one client that answers with what `answer` makes of its bytes.
    fn server(answer: fn(&[u8]) -> Vec<u8>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; MESSAGE_SIZE];
            stream.read_exact(&mut buffer).unwrap();
            stream.write_all(&answer(&buffer)).unwrap();
        });
        address
    }

    #[test]
    fn an_answer_outside_of_the_window_does_not_count() {
        let from = Instant::now();
        let at = |milliseconds| from + Duration::from_millis(milliseconds);
        let mut trips = Trips {
            measured: at(10)..at(510),
            count: 0,
        };
        for received in [9, 10, 509, 510, 511] {
            trips.add(at(received));
        }
        assert_eq!((trips.count, trips.per_second()), (2, 4.0));
    }

    #[test]
    fn a_wrong_echo_and_a_closed_connection_are_errors() {
        let error = |answer: fn(&[u8]) -> Vec<u8>| {
            let clients = Clients::connect(server(answer), 1);
            clients.err().unwrap().to_string()
        };
        let wrong = error(<[u8]>::to_ascii_uppercase);
        assert!(wrong.contains("something else"), "{wrong}");
        let closed = error(|_| Vec::new());
        assert!(closed.contains("closed"), "{closed}");
    }
}
