//! The map from asyncio to Rust: the rows of ASYNCIO.md.

use anyhow::{Context, ensure};

/// A row of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What Python has, in Markdown.
    pub python: String,
    /// What Rust has, in Markdown.
    pub rust: String,
    /// The numbers or binaries of the listings that show it. The first shows it best.
    pub listings: Vec<String>,
    /// The difference that bites, in Markdown.
    pub bites: String,
}

/// Reads the rows between the markers of the page.
///
/// # Errors
/// If the markers are missing, or a row does not have four cells.
pub fn read(page: &str) -> anyhow::Result<Vec<Row>> {
    let map = page
        .split_once("<!-- map: ")
        .and_then(|(_, rest)| rest.split_once("<!-- end of map -->"));
    let (map, _) = map.context("ASYNCIO.md has no '<!-- map: …' and '<!-- end of map -->'")?;
    let lines = map.lines().filter(|line| line.starts_with("| "));
    let rows = lines.skip(1).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        ensure!(cells.len() == 4, "not four cells: {line}");
        Ok(Row {
            python: cells[0].to_owned(),
            rust: cells[1].to_owned(),
            listings: cells[2].split(", ").map(str::to_owned).collect(),
            bites: cells[3].to_owned(),
        })
    });
    rows.collect()
}

/// The names in the code of a piece of Markdown that are one word, without arguments, in full and
/// their last parts: `asyncio.gather`, `gather`.
pub fn words(markdown: &str) -> Vec<String> {
    let code = markdown.split('`').skip(1).step_by(2);
    let names = code.map(|code| {
        let end = code.find(|c: char| !(c.is_alphanumeric() || "_.:@# ".contains(c)));
        code[..end.unwrap_or(code.len())].trim_matches(['@', '#', ' ', '.'])
    });
    let names = names.filter(|name| !name.is_empty() && !name.contains(' '));
    let words = names.flat_map(|name| [name, last(name)]);
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.dedup();
    words
}

/// The last part of a name: `gather` of `asyncio.gather`, `spawn` of `tokio::spawn`.
pub fn last(name: &str) -> &str {
    let name = name.rsplit("::").next().unwrap_or(name);
    name.rsplit('.').next().unwrap_or(name)
}
