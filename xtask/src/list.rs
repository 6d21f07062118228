//! `cargo xtask list`: the table of contents.

use std::fmt::Write;

use clap::Args;
use xtask::output::width;
use xtask::workspace::{Chapter, Kind, Listing, Workspace};
use xtask_report::text::shorten;

/// What `list` takes.
#[derive(Args, Debug)]
pub struct List {
    /// Only this chapter: 2, ch02 or ch02-basics
    chapter: Option<String>,
}

/// The listings of all chapters, or of the one that the reader names.
pub fn list(workspace: &Workspace, options: &List) -> anyhow::Result<String> {
    let chapters: Vec<&Chapter> = match &options.chapter {
        Some(wanted) => vec![workspace.chapter(wanted)?],
        None => workspace.chapters.iter().collect(),
    };
    let mut text = String::new();
    for chapter in chapters {
        write_chapter(&mut text, workspace, chapter)?;
    }
    Ok(text)
}

/// What a reader has to expect: how long it takes, or what it needs.
fn expectation(listing: &Listing) -> String {
    let expected = match listing.kind() {
        Kind::Runs => listing.notes.takes.as_deref().unwrap_or("at once"),
        Kind::Server => "server",
        Kind::Terminal => "terminal",
        Kind::Library => "library",
    };
    expected.to_owned()
}

fn write_chapter(text: &mut String, workspace: &Workspace, chapter: &Chapter) -> std::fmt::Result {
    if chapter.listings.is_empty() {
        return Ok(());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    writeln!(text, "{}: {}", chapter.name, chapter.title)?;
    let rows = chapter.listings.iter().map(|listing| {
        let source = || workspace.relative(&listing.path).display().to_string();
        [
            listing.header.to_string(),
            listing.binary.clone().unwrap_or_else(source),
            expectation(listing),
            listing.header.title.clone(),
        ]
    });
    let rows: Vec<[String; 4]> = rows.collect();
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
            // On a narrow terminal the title has a line of its own.
            let title = shorten(title, screen.saturating_sub(numbers + 4));
            writeln!(text, "{}", shorten(line.trim_end(), screen))?;
            writeln!(text, "  {:numbers$}  {title}", "")?;
        }
    }
    Ok(())
}
