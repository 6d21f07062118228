//! Example: A client of a non-blocking echo server.
//!
//! A non-blocking write may take only a part, and the rest has to be kept until the socket has
//! room again. Nothing more is read from this client in the meantime: that is back-pressure, and
//! it keeps a client who never reads from filling the server's memory.
//!
//! Here: `Read`, `Write`.

use std::io::{self, ErrorKind, Read, Write};

/// How much is read from a client at a time, in bytes.
const BUFFER_SIZE: usize = 1024;

/// After so many reads another client gets its turn.
const READS_IN_A_TURN: usize = 16;

/// A client's socket, and what of its data has not been sent back yet.
#[derive(Debug)]
pub struct Client<S> {
    /// Its socket, in non-blocking mode.
    pub socket: S,
    buffer: [u8; BUFFER_SIZE],
    read: usize,
    sent: usize,
}

/// Why a turn of a client ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Its socket has nothing to read, or no room to write.
    Wait,
    /// It might go on, but others want a turn too.
    Yield,
    /// It has closed its end, and has all that it sent.
    Close,
}

impl<S: Read + Write> Client<S> {
    /// A client whose socket is in non-blocking mode.
    pub fn new(socket: S) -> Self {
        Self {
            socket,
            buffer: [0; BUFFER_SIZE],
            read: 0,
            sent: 0,
        }
    }

    /// Sends back what the client sends, for as long as that needs no waiting. `on_data` sees
    /// what was read.
    ///
    /// # Errors
    /// If the connection is broken.
    pub fn echo(&mut self, mut on_data: impl FnMut(&[u8])) -> io::Result<Turn> {
        for _ in 0..READS_IN_A_TURN {
            while self.sent < self.read {
                match self.socket.write(&self.buffer[self.sent..self.read]) {
                    Ok(n) => self.sent += n,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Turn::Wait),
                    Err(error) => return Err(error),
                }
            }
            match self.socket.read(&mut self.buffer) {
                Ok(0) => return Ok(Turn::Close),
                Ok(n) => (self.read, self.sent) = (n, 0),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Turn::Wait),
                Err(error) => return Err(error),
            }
            on_data(&self.buffer[..self.read]);
        }
        Ok(Turn::Yield)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A socket that takes `room` bytes and then blocks.
    struct Socket {
        input: VecDeque<Vec<u8>>,
        output: Vec<u8>,
        room: usize,
    }

    impl Read for Socket {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(next) = self.input.pop_front() else {
                return Err(ErrorKind::WouldBlock.into());
            };
            buffer[..next.len()].copy_from_slice(&next);
            Ok(next.len())
        }
    }

    impl Write for Socket {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            let n = data.len().min(self.room);
            if n == 0 {
                return Err(ErrorKind::WouldBlock.into());
            }
            self.room -= n;
            self.output.extend(&data[..n]);
            Ok(n)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn client(input: &[&str], room: usize) -> Client<Socket> {
        Client::new(Socket {
            input: input.iter().map(|part| part.as_bytes().to_vec()).collect(),
            output: Vec::new(),
            room,
        })
    }

    #[test]
    fn a_full_socket_stops_the_reading_and_loses_nothing() {
        let mut client = client(&["hello", "world", ""], 3);
        assert_eq!(client.echo(|_| ()).unwrap(), Turn::Wait);
        assert_eq!(client.socket.output, b"hel");
        assert_eq!(client.socket.input.len(), 2, "nothing more was read");

        client.socket.room = 100;
        assert_eq!(client.echo(|_| ()).unwrap(), Turn::Close);
        assert_eq!(client.socket.output, b"helloworld");
    }

    #[test]
    fn a_client_who_never_pauses_gives_others_a_turn() {
        let many = vec!["x"; 100];
        let mut client = client(&many, usize::MAX);
        assert_eq!(client.echo(|_| ()).unwrap(), Turn::Yield);
        assert!(!client.socket.input.is_empty());
        while client.echo(|_| ()).unwrap() == Turn::Yield {}
        assert_eq!(client.socket.output.len(), 100);
    }
}
