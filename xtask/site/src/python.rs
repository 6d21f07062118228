//! The book's own programs, from the reader's checkout of its public code.

use std::collections::BTreeMap;

use regex::Regex;

use crate::map::{self, Row};

/// Words that have a counterpart in the other program, with the number of the pair.
pub type Pairs = BTreeMap<String, usize>;

/// The pairs of the map of which each program has one side, and the functions that both
/// define: first the words of the program in Python, then those of the one in Rust.
///
/// # Errors
/// If a pattern is wrong.
pub fn pairs(rows: &[&Row], python: &str, rust: &str) -> anyhow::Result<(Pairs, Pairs)> {
    let (mut theirs, mut ours) = (Pairs::new(), Pairs::new());
    for (number, row) in rows.iter().enumerate() {
        let (left, right) = (words(&row.python, python)?, words(&row.rust, rust)?);
        if !left.is_empty() && !right.is_empty() {
            theirs.extend(left.into_iter().map(|word| (word, number)));
            ours.extend(right.into_iter().map(|word| (word, number)));
        }
    }
    let defined = Regex::new(r"\bdef (\w+)")?;
    for (number, function) in defined.captures_iter(python).enumerate() {
        let name = &function[1];
        if !theirs.contains_key(name) && rust.contains(&format!("fn {name}")) {
            theirs.insert(name.to_owned(), rows.len() + number);
            ours.insert(name.to_owned(), rows.len() + number);
        }
    }
    Ok((theirs, ours))
}

/// The last parts of a cell's names that are words of the program.
fn words(cell: &str, program: &str) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    for name in map::names(cell) {
        let word = map::last(&name);
        let is_there = Regex::new(&format!(r"\b{}\b", regex::escape(word)))?;
        if !word.contains(' ') && is_there.is_match(program) {
            words.push(word.to_owned());
        }
    }
    Ok(words)
}
