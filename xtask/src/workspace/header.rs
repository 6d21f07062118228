//! The header of a listing, with its number, its lesson, and the facts at its end.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, ensure};

/// What kind of program a listing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It runs and ends.
    #[default]
    Runs,
    /// It serves until Ctrl-C.
    Server,
    /// It talks to a user at a terminal.
    Terminal,
    /// It is code that other listings use.
    Library,
}

/// The last paragraph of a listing's header, `In Python: … Here: … Takes 3 s.` Each part is
/// optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The Python that it is about, in Markdown.
    pub python: Option<String>,
    /// The Rust that replaces it, in Markdown.
    pub rust: Option<String>,
    /// What kind of program it is.
    pub kind: Kind,
    /// How long it takes, such as `3 s`, if that is noticeable.
    pub takes: Option<String>,
}

impl Notes {
    /// Reads the facts of a header from its last paragraph, if that has one: a header may end with
    /// a lesson.
    ///
    /// # Errors
    /// If the paragraph has a fact and anything else, or a fact twice.
    pub fn parse(lines: &[String]) -> anyhow::Result<Self> {
        let texts = lines
            .iter()
            .map(|line| line.trim_start_matches("//!").trim());
        let last: Vec<&str> = texts.rev().take_while(|text| !text.is_empty()).collect();
        let line = lines.len() - last.len() + 1;
        let paragraph = last.into_iter().rev().collect::<Vec<_>>().join(" ");
        let sentences = sentences(&paragraph);
        let fact = |sentence: &str| FACTS.into_iter().find(|fact| sentence.starts_with(fact));
        let mut notes = Self::default();
        if !sentences.iter().any(|sentence| fact(sentence).is_some()) {
            return Ok(notes);
        }
        let mut seen = HashSet::new();
        for sentence in sentences {
            let fact = fact(sentence).with_context(|| {
                let facts = FACTS.join(", ");
                format!("line {line}: '{sentence}' is not a fact; facts begin with {facts}")
            })?;
            let is_new = seen.insert(fact);
            ensure!(is_new, "line {line}: '{fact}' occurs twice");
            let text = Some(sentence[fact.len()..].trim().to_owned());
            match fact.trim_end() {
                "In Python:" => notes.python = text,
                "Here:" => notes.rust = text,
                "Needs a terminal" => notes.kind = Kind::Terminal,
                verb => {
                    if verb == "Serves" {
                        notes.kind = Kind::Server;
                    }
                    notes.takes = text;
                }
            }
        }
        Ok(notes)
    }
}

/// How facts begin.
const FACTS: [&str; 6] = [
    "In Python: ",
    "Here: ",
    "Takes ",
    "Serves ",
    "Runs ",
    "Needs a terminal",
];

/// The sentences of a paragraph, without their full stops. A sentence ends if a capital letter
/// outside of code follows.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut ends = Vec::new();
    let mut in_code = false;
    for (at, character) in paragraph.char_indices() {
        in_code ^= character == '`';
        let rest = &paragraph[at..];
        let next = rest.strip_prefix(". ").and_then(|rest| rest.chars().next());
        if !in_code && next.is_some_and(char::is_uppercase) {
            ends.push(at);
        }
    }
    let mut start = 0;
    let mut found = Vec::new();
    for end in ends {
        found.push(&paragraph[start..end]);
        start = end + ". ".len();
    }
    found.push(paragraph[start..].trim_end_matches('.'));
    found
}

/// The first doc line of a listing's source.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    /// Chapter and listing, `(2, 9)`; `None` for the book's unnumbered examples.
    pub number: Option<(u32, u32)>,
    /// The variant, such as `blocking pool`.
    pub variant: Option<String>,
    /// The title, without its full stop.
    pub title: String,
}

impl Header {
    /// Reads `//! Listing 2.9: Title.`, `//! Listing 2.18 (blocking pool): Title.` or
    /// `//! Example: Title.`.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, title) = line.strip_prefix("//! ")?.split_once(": ")?;
        let title = title.trim().trim_end_matches('.').to_owned();
        if name == "Example" {
            let (number, variant) = (None, None);
            return Some(Self {
                number,
                variant,
                title,
            });
        }
        let name = name.strip_prefix("Listing ")?;
        let (number, variant) = match name.split_once(" (") {
            Some((number, variant)) => (number, Some(variant.strip_suffix(')')?.to_owned())),
            None => (name, None),
        };
        Some(Self {
            number: Some(parse_number(number)?),
            variant,
            title,
        })
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number, &self.variant) {
            (Some((chapter, listing)), None) => write!(f, "{chapter}.{listing}"),
            (Some((chapter, listing)), Some(variant)) => {
                write!(f, "{chapter}.{listing} ({variant})")
            }
            (None, _) => Ok(()),
        }
    }
}

/// Reads `2.9`, and `2.09` too.
pub fn parse_number(text: &str) -> Option<(u32, u32)> {
    let (chapter, listing) = text.split_once('.')?;
    Some((chapter.parse().ok()?, listing.parse().ok()?))
}

/// The doc lines at the beginning of a source.
pub(super) fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let read = || {
        BufReader::new(File::open(path)?)
            .lines()
            .take_while(|line| !matches!(line, Ok(line) if !line.starts_with("//!")))
            .collect::<std::io::Result<Vec<_>>>()
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}
