//! A word file in the format of the Google Books 1-grams: word, year, count, volumes, with tabs
//! between them.
//!
//! The real file for words with `a` has 1.8 GB. This one is like it, but can have any size, and is
//! always the same for the same number of rows. The counts follow Zipf's law, the years of a word
//! are adjacent, and the words are sorted. `NGRAMS_FILE` makes every listing read another file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{env, iter};

use anyhow::Context;
use fastrand::Rng;

/// How often a word appears, over all years.
pub type Totals = BTreeMap<String, u64>;

/// The word that the book counts, and how often it appears in any file of 200 rows or more.
pub const AARDVARK: (&str, u64) = ("Aardvark", 15_209);

/// Rows of the file that the listings make for themselves: large enough for a few partitions.
pub const SMALL: u64 = 300_000;

/// The most frequent word appears this many times, the second half as often, the third a third…
const MOST_FREQUENT: u64 = 100_000_000;

/// The years that the rows cover.
const YEARS: std::ops::Range<u64> = 1800..2009;

/// A word gets one year for each of these appearances, up to all years.
const APPEARANCES_PER_YEAR: u64 = 25;

/// Writes `rows` rows and returns their totals.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(rows: u64, out: impl Write) -> io::Result<Totals> {
    let mut rng = Rng::with_seed(rows);
    // Decide how often each word appears; the map sorts them, as the real file is.
    let mut words = BTreeMap::new();
    let mut left = rows;
    let mut totals = iter::once(AARDVARK.1).chain((1..).map(|rank| MOST_FREQUENT / rank));
    while left > 0 {
        let word = if left == rows {
            AARDVARK.0.to_owned()
        } else {
            random_word(&mut rng)
        };
        if words.contains_key(&word) {
            continue;
        }
        let total = totals.next().unwrap_or_default().max(1);
        let years = (total / APPEARANCES_PER_YEAR).clamp(1, YEARS.end - YEARS.start);
        words.insert(word, (total, years.min(left)));
        left = left.saturating_sub(years);
    }

    let mut out = BufWriter::new(out);
    for (word, (total, years)) in &words {
        let mut left = *total;
        for (index, year) in YEARS.take(*years as usize).enumerate() {
            let years_left = years - index as u64;
            let count = if years_left == 1 {
                left
            } else {
                // Between nothing and twice the mean.
                rng.u64(0..=2 * left / years_left).min(left)
            };
            left -= count;
            writeln!(out, "{word}\t{year}\t{count}\t{}", count.div_ceil(3))?;
        }
    }
    out.flush()?;
    let totals = words.into_iter().map(|(word, (total, _))| (word, total));
    Ok(totals.collect())
}

/// Writes a file of `rows` rows at `path`. The file appears only when it is complete.
///
/// # Errors
/// If the file cannot be written.
pub fn write_file(rows: u64, path: &Path) -> anyhow::Result<Totals> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let write = || -> anyhow::Result<Totals> {
        let mut file = tempfile::Builder::new();
        file.suffix(".part");
        // The umask decides who can read it, as for any other file.
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = file.tempfile_in(directory)?;
        let totals = write(rows, file.as_file())?;
        file.persist(path)?;
        Ok(totals)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// The file that a listing reads by default: the one that `NGRAMS_FILE` names, or one of [`SMALL`]
/// rows in the folder for temporary files, which this makes if it is missing.
///
/// # Errors
/// If it cannot be made.
pub fn default_file() -> anyhow::Result<PathBuf> {
    if let Some(path) = env::var_os("NGRAMS_FILE") {
        return Ok(path.into());
    }
    let path = env::temp_dir().join(format!("ngrams-{SMALL}-rows.tsv"));
    if !File::open(&path).is_ok_and(|file| file.metadata().is_ok_and(|data| data.len() > 0)) {
        write_file(SMALL, &path)?;
    }
    Ok(path)
}

/// A word with `a` of three to thirteen letters; every third has a capital.
fn random_word(rng: &mut Rng) -> String {
    const CONSONANTS: &[u8] = b"bcdfghlmnprstv";
    const VOWELS: &[u8] = b"aeiou";
    let mut word = String::from(if rng.u8(0..3) == 0 { "A" } else { "a" });
    for _ in 0..rng.u8(1..=6) {
        for letters in [CONSONANTS, VOWELS] {
            word.push(char::from(letters[rng.usize(0..letters.len())]));
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_room_is_an_error() {
        assert!(write(1, &mut [0; 5][..]).is_err());
    }

    fn file(rows: u64) -> (String, Totals) {
        let mut bytes = Vec::new();
        let totals = write(rows, &mut bytes).unwrap();
        (String::from_utf8(bytes).unwrap(), totals)
    }

    #[test]
    fn the_rows_add_up_to_the_totals() {
        let (text, totals) = file(20_000);
        assert_eq!(text.lines().count(), 20_000);
        let mut counted = Totals::new();
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(columns[0].starts_with(['a', 'A']), "{line}");
            assert!(YEARS.contains(&columns[1].parse().unwrap()), "{line}");
            *counted.entry(columns[0].to_owned()).or_default() +=
                columns[2].parse::<u64>().unwrap();
        }
        assert_eq!(counted, totals);
        assert_eq!(totals[AARDVARK.0], AARDVARK.1);
        assert_eq!(totals.values().max(), Some(&MOST_FREQUENT));
    }

    #[test]
    fn the_same_number_of_rows_is_the_same_file() {
        assert_eq!(file(5_000), file(5_000));
        assert_ne!(file(5_000).0, file(5_001).0);
    }

    #[test]
    fn any_number_of_rows_will_do() {
        for rows in [0, 1, 208, 209, 210] {
            assert_eq!(file(rows).0.lines().count() as u64, rows);
        }
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("words.tsv");
        let totals = write_file(300, &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 300);
        assert!(!totals.is_empty());
        let nowhere = directory.path().join("no/such/folder/words.tsv");
        let error = write_file(300, &nowhere).unwrap_err();
        assert!(
            format!("{error:#}").starts_with("cannot write "),
            "{error:#}"
        );
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
