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

#[cfg(test)]
mod tests {
    use super::*;

    fn header(number: Option<(u32, u32)>, variant: Option<&str>, title: &str) -> Header {
        Header {
            number,
            variant: variant.map(String::from),
            title: title.into(),
        }
    }

    #[test]
    fn headers_are_read_in_their_three_forms() {
        assert_eq!(
            Header::parse("//! Listing 2.9: Running multiple tasks: all at once."),
            Some(header(
                Some((2, 9)),
                None,
                "Running multiple tasks: all at once"
            ))
        );
        assert_eq!(
            Header::parse("//! Listing 2.18 (blocking pool): Off the loop."),
            Some(header(Some((2, 18)), Some("blocking pool"), "Off the loop"))
        );
        assert_eq!(
            Header::parse("//! Example: A basic event loop."),
            Some(header(None, None, "A basic event loop"))
        );
    }

    #[test]
    fn other_first_lines_are_no_headers() {
        for line in [
            "",
            "//! A module.",
            "// Listing 2.9: Title.",
            "//! Listing two: Title.",
            "//! Listing 2.9 Title.",
            "//! Listing 2.9 (open: Title.",
            "use std::io;",
        ] {
            assert_eq!(Header::parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_last_paragraph_says_what_to_expect() {
        let notes = |header: &str| {
            let lines: Vec<String> = header.lines().map(String::from).collect();
            Notes::parse(&lines).unwrap()
        };
        let all = notes(
            "//! Listing 2.9: Title.\n//!\n//! A lesson.\n//!\n\
             //! In Python: `a.b(c=1)`, `d`. Here:\n//! `e::f`. Takes 3 s.",
        );
        assert_eq!(all.python.as_deref(), Some("`a.b(c=1)`, `d`"));
        assert_eq!(all.rust.as_deref(), Some("`e::f`"));
        assert_eq!((all.takes.as_deref(), all.kind), (Some("3 s"), Kind::Runs));
        let server = notes("//! Example: Title.\n//!\n//! Here: `x`. Serves until Ctrl-C.");
        assert_eq!(server.python, None);
        assert_eq!(
            (server.takes.as_deref(), server.kind),
            (Some("until Ctrl-C"), Kind::Server)
        );
        let terminal = notes("//! Example: Title.\n//!\n//! Needs a terminal.");
        assert_eq!(terminal.kind, Kind::Terminal);
        let lesson = notes("//! Example: Title.\n//!\n//! A lesson ends it.");
        assert_eq!(lesson, Notes::default());
    }

    #[test]
    fn numbers_are_read_with_and_without_leading_zero() {
        assert_eq!(parse_number("2.9"), Some((2, 9)));
        assert_eq!(parse_number("2.09"), Some((2, 9)));
        assert_eq!(parse_number("11.15"), Some((11, 15)));
        assert_eq!(parse_number("2"), None);
        assert_eq!(parse_number("2.x"), None);
    }
}
