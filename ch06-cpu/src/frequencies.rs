//! Example: How often each word of a partition appears.

use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustc_hash::FxHashMap;
use util_ngrams as ngrams;

use crate::Partition;

/// What the MapReduce listings take: a word file, and where to write every word's total.
#[derive(Debug)]
pub struct Input {
    /// The file to read.
    pub file: PathBuf,
    totals: Option<PathBuf>,
}

impl Input {
    /// Takes the arguments of this process, `[FILE] [TOTALS]`; exits with code 2 when there are
    /// more. Without a file, it is `util_ngrams::default_file`.
    ///
    /// # Errors
    /// If that file cannot be made.
    pub fn from_args() -> anyhow::Result<Self> {
        let mut args = util::args("[FILE] [TOTALS]");
        let mut path = || Some(args.path("")).filter(|path| path.as_os_str() != "");
        let file = match path() {
            Some(file) => file,
            None => ngrams::default_file()?,
        };
        let totals = path();
        Ok(Self { file, totals })
    }

    /// Writes the totals where the arguments say.
    ///
    /// # Errors
    /// If they cannot be written, or if there were malformed lines: how many, and the first.
    pub fn finish(&self, frequencies: &Frequencies) -> anyhow::Result<()> {
        if let Some(path) = &self.totals {
            let written = frequencies.write(path);
            written.with_context(|| format!("cannot write {}", path.display()))?;
        }
        if let Some((line, what)) = &frequencies.first_malformed {
            let file = self.file.display();
            match frequencies.malformed {
                1 => bail!("line {line} of {file} was left out: {what}"),
                n => bail!("{n} lines of {file} were left out, the first is line {line}: {what}"),
            }
        }
        Ok(())
    }
}

/// How often each word appears, and what could not be read. Numbers of any size add up: 128 bits
/// hold the sum of any file.
#[derive(Debug, Default)]
pub struct Frequencies {
    words: FxHashMap<Box<str>, u128>,
    malformed: u64,
    first_malformed: Option<(u64, Malformed)>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Malformed {
    Columns,
    NotANumber(String),
    TooLarge(String),
    NotUtf8,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns => write!(f, "it has not four columns"),
            Self::NotANumber(count) => write!(f, "its count '{count}' is not a number"),
            Self::TooLarge(count) => write!(f, "its count {count} is too large"),
            Self::NotUtf8 => write!(f, "it is not UTF-8"),
        }
    }
}

/// Counts the words of a partition; a malformed line is counted as such and left out.
#[must_use]
#[tracing::instrument(skip_all)]
pub fn map_frequencies(partition: &Partition) -> Frequencies {
    let mut frequencies = Frequencies::default();
    frequencies.count(partition);
    frequencies
}

impl Frequencies {
    /// Adds what another partition has.
    #[must_use]
    pub fn merge(mut self, mut other: Self) -> Self {
        // The smaller is poured into the larger.
        if self.words.len() < other.words.len() {
            std::mem::swap(&mut self.words, &mut other.words);
        }
        for (word, frequency) in other.words {
            *self.words.entry(word).or_default() += frequency;
        }
        self.malformed += other.malformed;
        let first = [self.first_malformed, other.first_malformed];
        self.first_malformed = first.into_iter().flatten().min_by_key(|(line, _)| *line);
        self
    }

