//! `cargo xtask list`: the table of contents.

use std::fmt::Write;

use serde::Serialize;
use xtask::options;
use xtask::output::{shorten, width};
use xtask::workspace::{Chapter, Kind, Listing, Workspace};

use super::lines::lines;

/// A listing in JSON.
#[derive(Serialize)]
struct Entry<'a> {
    chapter: &'a str,
    /// `2.9`; `None` for the book's unnumbered examples.
    number: Option<String>,
    variant: Option<&'a str>,
    title: &'a str,
    kind: Kind,
    takes: Option<&'a str>,
    binary: Option<&'a str>,
    source: String,
    python: Option<&'a str>,
    rust: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn new(workspace: &Workspace, chapter: &'a Chapter, listing: &'a Listing) -> Self {
        let number = listing.header.number;
        Self {
            chapter: &chapter.name,
            number: number.map(|(chapter, listing)| format!("{chapter}.{listing}")),
            variant: listing.header.variant.as_deref(),
            title: &listing.header.title,
            kind: listing.kind(),
            takes: listing.notes.takes.as_deref(),
            binary: listing.binary.as_deref(),
            source: workspace.relative(&listing.path).display().to_string(),
            python: listing.notes.python.as_deref(),
            rust: listing.notes.rust.as_deref(),
        }
    }
}

/// The listings of all chapters, or of the one that the reader names, as text or JSON.
///
/// # Errors
/// If there is no such chapter.
pub fn list(workspace: &Workspace, options: &options::List) -> anyhow::Result<String> {
    let chapters: Vec<&Chapter> = match &options.chapter {
        Some(wanted) => vec![workspace.chapter(wanted)?],
        None => workspace.chapters.iter().collect(),
    };
    if options.lines {
        return lines(&chapters, options.book.as_deref());
    }
    if options.json {
        let entries: Vec<Entry> = chapters
            .iter()
            .flat_map(|chapter| {
                let listings = chapter.listings.iter();
                listings.map(|listing| Entry::new(workspace, chapter, listing))
            })
            .collect();
        return Ok(serde_json::to_string_pretty(&entries)? + "\n");
    }
    let mut text = String::new();
    for chapter in chapters {
        write_chapter(&mut text, workspace, chapter)?;
    }
    Ok(text)
}

/// How long it takes, or what it needs.
fn expectation(listing: &Listing) -> String {
    let takes = listing.notes.takes.as_deref();
    match listing.kind() {
        Kind::Runs => takes.unwrap_or("at once").to_owned(),
        Kind::Server => "server".to_owned(),
        Kind::Terminal => "terminal".to_owned(),
        Kind::Library => "library".to_owned(),
    }
}

fn write_chapter(text: &mut String, workspace: &Workspace, chapter: &Chapter) -> std::fmt::Result {
    if chapter.listings.is_empty() {
        return Ok(());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    writeln!(text, "{}: {}", chapter.name, chapter.title)?;
    let rows: Vec<[String; 4]> = chapter
        .listings
        .iter()
        .map(|listing| {
            let source = || workspace.relative(&listing.path).display().to_string();
            [
                listing.header.to_string(),
                listing.binary.clone().unwrap_or_else(source),
                expectation(listing),
                listing.header.title.clone(),
            ]
        })
        .collect();
    let longest = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let [numbers, places, expectations] = [longest(0), longest(1), longest(2)];
    let screen = width().unwrap_or(usize::MAX);
    for [number, place, expectation, title] in &rows {
        let line = format!("  {number:numbers$}  {place:places$}  {expectation:expectations$}");
        let whole = format!("{line}  {title}");
        if whole.chars().count() <= screen {
            writeln!(text, "{whole}")?;
        } else {
            // On a narrow terminal the title has its own line.
            writeln!(text, "{}", shorten(line.trim_end(), screen))?;
            writeln!(
                text,
                "  {:numbers$}  {}",
                "",
                shorten(title, screen.saturating_sub(numbers + 4))
            )?;
        }
    }
    Ok(())
}
