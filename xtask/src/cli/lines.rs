//! `cargo xtask list --lines`: the length of each listing, beside the book's program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Context;
use xtask::source::{of_book, python_lines, rust_lines};
use xtask::workspace::Chapter;

/// A line for each of the book's listings: its lines of code, those of the book's program and the
/// ratio, where `book` is a checkout of its code; then the sums and the median.
///
/// # Errors
/// If a source cannot be read.
pub fn lines(chapters: &[&Chapter], book: Option<&Path>) -> anyhow::Result<String> {
    // By number: the lines of the shortest, and which that is.
    let mut listings: BTreeMap<(u32, u32), (usize, &str)> = BTreeMap::new();
    for listing in chapters.iter().flat_map(|chapter| &chapter.listings) {
        let Some(number) = listing.header.number else {
            continue;
        };
        let lines = rust_lines(&read(&listing.path)?);
        let own = (lines, listing.name());
        let shortest = listings.entry(number).or_insert(own);
        if lines < shortest.0 {
            *shortest = own;
        }
    }
    let mut text = String::from("listing  lines  book  ratio  shortest source\n");
    let (mut ours, mut theirs, mut ratios) = (0, 0, Vec::new());
    for ((chapter, number), (lines, name)) in listings {
        let path = book.and_then(|book| of_book(book, (chapter, number)));
        let source = path.map(|path| read(&path));
        let in_book = source.transpose()?.map(|source| python_lines(&source));
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
        let number = format!("{chapter}.{number}");
        writeln!(
            text,
            "{number:<7}  {lines:>5}  {in_book:>4}  {ratio:>5}  {name}"
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

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
