//! `cargo xtask list`: the table of contents.

use std::fmt::Write;

use crate::workspace::{Chapter, Workspace};

/// The listings of all chapters, or of the one that the reader names, as text.
///
/// # Errors
/// If there is no such chapter.
pub fn list(workspace: &Workspace, chapter: Option<&str>) -> anyhow::Result<String> {
    let mut text = String::new();
    match chapter {
        Some(wanted) => write_chapter(&mut text, workspace, workspace.chapter(wanted)?)?,
        None => {
            for chapter in &workspace.chapters {
                write_chapter(&mut text, workspace, chapter)?;
            }
        }
    }
    Ok(text)
}

fn write_chapter(text: &mut String, workspace: &Workspace, chapter: &Chapter) -> std::fmt::Result {
    if chapter.listings.is_empty() {
        return Ok(());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    writeln!(text, "{}: {}", chapter.name, chapter.title)?;
    let rows: Vec<[String; 3]> = chapter
        .listings
        .iter()
        .map(|listing| {
            let place = listing.binary.clone().unwrap_or_else(|| {
                format!("library: {}", workspace.relative(&listing.path).display())
            });
            [
                listing.header.to_string(),
                place,
                listing.header.title.clone(),
            ]
        })
        .collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let (number_width, place_width) = (width(0), width(1));
    for [number, place, title] in &rows {
        writeln!(
            text,
            "  {number:number_width$}  {place:place_width$}  {title}"
        )?;
    }
    Ok(())
}
