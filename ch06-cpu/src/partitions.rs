//! Example: A file in partitions of whole lines.
//!
//! Finding the ends of the partitions takes only a few bytes of the file. So each thread can read
//! its own partition, at the same time as the others.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use util_ngrams as ngrams;

/// The first bytes of a gzip file. No text in UTF-8 begins with them.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Some lines of a file.
#[derive(Debug)]
pub struct Partition {
    path: PathBuf,
    bytes: Range<u64>,
}

/// The word file that a listing reads: its argument, or `util_ngrams::default_file`.
///
/// # Errors
/// If that file cannot be made.
pub fn word_file() -> anyhow::Result<PathBuf> {
    let path = util::args("[FILE]").path("");
    if path.as_os_str().is_empty() {
        return ngrams::default_file();
    }
    Ok(path)
}

/// Cuts the file at `path` into partitions of `partition_size` bytes, each extended to the end of
/// its last line. The last one may be empty.
///
/// # Errors
/// If the file cannot be opened or read, or is compressed.
pub fn partition(path: &Path, partition_size: u64) -> anyhow::Result<Vec<Partition>> {
    let cannot = |what| move || format!("cannot {what} {}", path.display());
    let mut file = BufReader::new(File::open(path).with_context(cannot("open"))?);
    ensure!(
        !file
            .fill_buf()
            .with_context(cannot("read"))?
            .starts_with(GZIP),
        "{} is a gzip file: unpack it first",
        path.display()
    );
    let mut partitions = Vec::new();
    let mut start = 0;
    loop {
        let mut end = file.seek(SeekFrom::Start(start + partition_size))?;
        let rest_of_line = file.skip_until(b'\n').with_context(cannot("read"))?;
        end += rest_of_line as u64;
        partitions.push(Partition {
            path: path.to_owned(),
            bytes: start..end,
        });
        if rest_of_line == 0 {
            return Ok(partitions);
        }
        start = end;
    }
}

impl Partition {
    /// Reads the lines.
    ///
    /// # Errors
    /// If they cannot be read, or are not UTF-8.
    pub fn read(&self) -> anyhow::Result<String> {
        let Range { start, end } = self.bytes;
        let mut bytes = Vec::with_capacity(usize::try_from(end - start)?);
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        file.take(end - start).read_to_end(&mut bytes)?;
        String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            self.malformed(line_ends(valid), "is malformed")
        })
    }

    /// The word and the count of each line of `lines`, which [`read`](Self::read) has returned. A
    /// malformed line is an error that gives its number in the file.
    pub fn rows<'a>(&self, lines: &'a str) -> impl Iterator<Item = anyhow::Result<(&'a str, u64)>> {
        lines.lines().enumerate().map(|(number, line)| {
            word_and_count(line).ok_or_else(|| {
                let year = line.split('\t').nth(1).unwrap_or_default();
                self.malformed(
                    number,
                    if year.split(',').count() == 3 {
                        "is of the 2020 edition, which has a column for each year; \
                     these listings count the edition of 2012"
                    } else {
                        "is malformed"
                    },
                )
            })
        })
    }

    fn malformed(&self, line: usize, fault: &str) -> anyhow::Error {
        let path = self.path.display();
        match fs::read(&self.path) {
            Ok(bytes) => {
                let before = line_ends(&bytes[..self.bytes.start as usize]);
                anyhow!("line {} of {path} {fault}", before + line + 1)
            }
            Err(error) => anyhow!(error).context(format!("cannot read {path}")),
        }
    }
}

/// The columns of a line are word, year, count and volumes. A word may have spaces.
fn word_and_count(line: &str) -> Option<(&str, u64)> {
    let mut columns = line.split('\t');
    let (word, _year, count) = (columns.next()?, columns.next()?, columns.next()?);
    let _volumes = columns.next()?;
    let count = count.trim().parse().ok()?;
    columns.next().is_none().then_some((word, count))
}

fn line_ends(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partitions(text: impl AsRef<[u8]>, size: u64) -> Vec<anyhow::Result<String>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let partitions = partition(file.path(), size).unwrap();
        partitions.iter().map(Partition::read).collect()
    }

    #[test]
    fn partitions_have_whole_lines_and_together_the_file() {
        let text: String = (1..200).map(|n| format!("line {n}\n")).collect();
        for text in [&text, text.trim_end(), "", "\n\n\n", "one line"] {
            for size in 1..100 {
                let partitions: Vec<_> = partitions(text, size)
                    .into_iter()
                    .map(|partition| partition.unwrap())
                    .collect();
                assert_eq!(partitions.concat(), text);
                // The last partition may be empty, and the last line need not end with a newline.
                let ends = partitions.concat().trim_end().len();
                let mut at = 0;
                for partition in &partitions {
                    at += partition.len();
                    if at >= ends {
                        break;
                    }
                    assert!(partition.ends_with('\n'), "{partition:?}");
                    let line = partition.lines().last().unwrap().len() as u64 + 1;
                    assert!((size + 1..=size + line).contains(&(partition.len() as u64)));
                }
            }
        }
    }

    #[test]
    fn a_line_is_named_by_its_number_in_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "1\n2\n3\n4\n5\n6\n").unwrap();
        let path = file.path().display();
        let partitions = partition(file.path(), 3).unwrap();
        assert_eq!(partitions[0].read().unwrap(), "1\n2\n");
        let lines = partitions[1].read().unwrap();
        let error = partitions[1].rows(&lines).nth(1).unwrap().unwrap_err();
        assert_eq!(error.to_string(), format!("line 4 of {path} is malformed"));
    }

    #[test]
    fn a_line_that_is_not_utf8_is_malformed() {
        let mut partitions = partitions(b"1\n2\n3\n4\n\xff\n6\n", 4);
        let error = partitions.remove(1).unwrap_err().to_string();
        assert!(error.starts_with("line 5 of "), "{error}");
    }
}
