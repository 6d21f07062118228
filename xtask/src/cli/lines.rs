//! `cargo xtask list --lines`: the length of each listing, beside the book's program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xtask::source::{python_lines, rust_lines};
use xtask::workspace::Chapter;

/// The book's listings that it keeps in its `util`.
const IN_UTIL: [((u32, u32), &str); 2] = [
    ((2, 6), "util/delay_functions.py"),
    ((2, 16), "util/async_timer.py"),
];

/// The shortest source of a listing.
struct Shortest<'a> {
    lines: usize,
    name: &'a str,
}

/// Prints a line for each of the book's listings with its lines of code. If `book` is a checkout of
/// the book's code, adds the lines of the book's program and the ratio. Then prints the sums and
/// the median.
///
/// # Errors
/// If a source cannot be read.
pub fn lines(chapters: &[&Chapter], book: Option<&Path>) -> anyhow::Result<String> {
    let mut listings: BTreeMap<(u32, u32), Shortest> = BTreeMap::new();
    for listing in chapters.iter().flat_map(|chapter| &chapter.listings) {
        let Some(number) = listing.header.number else {
            continue;
        };
        let lines = rust_lines(&read(&listing.path)?);
        if listings
            .get(&number)
            .is_none_or(|known| lines < known.lines)
        {
            let name = listing.name();
            listings.insert(number, Shortest { lines, name });
        }
    }
    let mut text = String::from("listing  lines  book  ratio  shortest source\n");
    let (mut ours, mut theirs, mut ratios) = (0, 0, Vec::new());
    for ((chapter, number), Shortest { lines, name }) in listings {
        let path = book.map(|book| book.join(file(chapter, number)));
        let in_book = match path.filter(|path| path.is_file()) {
            Some(path) => Some(python_lines(&read(&path)?)),
            None => None,
        };
        let mut columns = ["–".to_owned(), "–".to_owned()];
        if let Some(in_book) = in_book.filter(|lines| *lines > 0) {
            let ratio = lines as f64 / in_book as f64;
            columns = [in_book.to_string(), format!("{ratio:.2}")];
            ratios.push(ratio);
            theirs += in_book;
        }
        if book.is_none() || in_book.is_some() {
            ours += lines;
        }
        let [in_book, ratio] = columns;
        let listing = format!("{chapter}.{number}");
        writeln!(
            text,
            "{listing:<7}  {lines:>5}  {in_book:>4}  {ratio:>5}  {name}"
        )?;
    }
    ratios.sort_by(f64::total_cmp);
    match ratios.get(ratios.len() / 2) {
        None => writeln!(text, "sum      {ours:>5}")?,
        Some(median) => writeln!(
            text,
            "sum      {ours:>5}  {theirs:>4}  {:>5.2}  median {median:.2}",
            ours as f64 / theirs as f64
        )?,
    }
    Ok(text)
}

/// The book's file for a listing.
fn file(chapter: u32, number: u32) -> PathBuf {
    let in_util = IN_UTIL.iter().find(|(it, _)| *it == (chapter, number));
    match in_util {
        Some((_, file)) => file.into(),
        None => format!("chapter_{chapter:02}/listing_{chapter}_{number}.py").into(),
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
