//! All pages of the site, in their order.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use regex::Regex;
use xtask::workspace::{Chapter, Workspace};

use crate::code::Highlighter;
use crate::group::{Group, others, words};
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

    let groups = groups(workspace);
    let others = others(groups.iter().flatten())?;
    let mut home = read("README.md")?;
    if book.is_some() {
        home.insert_str(0, LOCAL);
    }
    let mut pages = vec![import("index", "Home", "", &home)?];
    let mut files = BTreeSet::new();
    for (chapter, groups) in chapters(workspace).zip(&groups) {
        let short = chapter.name.split('-').next().unwrap_or_default();
        let text = listings_linked(&read(&format!("{}/README.md", chapter.name))?, groups);
        pages.push(import(short, &chapter.title, &chapter.name, &text)?);
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

/// The chapters of the book; `util` is not one.
fn chapters(workspace: &Workspace) -> impl Iterator<Item = &Chapter> {
    workspace.chapters.iter().filter(|it| it.name != "util")
}

/// The listings of each chapter, with those that the book keeps in its `util`.
fn groups(workspace: &Workspace) -> Vec<Vec<Group<'_>>> {
    let in_util = workspace.chapters.iter().filter(|it| it.name == "util");
    let mut in_util: Vec<Group> = in_util.flat_map(Group::of).collect();
    let number = |group: &Group| group.listings[0].header.number;
    let mut all = Vec::new();
    for chapter in chapters(workspace) {
        let mut groups = Group::of(chapter);
        groups.extend(in_util.extract_if(.., |group| {
            let of = number(group).map(|(chapter, _)| chapter.to_string());
            of.is_some_and(|of| chapter.is_called(&of))
        }));
        groups.sort_by_key(|group| (number(group).is_none(), number(group)));
        all.push(groups);
    }
    all
}

/// A chapter's page whose table of listings links to their pages, without the column of binaries,
/// which the pages show.
fn listings_linked(text: &str, groups: &[Group]) -> String {
    let parts = text.split_once("<!-- listings").and_then(|(before, rest)| {
        let (table, after) = rest.split_once("<!-- end of listings -->")?;
        Some((before, table, after))
    });
    let Some((before, table, after)) = parts else {
        return text.to_owned();
    };
    let rows = table.lines().skip(1).map(|row| {
        let mut cells: Vec<String> = row
            .trim_matches('|')
            .split('|')
            .map(str::to_owned)
            .collect();
        cells.pop();
        let is_it = |group: &&Group| match group.number() {
            Some(number) => cells[0].trim() == number,
            None => cells[0].trim().is_empty() && cells[1].trim() == group.title(),
        };
        if let Some(group) = groups.iter().find(is_it) {
            let at = usize::from(group.number().is_none());
            cells[at] = format!(" [{}](page:{}) ", cells[at].trim(), group.slug());
        }
        format!("|{}|", cells.join("|"))
    });
    let rows: Vec<String> = rows.collect();
    format!("{before}\n{}\n{after}", rows.join("\n"))
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
