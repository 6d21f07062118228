//! All pages of the site, in their order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use xtask::markers::replace;
use xtask::workspace::{Chapter, Workspace};
use xtask_report::data::Report;
use xtask_report::text::markdown_table;

use crate::code::Highlighter;
use crate::group::Group;
use crate::listing::Material;
use crate::map::{self, Row};
use crate::page::{Importer, Page};
use crate::sessions::Sessions;

/// The chapters that are not here, and where their counterparts appear.
const ELSEWHERE: &str = include_str!("../assets/elsewhere.md");

/// The notice on a page with the book's programs.
const LOCAL: &str = "\n\n<p class=\"local\">This copy is for you alone: it has the book's own \
                     programs, from your checkout. They are its author's; do not publish \
                     them.</p>\n\n";

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
    let map = map::read(&map_page)?;
    let groups = groups(workspace)?;
    let report = workspace.root.join("xtask/results.json");
    let report = report.exists().then(|| Report::read(&report));
    let report = report.transpose()?.unwrap_or_default();
    let material = Material {
        workspace,
        highlighter: &highlighter,
        map: &map,
        report: &report,
        sessions: &Sessions::read(workspace)?,
        groups: &groups,
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

    let local = if book.is_some() { LOCAL } else { "" };
    let home = format!("{local}{}", read("README.md")?);
    let mut pages = vec![import("index", "Home", "", &home)?];
    for (chapter, groups) in chapters(workspace).zip(&groups) {
        let short = chapter.name.split('-').next().unwrap_or_default();
        let text = read(&format!("{}/README.md", chapter.name))?;
        let text = replace(&text, "listings", &table_of_listings(groups))?;
        pages.push(import(short, &chapter.title, &chapter.name, &text)?);
        for group in groups {
            let page = material.page(group);
            let mut page = page.with_context(|| format!("the page of {}", group.title()))?;
            page.text(local);
            pages.push(page);
        }
    }
    let map_page = replace(&map_page, "map", &table_of_the_map(&map, &groups))?;
    pages.push(import("map", "From asyncio to Rust", "", &map_page)?);
    let rust = read("RUST.md")?;
    pages.push(import("rust", "Rust for readers of Python", "", &rust)?);
    let mut elsewhere = import("elsewhere", "Elsewhere in the book", "", ELSEWHERE)?;
    let rows = ELSEWHERE.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.trim_start_matches("| ").split(" | ").next());
    elsewhere.words = cells.flat_map(map::words).collect();
    pages.push(elsewhere);
    pages.push(import("results", "Results", "", &read("RESULTS.md")?)?);
    let tool = read("xtask/README.md")?;
    pages.push(import("xtask", "How it is measured", "xtask", &tool)?);
    let contributing = read("CONTRIBUTING.md")?;
    pages.push(import("contributing", "Contributing", "", &contributing)?);

    let listings = groups.iter().flatten().flat_map(|group| &group.sources);
    let mut files = importer.files;
    files.extend(listings.map(|it| workspace.relative(&it.listing.path).to_owned()));
    Ok(Site { pages, files })
}

/// The chapters of the book; `util` is not one.
fn chapters(workspace: &Workspace) -> impl Iterator<Item = &Chapter> {
    workspace.chapters.iter().filter(|it| it.name != "util")
}

/// The listings of each chapter, with those that the book keeps in its `util`.
fn groups(workspace: &Workspace) -> anyhow::Result<Vec<Vec<Group<'_>>>> {
    let mut in_util = Vec::new();
    for util in workspace.chapters.iter().filter(|it| it.name == "util") {
        in_util.extend(Group::of(util)?);
    }
    let number = |group: &Group| group.first().header.number;
    let mut all = Vec::new();
    for chapter in chapters(workspace) {
        let mut groups = Group::of(chapter)?;
        groups.extend(in_util.extract_if(.., |group| {
            number(group).is_some_and(|(of, _)| chapter.is_called(&of.to_string()))
        }));
        groups.sort_by_key(|group| (number(group).is_none(), number(group)));
        all.push(groups);
    }
    Ok(all)
}

/// A row for each listing of a chapter, with a link to its page.
fn table_of_listings(groups: &[Group]) -> String {
    let headings = ["listing", "title", "Python", "Rust", "takes"];
    let rows = groups.iter().map(|group| {
        let title = group.first().header.title.clone();
        let link = |text: &str| format!("[{text}](page:{})", group.slug());
        let (number, title) = match group.number() {
            Some(number) => (link(&number), title),
            None => (String::new(), link(&title)),
        };
        let notes = &group.first().notes;
        let text = |note: &Option<String>| note.clone().unwrap_or_default();
        vec![
            number,
            title,
            text(&notes.python),
            text(&notes.rust),
            text(&notes.takes),
        ]
    });
    markdown_table(&headings, &rows.collect::<Vec<_>>())
}

/// The map with links to the pages of its listings.
fn table_of_the_map(map: &[Row], groups: &[Vec<Group>]) -> String {
    let headings = ["Python", "Rust", "listing", "what bites"];
    let link = |name: &String| {
        let mut groups = groups.iter().flatten();
        match groups.find(|group| group.is_called(name)) {
            Some(group) => format!("[{name}](page:{})", group.slug()),
            None => name.clone(),
        }
    };
    let rows = map.iter().map(|row| {
        let links: Vec<String> = row.listings.iter().map(link).collect();
        vec![
            row.python.clone(),
            row.rust.clone(),
            links.join(", "),
            row.bites.clone(),
        ]
    });
    markdown_table(&headings, &rows.collect::<Vec<_>>())
}
