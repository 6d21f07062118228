//! `cargo xtask readme`: the chapters' tables of listings, from the listings' own headers.

use std::fs;
use std::process::ExitCode;

use anyhow::Context;
use xtask::markers;
use xtask::options;
use xtask::output::{markdown_table, save};
use xtask::workspace::{Chapter, Listing, Workspace};

/// The part of a chapter's README that this writes.
const LISTINGS: &str = "listings";

/// Writes the table of listings into each chapter's README, between its markers.
///
/// # Errors
/// If a README cannot be read or written, or lacks the markers.
pub fn readme(workspace: &Workspace, options: &options::Readme) -> anyhow::Result<ExitCode> {
    let mut stale = 0;
    for chapter in &workspace.chapters {
        let path = workspace.root.join(&chapter.name).join("README.md");
        // `util` is no chapter, and needs no README.
        if chapter.name == "util" && !path.exists() {
            continue;
        }
        let name = workspace.relative(&path).display();
        let change = || {
            let text = fs::read_to_string(&path)?;
            let new = markers::replace(&text, LISTINGS, &table(workspace, chapter))?;
            anyhow::Ok((text, new))
        };
        let (text, new) = change().with_context(|| format!("{name}"))?;
        if text == new {
            continue;
        }
        stale += 1;
        if options.check {
            eprintln!("{name} is stale; write it again with: cargo xtask readme");
        } else {
            save(&path, &new)?;
            eprintln!("{name}");
        }
    }
    Ok(ExitCode::from(u8::from(options.check && stale > 0)))
}

/// A row for each listing of the book's, with its variants, and for each unnumbered one.
fn table(workspace: &Workspace, chapter: &Chapter) -> String {
    let headings = ["listing", "title", "Python", "Rust", "takes", "binary"].map(String::from);
    let is_base = |listing: &&Listing| listing.header.variant.is_none();
    // The book's `util` has listings of chapter 2.
    let in_util = workspace.listings().filter_map(|(owner, listing)| {
        let (number, _) = listing.header.number?;
        let here = owner.name != chapter.name && chapter.is_called(&number.to_string());
        here.then_some(listing)
    });
    let mut listings: Vec<&Listing> = chapter.listings.iter().chain(in_util).collect();
    listings.sort_by_key(|listing| {
        let number = listing.header.number;
        (number.is_none(), number)
    });
    let rows = listings.into_iter().filter(is_base).map(|listing| {
        let header = &listing.header;
        let variants = chapter.listings.iter().filter(|other| {
            header.number.is_some() && other.header.number == header.number && !is_base(other)
        });
        let all = std::iter::once(listing).chain(variants);
        let binaries: Vec<String> = all.map(|listing| place(workspace, listing)).collect();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            header.to_string(),
            header.title.clone(),
            text(&listing.notes.python),
            text(&listing.notes.rust),
            text(&listing.notes.takes),
            binaries.join(", "),
        ]
    });
    markdown_table(&headings, &rows.collect::<Vec<_>>())
}

fn place(workspace: &Workspace, listing: &Listing) -> String {
    match &listing.binary {
        Some(binary) => format!("`{binary}`"),
        None => format!("library: `{}`", workspace.relative(&listing.path).display()),
    }
}
