//! Example: A file in partitions of whole lines, read when they are asked for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;

/// How much is read at once.
const BLOCK: usize = 1 << 18;

/// So many lines of a file, the last partition fewer.
#[derive(Debug)]
pub struct Partition {
    /// The number of the first line, from 1.
    pub first_line: u64,
    /// The lines with their ends.
    pub bytes: Vec<u8>,
}

/// Opens the file at `path` in partitions of so many lines.
///
/// Each is read when the iterator is asked for it, so that no more of the file is in memory than
/// somebody works on.
///
/// # Errors
/// If the file cannot be opened; each partition, if it cannot be read.
pub fn partitions(
    path: &Path,
    lines: usize,
) -> anyhow::Result<impl Iterator<Item = io::Result<Partition>> + Send + use<>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(Partitions {
        file,
        lines,
        next_line: 1,
        capacity: 0,
        rest: Vec::new(),
        failed: false,
    })
}

struct Partitions<R> {
    file: R,
    lines: usize,
    next_line: u64,
    capacity: usize,
    /// What was read beyond the last partition.
    rest: Vec<u8>,
    /// After an error there is no more.
    failed: bool,
}

impl<R: Read> Partitions<R> {
    fn read(&mut self) -> io::Result<Partition> {
        // Room at once for a partition like the last: growing would copy it again and again.
        let mut bytes = Vec::with_capacity(self.capacity);
        bytes.append(&mut self.rest);
        let mut looked_at = 0;
        let mut missing = self.lines;
        loop {
            let new = &bytes[looked_at..];
            // Counting is several times as fast as finding each.
            let found = memchr::memchr_iter(b'\n', new).count();
            if found >= missing {
                let ends = memchr::memchr_iter(b'\n', new).map(|end| looked_at + end + 1);
                if let Some(end) = { ends }.nth(missing - 1) {
                    self.rest.extend(bytes.drain(end..));
                }
                break;
            }
            missing -= found;
            looked_at = bytes.len();
            let read = self.file.by_ref().take(BLOCK as u64);
            if { read }.read_to_end(&mut bytes)? == 0 {
                break;
            }
        }
        self.capacity = bytes.len() + 2 * BLOCK;
        let first_line = self.next_line;
        self.next_line += self.lines as u64;
        Ok(Partition { first_line, bytes })
    }
}

impl<R: Read> Iterator for Partitions<R> {
    type Item = io::Result<Partition>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.read() {
            Ok(partition) if partition.bytes.is_empty() => None,
            read => {
                self.failed = read.is_err();
                Some(read)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, lines: usize) -> Vec<(u64, String)> {
        let partitions = Partitions {
            file: text.as_bytes(),
            lines,
            next_line: 1,
            capacity: 0,
            rest: Vec::new(),
            failed: false,
        };
        partitions
            .map(|partition| {
                let Partition { first_line, bytes } = partition.unwrap();
                (first_line, String::from_utf8(bytes).unwrap())
            })
            .collect()
    }

    #[test]
    fn partitions_have_whole_lines() {
        let parts = |text, lines| read(text, lines);
        assert_eq!(parts("", 2), []);
        assert_eq!(parts("a\nb\n", 2), [(1, "a\nb\n".into())]);
        assert_eq!(parts("a\nb\nc", 2), [(1, "a\nb\n".into()), (3, "c".into())]);
        assert_eq!(parts("a", 2), [(1, "a".into())]);
        assert_eq!(parts("\n\n\n", 1).len(), 3);
    }

    #[test]
    fn partitions_may_be_larger_than_what_is_read_at_once() {
        let lines: Vec<String> = (0..100_000).map(|n| format!("line {n}\n")).collect();
        let text = lines.concat();
        assert!(text.len() > 2 * BLOCK);
        for size in [1_000, 60_000, 100_000] {
            let parts = read(&text, size);
            assert_eq!(parts.len(), 100_000_usize.div_ceil(size));
            for (index, (first_line, part)) in parts.iter().enumerate() {
                assert_eq!(*first_line as usize, index * size + 1);
                assert_eq!(
                    *part,
                    lines[index * size..((index + 1) * size).min(100_000)].concat()
                );
            }
        }
    }
}