    /// How often `word` appears.
    #[must_use]
    pub fn of(&self, word: &str) -> u128 {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Counts the words of one more partition.
    pub fn count(&mut self, partition: &Partition) {
        let mut rest = partition.bytes.as_slice();
        // Asked once for all lines: only where the answer is no, each is asked again.
        let utf8 = str::from_utf8(rest).is_ok();
        let mut line_number = partition.first_line;
        // A word's years stand together, so that most lines need no look-up.
        let (mut word, mut frequency) = (&rest[..0], 0_u128);
        while !rest.is_empty() {
            if utf8
                && !word.is_empty()
                && let Some((count, next)) = same_word(rest, word)
            {
                frequency += u128::from(count);
                rest = next;
            } else {
                let (line, next) = split_line(rest);
                rest = next;
                match parse(line) {
                    _ if !utf8 && str::from_utf8(line).is_err() => {
                        self.report(line_number, Malformed::NotUtf8);
                    }
                    Ok((new, count)) => {
                        self.add(word, frequency);
                        (word, frequency) = (new, count.into());
                    }
                    Err(malformed) => self.report(line_number, malformed),
                }
            }
            line_number += 1;
        }
        self.add(word, frequency);
    }

    fn add(&mut self, word: &[u8], frequency: u128) {
        if word.is_empty() {
            return;
        }
        let word = String::from_utf8_lossy(word);
        match self.words.get_mut(word.as_ref()) {
            Some(total) => *total += frequency,
            None => {
                self.words.insert(word.into(), frequency);
            }
        }
    }

    /// Writes a line for each word, sorted: the word, a tab, how often it appears.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort_unstable();
        let mut file = BufWriter::new(File::create(path)?);
        for (word, frequency) in words {
            writeln!(file, "{word}\t{frequency}")?;
        }
        Ok(file.flush()?)
    }

    fn report(&mut self, line: u64, malformed: Malformed) {
        self.malformed += 1;
        self.first_malformed.get_or_insert((line, malformed));
    }
}

/// The count of the first row in `bytes` if it is one more of `word`, and the rows after it.
/// Anything unusual is left to [`parse`].
fn same_word<'a>(bytes: &'a [u8], word: &[u8]) -> Option<(u64, &'a [u8])> {
    let row = bytes.strip_prefix(word)?.strip_prefix(b"\t")?;
    let (_year, row) = short_number(row)?;
    let (count, row) = short_number(row.strip_prefix(b"\t")?)?;
    let (_volumes, row) = short_number(row.strip_prefix(b"\t")?)?;
    Some((count, row.strip_prefix(b"\n")?))
}

/// The number of one to seven digits that `bytes` begin with, and what follows it.
///
/// All digits at once: the processor guesses the end of a loop over digits wrong so often that the
/// loop takes longer than all the rest of a row.
fn short_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    const ALL: u64 = u64::from_le_bytes([1; 8]);
    let eight = u64::from_le_bytes(*bytes.first_chunk()?);
    // The highest bit of each byte that is above '9' or below '0'.
    let others = (eight.wrapping_add(0x46 * ALL) | eight.wrapping_sub(0x30 * ALL)) & (0x80 * ALL);
    let digits = others.trailing_zeros() / 8;
    if !(1..=7).contains(&digits) {
        return None;
    }
    // With zeros in front: one number of eight digits, then four of two, two of four, one.
    let ones = (eight & (0x0f * ALL)) << (64 - 8 * digits);
    let tens = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let hundreds = (tens * 100 + (tens >> 16)) & 0x0000_ffff_0000_ffff;
    let number = (hundreds * 10_000 + (hundreds >> 32)) & 0xffff_ffff;
    Some((number, &bytes[digits as usize..]))
}

/// The first line without its end, and what comes after it.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', bytes) {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

/// A line's word and count.
fn parse(line: &[u8]) -> Result<(&[u8], u64), Malformed> {
    let columns: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    match columns[..] {
        [word @ [_, ..], _year, count, _volumes] => Ok((word, number(count)?)),
        _ => Err(Malformed::Columns),
    }
}

