//! Links from a program to the entries of RUST.md that explain its constructs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::anyhow;
use xtask::rust::entries;
use xtask_reader::{Use, anchor_of, uses};

/// The first sentences of the entries, by their anchors.
pub type Sentences = BTreeMap<String, String>;

/// Reads them from the page.
pub fn sentences(rust_md: &str) -> Sentences {
    let entries = entries(rust_md).into_iter();
    let plain = entries.map(|it| (it.anchor, it.first_sentence.replace('`', "")));
    plain.collect()
}

/// A construct in a program, and the entry that explains it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its line; they count from zero.
    pub line: usize,
    /// Its bytes in the line.
    pub columns: Range<usize>,
    /// The entry's anchor.
    pub anchor: &'static str,
    /// The entry's first sentence.
    pub sentence: String,
}

/// The first use of each construct that its page has not `seen` before.
///
/// # Errors
/// If `code` is not Rust.
pub fn links(
    code: &str,
    sentences: &Sentences,
    seen: &mut BTreeSet<String>,
) -> anyhow::Result<Vec<Link>> {
    let lines: Vec<&str> = code.lines().collect();
    let mut links: Vec<Link> = Vec::new();
    for it in uses(code).map_err(|error| anyhow!("{error}"))? {
        let line = it.start.line - 1;
        let Some(columns) = columns(lines[line], &it) else {
            continue;
        };
        let last = links.last().filter(|last| last.line == line);
        let is_free = last.is_none_or(|last| last.columns.end <= columns.start);
        if let Some(anchor) = anchor_of(&it.construct)
            && let Some(sentence) = sentences.get(anchor)
            && is_free
            && seen.insert(it.construct)
        {
            let sentence = sentence.clone();
            links.push(Link {
                line,
                columns,
                anchor,
                sentence,
            });
        }
    }
    Ok(links)
}

/// What of a use becomes the link; what a text asks for is explained with its macro.
fn columns(line: &str, it: &Use) -> Option<Range<usize>> {
    let mut bytes = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let start = bytes.nth(it.start.column)?;
    let text = &line[start..];
    // The bracket of `#[path(…)]` is the first character.
    let path = || 1..text.find(['(', ']', '=']).unwrap_or(text.len());
    let columns = match (it.construct.chars().next()?, text.chars().next()?) {
        ('{' | '`', _) => return None,
        ('#', _) => path(),
        ('/', _) => 0..it.construct.len(),
        (_, '(' | '[' | '{') => 0..1,
        _ if it.end.line > it.start.line => return None,
        _ => 0..bytes.nth(it.end.column - it.start.column - 1)? - start,
    };
    Some(start + columns.start..start + columns.end)
}
