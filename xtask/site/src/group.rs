//! A listing with its variants, their names and sources, and the listings that use them.

use std::path::Path;

use anyhow::Context;
use regex::Regex;
use xtask::source::rust_code;
use xtask::workspace::{Chapter, Listing, Notes};

use crate::map::{self, Row};

/// A listing of the book with its variants, or an example.
pub struct Group<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The listing first, then its variants.
    pub listings: Vec<&'a Listing>,
}

impl<'a> Group<'a> {
    /// The groups of a chapter, in its order.
    pub fn of(chapter: &'a Chapter) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for listing in &chapter.listings {
            let same = |group: &&mut Self| {
                let number = group.listings[0].header.number;
                number.is_some() && number == listing.header.number
            };
            match groups.last_mut().filter(same) {
                Some(group) => group.listings.push(listing),
                None => groups.push(Self {
                    chapter,
                    listings: vec![listing],
                }),
            }
        }
        groups
    }

    /// The number, such as `2.9`, of a listing of the book.
    pub fn number(&self) -> Option<String> {
        let (chapter, number) = self.listings[0].header.number?;
        Some(format!("{chapter}.{number}"))
    }

    /// The name of its page.
    pub fn slug(&self) -> String {
        let first = self.listings[0];
        let stem = || {
            first
                .path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.number()
            .or_else(|| first.binary.clone())
            .unwrap_or_else(stem)
    }

    /// What the table of contents calls it.
    pub fn title(&self) -> String {
        let title = &self.listings[0].header.title;
        match self.number() {
            Some(number) => format!("{number} {title}"),
            None => title.clone(),
        }
    }

    /// The names of its binaries.
    pub fn binaries(&self) -> Vec<&str> {
        self.listings
            .iter()
            .filter_map(|listing| listing.binary.as_deref())
            .collect()
    }

    fn is_called(&self, name: &str) -> bool {
        self.number().as_deref() == Some(name) || self.binaries().contains(&name)
    }

    /// The rows of the map about it.
    pub fn rows<'m>(&self, map: &'m [Row]) -> Vec<&'m Row> {
        let is_about = |row: &&Row| row.listings.iter().any(|name| self.is_called(name));
        map.iter().filter(is_about).collect()
    }

    /// The names for which a search must show this page first. They come from the rows of the map
    /// whose first listing this is, unless an earlier row has the name,
    /// or another one is about asyncio's.
    pub fn names(&self, map: &[Row]) -> Vec<String> {
        let mut names = Vec::new();
        for (index, row) in map.iter().enumerate() {
            if !row
                .listings
                .first()
                .is_some_and(|name| self.is_called(name))
            {
                continue;
            }
            let earlier: Vec<String> = map[..index]
                .iter()
                .flat_map(|row| words(&row.python))
                .collect();
            // `Lock` is asyncio's, and not `threading`'s, though that comes first.
            let of_asyncio = |word: &str| {
                let name = format!("`asyncio.{word}`");
                !row.python.contains(&name) && map.iter().any(|row| row.python.contains(&name))
            };
            let ours = |word: &String| {
                row.python.contains(&format!("`asyncio.{word}`")) || !earlier.contains(word)
            };
            let new = words(&row.python)
                .into_iter()
                .filter(|word| ours(word) && !of_asyncio(word));
            names.extend(new);
        }
        names
    }
}

/// The names in a cell of the map, in full and their last parts.
pub fn words(cell: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let names = map::names(cell);
    for name in names.iter().filter(|name| !name.contains(' ')) {
        for word in [name, map::last(name)] {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// A listing's source, in parts.
pub struct Text {
    /// The header without its first line and its facts, in Markdown.
    pub lesson: String,
    /// The program, without its header.
    pub code: String,
}

impl Text {
    /// Reads the source.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(listing: &Listing) -> anyhow::Result<Self> {
        let path = &listing.path;
        let source = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let header = source.lines().take_while(|line| line.starts_with("//!"));
        let length = header.clone().count();
        let header = header
            .skip(1)
            .map(|line| line.trim_start_matches("//!").trim_start_matches(' '));
        let header = header.collect::<Vec<_>>().join("\n");
        let mut paragraphs: Vec<&str> = header.trim().split("\n\n").collect();
        if listing.notes != Notes::default() {
            paragraphs.pop();
        }
        let code = source.lines().skip(length).collect::<Vec<_>>().join("\n");
        Ok(Self {
            lesson: paragraphs.join("\n\n"),
            code: code.trim_start_matches('\n').to_owned() + "\n",
        })
    }
}

/// A listing that may use a library.
pub struct Other<'a> {
    /// Its source file.
    pub path: &'a Path,
    /// The link to its page, in Markdown.
    pub link: String,
    /// Its source without comments and tests.
    pub code: String,
}

/// All listings of some groups.
///
/// # Errors
/// If a source cannot be read.
pub fn others<'a>(groups: impl Iterator<Item = &'a Group<'a>>) -> anyhow::Result<Vec<Other<'a>>> {
    let mut others = Vec::new();
    for group in groups {
        for listing in &group.listings {
            let path = &*listing.path;
            let source = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            others.push(Other {
                path,
                link: format!("[{}]({}.md)", group.title(), group.slug()),
                code: rust_code(&source),
            });
        }
    }
    Ok(others)
}

/// The listings that use a library listing, in Markdown.
///
/// # Errors
/// If the name of the library makes no pattern.
pub fn users(listing: &Listing, group: &Group, others: &[Other]) -> anyhow::Result<String> {
    let stem = listing
        .path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let package = group.chapter.name.replace('-', "_");
    let uses = Regex::new(&format!(
        r"\b({package}|crate|super)::(\{{[^}}]*)?\b{stem}\b"
    ))?;
    let mut pages: Vec<String> = Vec::new();
    for other in others.iter().filter(|other| other.path != listing.path) {
        let same = package == "util" || other.path.starts_with(package_folder(listing));
        if same && uses.is_match(&other.code) && !pages.contains(&other.link) {
            pages.push(other.link.clone());
        }
    }
    Ok(match pages.is_empty() {
        true => "It is a library; its own tests run it.".to_owned(),
        false => format!("It is a library. These use it: {}.", pages.join(", ")),
    })
}

/// The folder of the package that a source belongs to.
fn package_folder(listing: &Listing) -> &Path {
    let source = listing
        .path
        .ancestors()
        .find(|folder| folder.ends_with("src"));
    source.and_then(Path::parent).unwrap_or(&listing.path)
}
