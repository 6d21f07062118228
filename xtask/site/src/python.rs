//! The book's own programs, from the reader's checkout of its public code.

use regex::Regex;

use crate::map::{self, Row};

/// Words of both programs that correspond, each with the number of its pair.
#[derive(Debug, Default, PartialEq)]
pub struct Pairs {
    /// Of the program in Python.
    pub python: Vec<(String, usize)>,
    /// Of the one in Rust.
    pub rust: Vec<(String, usize)>,
}

/// The pairs of the map of which each program has one side, and the functions that both
/// define.
pub fn pairs(rows: &[&Row], python: &str, rust: &str) -> Pairs {
    let mut pairs = Pairs::default();
    let mut number = 0;
    for row in rows {
        let ours = words(&row.rust, rust);
        let theirs = words(&row.python, python);
        if ours.is_empty() || theirs.is_empty() {
            continue;
        }
        pairs
            .rust
            .extend(ours.into_iter().map(|word| (word, number)));
        pairs
            .python
            .extend(theirs.into_iter().map(|word| (word, number)));
        number += 1;
    }
    let defined = Regex::new(r"\bdef (\w+)").expect("the pattern is constant");
    for function in defined.captures_iter(python) {
        let name = function[1].to_owned();
        let known = pairs.python.iter().any(|(word, _)| *word == name);
        if !known && rust.contains(&format!("fn {name}")) {
            pairs.rust.push((name.clone(), number));
            pairs.python.push((name, number));
            number += 1;
        }
    }
    pairs
}

/// The last parts of a cell's names that are words of the program.
fn words(cell: &str, program: &str) -> Vec<String> {
    let has = |word: &str| {
        let pattern = Regex::new(&format!(r"\b{}\b", regex::escape(word)));
        pattern.is_ok_and(|pattern| pattern.is_match(program))
    };
    let names = map::names(cell);
    let words = names
        .iter()
        .map(|name| map::last(name))
        .filter(|word| !word.contains(' '));
    words.filter(|word| has(word)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_map_and_common_functions_are_pairs() {
        let row = Row {
            python: "`asyncio.create_task`".into(),
            rust: "`tokio::spawn`".into(),
            listings: Vec::new(),
            bites: String::new(),
        };
        let python = "async def main():\n    asyncio.create_task(delay(3))\n";
        let rust = "async fn main() {\n    tokio::spawn(delay(3));\n}\n";
        let pairs = pairs(&[&row], python, rust);
        assert_eq!(
            pairs.python,
            [("create_task".into(), 0), ("main".into(), 1)]
        );
        assert_eq!(pairs.rust, [("spawn".into(), 0), ("main".into(), 1)]);
    }
}
