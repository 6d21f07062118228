//! All pages of the site, in their order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use maud::{Markup, html};
use xtask::markers::replace;
use xtask::output::read;
use xtask::what_if::experiments;
use xtask::workspace::{Chapter, Listing, Workspace};
use xtask_report::data::Report;
use xtask_report::text::markdown_table;

use crate::code::Highlighter;
use crate::explain::sentences;
use crate::group::Group;
use crate::listing::Material;
use crate::map::{self, Row};
use crate::page::{Importer, Page};
use crate::sessions::Sessions;

/// The chapters that are not here, and where their counterparts appear.
const ELSEWHERE: &str = include_str!("../assets/elsewhere.md");

/// What the front page begins with, and the picture for links to any page.
const FRONT: &str = include_str!("../assets/front.md");
const PICTURE: &str = "xtask/figures/book.png";

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
    let read = |name: &str| read(&workspace.root.join(name));
    let highlighter = Highlighter::new()?;
    let map_page = read("ASYNCIO.md")?;
    let map = map::read(&map_page)?;
    let groups = groups(workspace)?;
    let report = workspace.root.join("xtask/results.json");
    let report = report.exists().then(|| Report::read(&report));
    let report = report.transpose()?.unwrap_or_default();
    let (readme, rust) = (read("README.md")?, read("RUST.md")?);
    let material = Material {
        workspace,
        highlighter: &highlighter,
        map: &map,
        report: &report,
        sessions: &Sessions::read(workspace)?,
        groups: &groups,
        book,
        sentences: &sentences(&rust),
        experiments: &experiments(workspace)?,
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
    let mut front = import("index", "Home", "", FRONT)?;
    let mut code = readme.split("```");
    let python = code.find_map(|code| code.strip_prefix("python\n"));
    material.front(&mut front, python.context("README.md has no Python")?)?;
    front.text("## The chapters");
    front.part(cards(workspace, &groups));
    front.text(local);
    let mut pages = vec![front, import("start", "Start", "", &readme)?];
    for (chapter, groups) in chapters(workspace).zip(&groups) {
        let text = read(&format!("{}/README.md", chapter.name))?;
        let text = replace(&text, "listings", &table_of_listings(groups))?;
        pages.push(import(slug(chapter), &chapter.title, &chapter.name, &text)?);
        for group in groups {
            let page = material.page(group);
            let mut page = page.with_context(|| format!("the page of {}", group.title()))?;
            page.text(local);
            pages.push(page);
        }
    }
    let map_page = with_links(map_page, &map, &groups);
    pages.push(import("map", "From asyncio to Rust", "", &map_page)?);
    pages.push(import("rust", "Rust for readers of Python", "", &rust)?);
    pages.push(import("elsewhere", "Elsewhere in the book", "", ELSEWHERE)?);
    pages.push(import("results", "Results", "", &read("RESULTS.md")?)?);
    let tool = read("xtask/README.md")?;
    pages.push(import("xtask", "How it is measured", "xtask", &tool)?);
    let contributing = read("CONTRIBUTING.md")?;
    pages.push(import("contributing", "Contributing", "", &contributing)?);

    let listings = groups.iter().flatten().flat_map(|group| &group.sources);
    let mut files = importer.files;
    files.insert(PICTURE.into());
    files.extend(listings.map(|it| workspace.relative(&it.listing.path).to_owned()));
    Ok(Site { pages, files })
}

/// The chapters of the book; `util` is not one.
fn chapters(workspace: &Workspace) -> impl Iterator<Item = &Chapter> {
    workspace.chapters.iter().filter(|it| it.name != "util")
}

/// A card for each chapter.
fn cards(workspace: &Workspace, groups: &[Vec<Group>]) -> Markup {
    let chapters = chapters(workspace).zip(groups).map(|(chapter, groups)| {
        let (name, title) = chapter
            .title
            .split_once(": ")
            .unwrap_or(("", &chapter.title));
        let listings = groups.iter().filter(|group| group.number().is_some());
        (slug(chapter), name, title, listings.count())
    });
    html! {
        nav."cards wide" aria-label="Chapters" {
            @for (slug, name, title, listings) in chapters {
                a href={ (slug) ".html" } {
                    strong { (name) } " " (title) " " small { (listings) " listings" }
                }
            }
        }
    }
}

fn slug(chapter: &Chapter) -> &str {
    chapter.name.split('-').next().unwrap_or_default()
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
        let Listing { header, notes, .. } = group.first();
        let number = group.number().unwrap_or_default();
        let title = format!("[{}](page:{})", header.title, group.slug());
        let notes = [&notes.python, &notes.rust, &notes.takes];
        let notes = notes.map(|note| note.clone().unwrap_or_default());
        [vec![number, title], notes.to_vec()].concat()
    });
    markdown_table(&headings, &rows.collect::<Vec<_>>())
}

/// The page of the map with links to its listings.
fn with_links(mut page: String, map: &[Row], groups: &[Vec<Group>]) -> String {
    let link = |name: &String| {
        let mut groups = groups.iter().flatten();
        let group = groups.find(|group| group.is_called(name));
        group.map_or(name.clone(), |it| format!("[{name}](page:{})", it.slug()))
    };
    for row in map {
        let links: Vec<String> = row.listings.iter().map(link).collect();
        let [names, links] = [&row.listings, &links].map(|it| format!("| {} |", it.join(", ")));
        page = page.replace(&names, &links);
    }
    page
}
