//! The load generator for chat servers: everybody in a room speaks, and everybody hears it.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use hdrhistogram::Histogram;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::echo::Trips;

/// Nothing heard for this long, and the server counts as hung.
const SILENCE: Duration = Duration::from_secs(10);

/// The slowest delivery that is told apart.
const SLOWEST: Duration = Duration::from_secs(100);

/// In a large room one of this many deliveries is timed: timing each would take longer than
/// delivering it.
const TIMED: u64 = 16;

/// The members of a room, connected and welcomed. Each has one message under way when they talk:
/// it says the next when it has heard itself.
pub struct Room {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    start: Instant,
}

struct Member {
    stream: TcpStream,
    /// What a line of its own begins with.
    own: Vec<u8>,
    /// What has been read, and not yet come to its end.
    unread: Vec<u8>,
}

/// What a member does after a line.
enum Next {
    Speak,
    Listen,
    Stop,
}

impl Room {
    /// Has `count` members enter the room of `server`, one after the other.
    ///
    /// # Errors
    /// If one cannot enter.
    pub fn enter(server: SocketAddr, count: usize) -> anyhow::Result<Self> {
        let mut room = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            members: Vec::with_capacity(count),
            start: Instant::now(),
        };
        for number in 0..count {
            let entered = room.add(server, number);
            entered.with_context(|| format!("member {} of {count} cannot enter", number + 1))?;
        }
        Ok(room)
    }

    fn add(&mut self, server: SocketAddr, number: usize) -> anyhow::Result<()> {
        let mut stream = std::net::TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.write_all(format!("CONNECT m{number}\n").as_bytes())?;
        // Once it has been announced it hears everybody.
        stream.set_read_timeout(Some(SILENCE))?;
        let announced = format!("m{number} connected!");
        let mut lines = BufReader::new(&stream).lines();
        while lines
            .next()
            .context("the server has closed the connection")??
            != announced
        {}
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let registry = self.poll.registry();
        registry.register(&mut stream, Token(number), Interest::READABLE)?;
        self.members.push(Member {
            stream,
            own: format!("m{number}: ").into_bytes(),
            unread: Vec::new(),
        });
        Ok(())
    }

    /// Has each member say `rounds` messages, the next one when it has heard itself, until
    /// everybody has heard all of them: no delivery is left out for being late.
    ///
    /// # Errors
    /// If the server falls silent, or a member's connection breaks.
    pub fn talk(&mut self, rounds: u64) -> anyhow::Result<Trips> {
        let members = self.members.len();
        let expected = rounds * (members * members) as u64;
        let mut unsaid = vec![rounds.saturating_sub(1); members];
        let (start, mut count) = (self.start, 0);
        let begin = start.elapsed();
        let mut latencies = Histogram::new_with_bounds(1, SLOWEST.as_nanos() as u64, 3)?;
        for member in 0..members {
            self.say(member)?;
        }
        self.listen(|member, own, line| {
            // A message is the time when it was said.
            let said = line
                .get(line.len().saturating_sub(20)..)
                .unwrap_or_default();
            let Some(said) = str::from_utf8(said).ok().and_then(|said| said.parse().ok()) else {
                return Next::Listen;
            };
            count += 1;
            if count % TIMED == 0 || members < TIMED as usize {
                let now = start.elapsed().as_nanos() as u64;
                latencies.saturating_record(now.saturating_sub(said));
            }
            if count == expected {
                Next::Stop
            } else if own && unsaid[member] > 0 {
                unsaid[member] -= 1;
                Next::Speak
            } else {
                Next::Listen
            }
        })?;
        ensure!(count > 0, "nobody heard anything");
        Ok(Trips {
            count,
            elapsed: start.elapsed() - begin,
            latencies,
        })
    }

    fn say(&mut self, member: usize) -> anyhow::Result<()> {
        let message = format!("{:020}\n", self.start.elapsed().as_nanos());
        let written = self.members[member].stream.write(message.as_bytes())?;
        ensure!(written == message.len(), "the server does not read");
        Ok(())
    }

    /// Hands each line that comes to `hear`, with the number of the member who heard it and
    /// whether it is its own, until `hear` says to stop.
    fn listen(&mut self, mut hear: impl FnMut(usize, bool, &[u8]) -> Next) -> anyhow::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        let mut ready = Vec::new();
        loop {
            self.poll.poll(&mut self.events, Some(SILENCE))?;
            let speaks = !self.events.is_empty();
            ensure!(speaks, "the server has been silent for {SILENCE:?}");
            ready.clear();
            ready.extend(self.events.iter().map(|event| event.token().0));
            for &number in &ready {
                loop {
                    let member = &mut self.members[number];
                    let read = match member.stream.read(&mut buffer) {
                        Ok(0) => bail!("the server has closed the connection of member {number}"),
                        Ok(read) => read,
                        Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                        Err(error) => return Err(error.into()),
                    };
                    let mut unread = std::mem::take(&mut member.unread);
                    unread.extend_from_slice(&buffer[..read]);
                    let mut said = 0;
                    let mut rest = unread.as_slice();
                    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                        let (line, next) = (&rest[..end], &rest[end + 1..]);
                        let own = line.starts_with(&self.members[number].own);
                        match hear(number, own, line) {
                            Next::Stop => return Ok(()),
                            Next::Speak => said += 1,
                            Next::Listen => {}
                        }
                        rest = next;
                    }
                    self.members[number].unread = rest.to_vec();
                    for _ in 0..said {
                        self.say(number)?;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::thread;

    use super::*;

    /// A chat server as one would first write it: a thread for each member, all under one lock.
    fn chat_server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let room = Arc::new(Mutex::new(HashMap::new()));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, room) = (stream.unwrap(), Arc::clone(&room));
                thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let connect = lines.next().unwrap().unwrap();
                    let name = connect.strip_prefix("CONNECT ").unwrap().to_owned();
                    let tell = |line: String| {
                        for mut stream in room.lock().unwrap().values() {
                            // The room may be over.
                            let _ = Write::write_all(&mut stream, line.as_bytes());
                        }
                    };
                    room.lock().unwrap().insert(name.clone(), stream);
                    tell(format!("{name} connected!\n"));
                    while let Some(Ok(line)) = lines.next() {
                        tell(format!("{name}: {line}\n"));
                    }
                });
            }
        });
        address
    }

    #[test]
    fn a_room_counts_and_times_all_that_is_delivered() {
        let mut room = Room::enter(chat_server(), 3).unwrap();
        for rounds in [1, 5] {
            let trips = room.talk(rounds).unwrap();
            assert_eq!(trips.count, rounds * 9);
            assert_eq!(trips.latencies.len(), trips.count);
            let slowest = Duration::from_nanos(trips.latencies.max());
            assert!(slowest <= trips.elapsed * 2, "{slowest:?}");
        }
    }

    #[test]
    fn a_server_that_closes_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || drop(listener.accept()));
        assert!(Room::enter(address, 1).is_err());
    }
}
