//! `cargo xtask readme`: the chapters' tables of listings, from the listings' own headers, and
//! `bin` of their manifests.

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context, ensure};
use xtask::markers;
use xtask::options;
use xtask::output::{markdown_table, save};
use xtask::workspace::{Chapter, Listing, Workspace};

use super::bins;

/// The part of a chapter's README that this writes.
const LISTINGS: &str = "listings";

/// Writes the table of listings into each chapter's README, between its markers, and a line for
/// each listing into its manifest. A chapter without a README gets one.
///
/// # Errors
/// If a file cannot be read or written, or a README lacks the markers.
pub fn readme(workspace: &Workspace, options: &options::Readme) -> anyhow::Result<ExitCode> {
    let mut stale = 0;
    let mut update = |path: &Path, change: &dyn Fn() -> anyhow::Result<(String, String)>| {
        let name = workspace.relative(path).display();
        let (text, new) = change().with_context(|| format!("{name}"))?;
        if text == new {
            return Ok(());
        }
        stale += 1;
        if options.check {
            eprintln!("{name} is stale; write it again with: cargo xtask readme");
        } else {
            save(path, &new)?;
            eprintln!("{name}");
        }
        anyhow::Ok(())
    };
    for chapter in &workspace.chapters {
        let folder = workspace.root.join(&chapter.name);
        let manifest = folder.join("Cargo.toml");
        update(&manifest, &|| {
            let text = fs::read_to_string(&manifest)?;
            let new = bins::complete(&text, &without_tests(chapter)?);
            Ok((text, new))
        })?;
        let readme = folder.join("README.md");
        // `util` is no chapter, and needs no README.
        if chapter.name == "util" && !readme.exists() {
            continue;
        }
        update(&readme, &|| {
            let text = match fs::read_to_string(&readme) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
                text => text?,
            };
            let old = if text.is_empty() {
                begun(chapter)?
            } else {
                text.clone()
            };
            let new = markers::replace(&old, LISTINGS, &table(workspace, chapter))?;
            Ok((text, new))
        })?;
    }
    Ok(ExitCode::from(u8::from(options.check && stale > 0)))
}

/// The binaries of a chapter that have no tests of their own.
fn without_tests(chapter: &Chapter) -> anyhow::Result<Vec<&str>> {
    let mut names = Vec::new();
    for listing in &chapter.listings {
        let Some(binary) = listing.binary.as_deref() else {
            continue;
        };
        if !fs::read_to_string(&listing.path)?.contains("#[cfg(test)]") {
            names.push(binary);
        }
    }
    Ok(names)
}

/// The README that a new chapter begins with.
fn begun(chapter: &Chapter) -> anyhow::Result<String> {
    ensure!(
        !chapter.title.is_empty(),
        "it takes its title from the description in the chapter's manifest, which has none"
    );
    let part = |name: &str, command: &str| {
        format!("<!-- {name}: written by `cargo xtask {command}` -->\n<!-- end of {name} -->\n")
    };
    Ok(format!(
        "# {}\n\n{}\n{}",
        chapter.title,
        part(LISTINGS, "readme"),
        part("comparisons", "results")
    ))
}

/// A row for each of the book's listings, with its variants, and for each unnumbered listing.
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
