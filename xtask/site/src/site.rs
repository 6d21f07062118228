//! All pages of the site, in their order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use regex::Regex;
use xtask::workspace::{Listing, Workspace};

use crate::code::Highlighter;
use crate::group::{Group, words};
use crate::listing::{Material, page};
use crate::map;
use crate::page::{Importer, Page};
use crate::results::Results;
use crate::sessions::Sessions;

/// The chapters that are not here, and where their counterparts appear.
const ELSEWHERE: &str = include_str!("../assets/elsewhere.md");

/// The site before mdBook has made HTML of it.
pub struct Site {
    /// Its pages.
    pub pages: Vec<Page>,
    /// The files of the workspace that it links to.
    pub files: BTreeSet<PathBuf>,
}

/// Makes all pages, with the book's own programs if `book` is a checkout of its code.
///
/// # Errors
/// If a file cannot be read, or a linked file is missing.
pub fn site(workspace: &Workspace, book: Option<&Path>) -> anyhow::Result<Site> {
    let read = |name: &str| {
        let path = workspace.root.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let highlighter = Highlighter::new()?;
    let map_page = read("ASYNCIO.md")?;
    let results_page = read("RESULTS.md")?;
    let map = map::read(&map_page)?;
    let results = Results::read(&results_page);
    let sessions = Sessions::read(workspace)?;
    let material = Material {
        root: &workspace.root,
        highlighter: &highlighter,
        map: &map,
        results: &results,
        sessions: &sessions,
        book,
    };
    let mut importer = Importer {
        root: &workspace.root,
        highlighter: &highlighter,
        files: BTreeSet::new(),
    };
    let mut import = |slug: &str, title: &str, folder: &str, text: &str| {
        let mut page = Page::new(slug, title);
        importer.add(&mut page, Path::new(folder), text)?;
        anyhow::Ok(page)
    };

    let groups: Vec<Vec<Group>> = workspace.chapters.iter().map(Group::of).collect();
    let others: Vec<(String, String, &Listing)> = groups
        .iter()
        .flatten()
        .flat_map(|group| {
            let listings = group.listings.iter().copied();
            listings.map(move |listing| (group.title(), group.slug(), listing))
        })
        .collect();
    let mut home = read("README.md")?;
    if book.is_some() {
        home.insert_str(0, LOCAL);
    }
    let mut pages = vec![import("index", "Home", "", &home)?];
    let mut files = BTreeSet::new();
    for (chapter, groups) in workspace.chapters.iter().zip(&groups) {
        let short = chapter.name.split('-').next().unwrap_or_default();
        pages.push(if chapter.name == "util" {
            let mut page = Page::new("util", "The book's util package");
            page.text("# The book's `util` package\n\nWhat the listings share.");
            page
        } else {
            let text = with_links(&read(&format!("{}/README.md", chapter.name))?, groups);
            import(short, &chapter.title, &chapter.name, &text)?
        });
        for group in groups {
            let mut page = page(group, &material, &others)
                .with_context(|| format!("the page of {}", group.title()))?;
            if book.is_some() {
                page.text(LOCAL);
            }
            pages.push(page);
            let paths = group
                .listings
                .iter()
                .map(|it| workspace.relative(&it.path).to_owned());
            files.extend(paths);
        }
    }
    pages.push(import(
        "map",
        "From asyncio to Rust",
        "",
        &linked_map(&map_page, &groups)?,
    )?);
    let mut elsewhere = import("elsewhere", "Elsewhere in the book", "", ELSEWHERE)?;
    let rows = ELSEWHERE
        .lines()
        .filter_map(|line| line.strip_prefix("| `"));
    elsewhere.words = rows
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|cell| words(&format!("`{cell}")))
        .collect();
    pages.push(elsewhere);
    pages.push(import("results", "Results", "", &results_page)?);
    pages.push(import(
        "xtask",
        "How it is measured",
        "xtask",
        &read("xtask/README.md")?,
    )?);
    pages.push(import(
        "contributing",
        "Contributing",
        "",
        &read("CONTRIBUTING.md")?,
    )?);
    files.extend(importer.files);
    Ok(Site { pages, files })
}

/// The notice on a page with the book's programs.
const LOCAL: &str = "\n\n<p class=\"local\">This copy is for you alone: it has the book's own programs, from your \
                     checkout. They are its author's; do not publish them.</p>\n\n";

/// A chapter's page whose table of listings links to their pages.
fn with_links(text: &str, groups: &[Group]) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').collect();
        let found = groups.iter().find(|group| match cells.get(1..3) {
            Some([number, _]) if group.number().is_some() => {
                Some(number.trim()) == group.number().as_deref()
            }
            Some([number, title]) => number.trim().is_empty() && title.trim() == group.title(),
            _ => false,
        });
        lines.push(match found.filter(|_| cells.len() > 6) {
            Some(group) => {
                let at = if group.number().is_some() { 1 } else { 2 };
                let link = format!(" [{}](page:{}) ", cells[at].trim(), group.slug());
                let mut cells = cells.clone();
                cells[at] = &link;
                cells.join("|")
            }
            None => line.to_owned(),
        });
    }
    lines.join("\n")
}

/// The map with links to the pages of its listings.
fn linked_map(text: &str, groups: &[Vec<Group>]) -> anyhow::Result<String> {
    let names = Regex::new(r"^(\| .* \| .* \| )([^|]+)( \| [^|]* \|)$")?;
    let slug = |name: &str| {
        let is_called = |group: &&Group| {
            group.number().as_deref() == Some(name)
                || group
                    .listings
                    .iter()
                    .any(|it| it.binary.as_deref() == Some(name))
        };
        groups.iter().flatten().find(is_called).map(Group::slug)
    };
    let lines = text.lines().map(|line| {
        let Some(found) = names.captures(line) else {
            return line.to_owned();
        };
        let links = found[2].split(", ").map(|name| match slug(name.trim()) {
            Some(slug) => format!("[{name}](page:{slug})"),
            None => name.to_owned(),
        });
        let links: Vec<String> = links.collect();
        format!("{}{}{}", &found[1], links.join(", "), &found[3])
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
