//! Example: MapReduce as fast as it gets.
//!
//! Listing 6.8 with every trick that pays, for those who wonder what is left after the cores. Each
//! costs clarity, and the plain listing is fast enough for most.
//!
//! In Python: `run_in_executor`. Here: `try_fold`, `try_reduce`.

use std::collections::HashMap;
use std::time::Instant;

use ch06_cpu::{Partition, partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// A table for the partitions that one thread maps one after the other, and what it reads them to.
#[derive(Default)]
struct Worker {
    counter: HashMap<Vec<u8>, u64>,
    buffer: Vec<u8>,
}

fn map_frequencies(mut worker: Worker, partition: Partition) -> anyhow::Result<Worker> {
    partition.read_into(&mut worker.buffer)?;
    let mut rest = &worker.buffer[..];
    let mut number = 0;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (line, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
        let row = word_and_count(line);
        let (word, mut frequency) = row.ok_or_else(|| partition.malformed(number))?;
        (rest, number) = (after, number + 1);
        while let Some((count, after)) = another_year(rest, word) {
            frequency += count;
            (rest, number) = (after, number + 1);
        }
        if let Some(total) = worker.counter.get_mut(word) {
            *total += frequency;
        } else {
            worker.counter.insert(word.to_owned(), frequency);
        }
    }
    Ok(worker)
}

fn word_and_count(line: &[u8]) -> Option<(&[u8], u64)> {
    let mut columns = str::from_utf8(line).ok()?.split_ascii_whitespace();
    let mut next = || columns.next();
    let (word, _, count, _) = (next()?, next()?, next()?, next()?);
    Some((word.as_bytes(), count.parse().ok()?))
}

/// The count in the first line of `lines`, and the lines after it, if the line has the same word
/// and none but short numbers.
fn another_year<'a>(lines: &'a [u8], word: &[u8]) -> Option<(u64, &'a [u8])> {
    let rest = lines.strip_prefix(word)?.strip_prefix(b"\t")?;
    let (_year, rest) = short_number(rest)?;
    let (count, rest) = short_number(rest.strip_prefix(b"\t")?)?;
    let (_volumes, rest) = short_number(rest.strip_prefix(b"\t")?)?;
    Some((count, rest.strip_prefix(b"\n")?))
}

/// The number of one to seven digits at the start of `bytes`, and what follows it.
///
/// It reads all digits at once. A loop over digits ends after a number of rounds that the processor
/// guesses wrong so often that guessing takes longer than counting.
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

fn merge(first: Worker, second: Worker) -> anyhow::Result<Worker> {
    let mut merged = first;
    for (word, frequency) in second.counter {
        *merged.counter.entry(word).or_default() += frequency;
    }
    Ok(merged)
}

fn main() -> anyhow::Result<()> {
    let partition_size = 1 << 18;
    let file = word_file()?;
    let start = Instant::now();

    let result = partition(&file, partition_size)?
        .into_par_iter()
        .try_fold(Worker::default, map_frequencies)
        .try_reduce(Worker::default, merge)?;

    let aardvark = result.counter.get(&b"Aardvark"[..]).unwrap_or(&0);
    println!("Aardvark has appeared {aardvark} times.");
    println!(
        "MapReduce took: {:.4} seconds",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_read() {
        for number in 0..20_000_u64 {
            let text = format!("{number}\t123\t45\n");
            let (read, rest) = short_number(text.as_bytes()).unwrap();
            assert_eq!((read, rest), (number, &b"\t123\t45\n"[..]));
        }
        assert_eq!(short_number(b"9999999\n").unwrap().0, 9_999_999);
        assert_eq!(short_number(b"12345678"), None);
        assert_eq!(short_number(b"1234567"), None);
    }

    #[test]
    fn a_byte_next_to_the_digits_is_none() {
        for other in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
            let text = [b'4', b'2', other, b'9', 255, 0, b'/', b':'];
            assert_eq!(short_number(&text).unwrap().0, 42, "{other}");
            let text = [other, 255, 0, b'9', b'9', b'9', b'9', b'9'];
            assert_eq!(short_number(&text), None, "{other}");
        }
    }

    #[test]
    fn a_word_is_not_the_beginning_of_another() {
        assert_eq!(another_year(b"abc\t1999\t2\t1\nabcdef", b"ab"), None);
        let (count, rest) = another_year(b"ab\t1999\t2\t1\nabcdef", b"ab").unwrap();
        assert_eq!((count, rest), (2, &b"abcdef"[..]));
    }
}