fn number(digits: &[u8]) -> Result<u64, Malformed> {
    let text = || String::from_utf8_lossy(digits).into_owned();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Malformed::NotANumber(text()));
    }
    digits
        .iter()
        .try_fold(0_u64, |number, digit| {
            number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        })
        .ok_or_else(|| Malformed::TooLarge(text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: impl Into<Vec<u8>>) -> Frequencies {
        map_frequencies(&Partition {
            first_line: 11,
            bytes: text.into(),
        })
    }

    #[test]
    fn counts_add_up_whether_words_stand_together_or_not() {
        let frequencies = count("a\t1999\t3\t1\na\t2000\t40\t1\nb\t1999\t7\t1\na\t2001\t500\t1");
        assert_eq!(frequencies.of("a"), 543);
        assert_eq!(frequencies.of("b"), 7);
        assert_eq!(frequencies.of("c"), 0);
        assert_eq!(frequencies.malformed, 0);
    }

    #[test]
    fn a_word_is_not_the_beginning_of_another() {
        let frequencies = count("ab\t1999\t1\t1\nabc\t1999\t2\t1\na\t1999\t4\t1\nab\t2000\t8\t1\n");
        assert_eq!(frequencies.of("ab"), 9);
        assert_eq!(frequencies.of("abc"), 2);
        assert_eq!(frequencies.of("a"), 4);
    }

    #[test]
    fn numbers_of_any_length_are_read() {
        for digits in 1..=20 {
            let number = "12345678901234567890"[..digits].parse::<u64>().unwrap();
            // The second row of a word takes the short cut, if there is one.
            let frequencies = count(format!("a\t1\t{number}\t1\na\t2\t{number}\t12345678\n"));
            assert_eq!(frequencies.of("a"), 2 * u128::from(number), "{digits}");
        }
        for number in 0..20_000_u64 {
            let text = format!("{number}\t123\t45\n");
            let (read, rest) = short_number(text.as_bytes()).unwrap();
            assert_eq!((read, rest), (number, &b"\t123\t45\n"[..]));
        }
    }

    #[test]
    fn a_byte_next_to_the_digits_is_none() {
        for other in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
            let text = [b'4', b'2', other, b'9', 255, 0, b'/', b':'];
            assert_eq!(short_number(&text).unwrap().0, 42, "{other}");
            let text = [other, 255, 0, b'9', b'9', b'9', b'9', b'9'];
            assert_eq!(short_number(&text), None, "{other}");
        }
        assert_eq!(short_number(b"12345678"), None);
        assert_eq!(short_number(b"1234567"), None);
    }

    #[test]
    fn a_malformed_line_is_counted_and_the_rest_goes_on() {
        let reason = |line: &[u8]| {
            let text = [b"a\t1999\t1\t1\n", line, b"\na\t2000\t2\t1\n"].concat();
            let frequencies = count(text);
            assert_eq!(frequencies.of("a"), 3);
            assert_eq!(frequencies.malformed, 1);
            let (line, reason) = frequencies.first_malformed.unwrap();
            assert_eq!(line, 12);
            reason
        };
        for line in [
            "",
            "a",
            "a\t1999",
            "a\t1999\t5",
            "a\t1999\t5\t1\t7",
            "\t1999\t5\t1",
        ] {
            assert_eq!(reason(line.as_bytes()), Malformed::Columns, "{line}");
        }
        for count in ["", "five", "-5", "+5", "5.0", "5 "] {
            let line = format!("a\t1999\t{count}\t1");
            assert_eq!(reason(line.as_bytes()), Malformed::NotANumber(count.into()));
        }
        let count = "18446744073709551616";
        let line = format!("a\t1999\t{count}\t1");
        assert_eq!(reason(line.as_bytes()), Malformed::TooLarge(count.into()));
        assert_eq!(reason(b"\xff\t1999\t5\t1"), Malformed::NotUtf8);
        assert_eq!(reason(b"a\t1999\t5\t\xc3"), Malformed::NotUtf8);
    }

    #[test]
    fn a_first_line_without_a_word_is_malformed() {
        let frequencies = count("\t1999\t5\t1\na\t1999\t5\t1\n");
        assert_eq!((frequencies.malformed, frequencies.of("a")), (1, 5));
        assert_eq!(frequencies.first_malformed, Some((11, Malformed::Columns)));
    }

    #[test]
    fn the_first_malformed_line_is_the_first_in_the_file() {
        let part = |first_line, text: &str| {
            map_frequencies(&Partition {
                first_line,
                bytes: text.into(),
            })
        };
        let later = part(100, "a\t1\t1\t1\nbad\nworse\n");
        let earlier = part(1, "bad\na\t1\t2\t1\n");
        let merged = later.merge(earlier);
        assert_eq!(merged.of("a"), 3);
        assert_eq!(merged.malformed, 3);
        assert_eq!(merged.first_malformed, Some((1, Malformed::Columns)));
    }

    #[test]
    fn sums_above_64_bits_are_right() {
        let most = u64::MAX;
        let frequencies = count(format!("a\t1\t{most}\t1\na\t2\t{most}\t1\n"));
        assert_eq!(frequencies.of("a"), 2 * u128::from(most));
    }
}
