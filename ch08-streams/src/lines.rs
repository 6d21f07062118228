//! Example: Lines from anybody: not too long, and UTF-8 or not.
//!
//! In Python: `StreamReader.readline`. Here: `read_until`.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// The longest line that is taken, in bytes, with its end.
pub const LONGEST_LINE: usize = 4096;

/// What came instead of a line.
#[derive(Debug)]
pub enum NoLine {
    /// There are no more.
    End,
    /// It is longer than [`LONGEST_LINE`]; what follows cannot be told from its rest.
    TooLong,
    /// It is not UTF-8.
    NotUtf8,
    /// The connection broke.
    Broken(io::Error),
}

/// Lines, read one by one.
#[derive(Debug)]
pub struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// The lines of `reader`.
    #[must_use]
    pub fn new(reader: R) -> Self {
        Self {
            reader: BufReader::new(reader),
            line: Vec::new(),
        }
    }

    /// Waits for the next line, and returns it without its end. A future that is dropped may lose
    /// the beginning of a line.
    ///
    /// # Errors
    /// What came instead.
    pub async fn next(&mut self) -> Result<&str, NoLine> {
        self.line.clear();
        let mut limited = (&mut self.reader).take(LONGEST_LINE as u64);
        let read = limited.read_until(b'\n', &mut self.line).await;
        match read.map_err(NoLine::Broken)? {
            0 => return Err(NoLine::End),
            LONGEST_LINE if !self.line.ends_with(b"\n") => return Err(NoLine::TooLong),
            _ => {}
        }
        let line = str::from_utf8(&self.line).map_err(|_| NoLine::NotUtf8)?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        Ok(line.strip_suffix('\r').unwrap_or(line))
    }
}
