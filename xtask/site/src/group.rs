//! A listing with its variants, their names and sources, and the listings that use them.

use regex::Regex;
use xtask::output::read;
use xtask::source::rust_code;
use xtask::workspace::{Chapter, Listing};

use crate::map::{Row, words};

/// A listing of the book with its variants, or an example.
pub struct Group<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The listing first, then its variants.
    pub sources: Vec<Source<'a>>,
}

/// A listing's source, in parts.
pub struct Source<'a> {
    /// The listing.
    pub listing: &'a Listing,
    /// The header without its first line, in Markdown.
    pub lesson: String,
    /// The program, without its header.
    pub code: String,
}

impl<'a> Source<'a> {
    fn read(listing: &'a Listing) -> anyhow::Result<Self> {
        let source = read(&listing.path)?;
        let header = source.lines().take_while(|line| line.starts_with("//!"));
        let header: Vec<&str> = header.collect();
        let lesson = header.iter().skip(1);
        let lesson = lesson.map(|line| line.trim_start_matches("//!").trim_start_matches(' '));
        let code: Vec<&str> = source.lines().skip(header.len()).collect();
        Ok(Self {
            listing,
            lesson: lesson.collect::<Vec<_>>().join("\n"),
            code: code.join("\n").trim_start_matches('\n').to_owned() + "\n",
        })
    }
}

impl<'a> Group<'a> {
    /// The groups of a chapter, in its order.
    ///
    /// # Errors
    /// If a source cannot be read.
    pub fn of(chapter: &'a Chapter) -> anyhow::Result<Vec<Self>> {
        let number = |listing: &Listing| listing.header.number;
        let same = |a: &Listing, b: &Listing| number(a).is_some() && number(a) == number(b);
        let groups = chapter.listings.chunk_by(same).map(|listings| {
            let sources = listings.iter().map(Source::read);
            let sources = sources.collect::<anyhow::Result<_>>()?;
            Ok(Self { chapter, sources })
        });
        groups.collect()
    }

    /// The listing that the others are variants of.
    pub fn first(&self) -> &'a Listing {
        self.sources[0].listing
    }

    /// The number, such as `2.9`, of a listing of the book.
    pub fn number(&self) -> Option<String> {
        let (chapter, number) = self.first().header.number?;
        Some(format!("{chapter}.{number}"))
    }

    /// The name of its page.
    pub fn slug(&self) -> String {
        self.number()
            .unwrap_or_else(|| self.first().name().to_owned())
    }

    /// What the table of contents calls it.
    pub fn title(&self) -> String {
        let title = &self.first().header.title;
        match self.number() {
            Some(number) => format!("{number} {title}"),
            None => title.clone(),
        }
    }

    /// The names of its binaries.
    pub fn binaries(&self) -> Vec<&str> {
        let sources = self.sources.iter();
        let binaries = sources.filter_map(|source| source.listing.binary.as_deref());
        binaries.collect()
    }

    /// Whether it has this number or this binary.
    pub fn is_called(&self, name: &str) -> bool {
        self.number().as_deref() == Some(name) || self.binaries().contains(&name)
    }

    /// The rows of the map about it.
    pub fn rows<'m>(&self, map: &'m [Row]) -> Vec<&'m Row> {
        let is_about = |row: &&Row| row.listings.iter().any(|name| self.is_called(name));
        map.iter().filter(is_about).collect()
    }

    /// The names for which a search must show this page first. They come from the rows of the map
    /// whose first listing this is.
    pub fn names(&self, map: &[Row]) -> Vec<String> {
        // `Lock` is asyncio's, and not `threading`'s, though that comes first.
        let owner = |word: &String| {
            let full = format!("`asyncio.{word}`");
            let of_asyncio = map.iter().position(|row| row.python.contains(&full));
            let first = || map.iter().position(|row| words(&row.python).contains(word));
            of_asyncio.or_else(first)
        };
        let mut names = Vec::new();
        for (index, row) in map.iter().enumerate() {
            let shown_best = row.listings.first();
            if shown_best.is_some_and(|name| self.is_called(name)) {
                let words = words(&row.python).into_iter();
                names.extend(words.filter(|word| owner(word) == Some(index)));
            }
        }
        names
    }

    /// Which of all `groups` use the library `source` of this one, in Markdown.
    ///
    /// # Errors
    /// If the name of the library makes no pattern.
    pub fn users(&self, source: &Source, groups: &[Vec<Self>]) -> anyhow::Result<String> {
        let (package, stem) = (self.chapter.name.replace('-', "_"), source.listing.name());
        let uses = Regex::new(&format!(
            r"\b({package}|crate|super)::(\{{[^}}]*)?\b{stem}\b"
        ))?;
        let is_user = |group: &&Self| {
            let near = package == "util" || group.chapter.name == self.chapter.name;
            let mut others = group.sources.iter();
            near && others.any(|other| {
                other.listing != source.listing && uses.is_match(&rust_code(&other.code))
            })
        };
        let users = groups.iter().flatten().filter(is_user);
        let links = users.map(|group| format!("[{}]({}.md)", group.title(), group.slug()));
        let links: Vec<String> = links.collect();
        Ok(match links.is_empty() {
            true => "It is a library; its own tests run it.".to_owned(),
            false => format!("It is a library. These use it: {}.", links.join(", ")),
        })
    }
}
