//! The pages that xtask writes: chapters' tables of listings, from the listings' headers; what is
//! new of Rust in a chapter, from RUST.md; and everything that is painted from the report.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use xtask_report::Report;
use xtask_report::pages::pages;
use xtask_report::text::markdown_table;

use crate::output::save;
use crate::workspace::{Chapter, Listing, Workspace};
use crate::{markers, rust};

/// The part of a chapter's README with its listings.
const LISTINGS: &str = "listings";

/// The part with what is new of Rust in the chapter.
const RUST: &str = "rust";

/// Writes the pages that do not match, and gives their paths below the top folder.
///
/// # Errors
/// If a file cannot be read or written, or a page lacks its markers.
pub fn write(workspace: &Workspace) -> anyhow::Result<Vec<PathBuf>> {
    let stale = stale(workspace)?;
    for (path, text) in &stale {
        save(&workspace.root.join(path), text)?;
    }
    Ok(stale.into_keys().collect())
}

/// The pages that do not match the listings or the report: their paths below the top folder, and
/// the text that they should have.
///
/// # Errors
/// If a file cannot be read, or a page lacks its markers.
pub fn stale(workspace: &Workspace) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut texts = Texts {
        root: &workspace.root,
        texts: BTreeMap::new(),
    };
    let rust_md = read(&workspace.root.join("RUST.md")).context("RUST.md")?;
    for chapter in &workspace.chapters {
        let readme = Path::new(&chapter.name).join("README.md");
        // `util` is no chapter, and needs no README.
        let Some(number) = chapter.number() else {
            continue;
        };
        texts.change(&readme, |text| {
            let text = match text {
                "" => begun(chapter)?,
                text => text.to_owned(),
            };
            let text = markers::replace(&text, LISTINGS, &table(workspace, chapter))?;
            if rust_md.is_empty() {
                return Ok(text);
            }
            markers::replace(&text, RUST, &rust::paragraph(&rust_md, number))
        })?;
    }
    let report = workspace.root.join("xtask/results.json");
    if report.exists() {
        for page in pages(&Report::read(&report)?) {
            texts.change(&page.path, |text| match page.part {
                Some(part) => markers::replace(text, part, &page.text),
                None => Ok(page.text.clone()),
            })?;
        }
    }
    Ok(texts.stale())
}

/// The text of a page; a page that is not there is empty.
fn read(path: &Path) -> std::io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        text => text,
    }
}

/// Pages as they are, and as they should be.
struct Texts<'a> {
    root: &'a Path,
    texts: BTreeMap<PathBuf, [String; 2]>,
}

impl Texts<'_> {
    /// Changes what the page at `path` should be.
    fn change(
        &mut self,
        path: &Path,
        change: impl FnOnce(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        let name = || path.display().to_string();
        let [_, text] = match self.texts.entry(path.to_owned()) {
            Entry::Occupied(page) => page.into_mut(),
            Entry::Vacant(page) => {
                let text = read(&self.root.join(path)).with_context(name)?;
                page.insert([text.clone(), text])
            }
        };
        *text = change(text).with_context(name)?;
        Ok(())
    }

    fn stale(self) -> BTreeMap<PathBuf, String> {
        let pages = self.texts.into_iter();
        let stale = pages.filter(|(_, [old, new])| old != new);
        stale.map(|(path, [_, new])| (path, new)).collect()
    }
}

/// The README that a new chapter begins with.
fn begun(chapter: &Chapter) -> anyhow::Result<String> {
    ensure!(
        !chapter.title.is_empty(),
        "it takes its title from the description in the chapter's manifest, which has none"
    );
    let parts = [LISTINGS, RUST, "comparisons"].map(|name| {
        format!("\n<!-- {name}: written by `cargo xtask readme` -->\n<!-- end of {name} -->\n")
    });
    Ok(format!("# {}\n{}", chapter.title, parts.concat()))
}

/// A row for each of the book's listings, with its variants, and for each unnumbered listing.
fn table(workspace: &Workspace, chapter: &Chapter) -> String {
    let headings = ["listing", "title", "Python", "Rust", "takes", "binary"];
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
