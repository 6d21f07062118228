//! Links, figures, and what xtask has written.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::markdown::Page;
use crate::{WORKSPACE, assert_none, files, read};

#[test]
fn the_pages_match_the_headers_and_the_report() {
    let stale = xtask::readme::stale(&WORKSPACE).unwrap();
    let stale: Vec<String> = stale.keys().map(|it| it.display().to_string()).collect();
    assert_none(&stale, "`cargo xtask readme` writes these anew");
}

#[test]
fn all_links_lead_somewhere() {
    let mut wrong = Vec::new();
    for path in files("md") {
        for link in Page::parse(&read(&path)).links {
            // The site's own pages are checked by its tests.
            if link.starts_with("https://") || link.starts_with("page:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.with_file_name(file),
            };
            let has_anchor = || {
                Page::parse(&read(&target))
                    .anchors
                    .iter()
                    .any(|it| it == anchor)
            };
            let there = WORKSPACE.root.join(&target).exists();
            if !there || (!anchor.is_empty() && !has_anchor()) {
                wrong.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert_none(&wrong, "these links lead nowhere");
}

/// The files that pages link to or show.
fn linked() -> BTreeSet<PathBuf> {
    let of = |path: &PathBuf| {
        let links = Page::parse(&read(path)).links.into_iter();
        let targets = links.map(|link| path.with_file_name(link));
        targets.collect::<Vec<_>>()
    };
    files("md").iter().flat_map(of).collect()
}

#[test]
fn each_figure_is_shown_on_a_page() {
    let (figures, linked) = (files("svg"), linked());
    assert!(figures.len() > 20, "{}", figures.len());
    let hidden = figures.iter().filter(|it| !linked.contains(*it));
    let hidden: Vec<String> = hidden.map(|it| it.display().to_string()).collect();
    assert_none(&hidden, "no page shows");
}

#[test]
fn each_chapter_has_its_row_on_the_front_page() {
    let links = Page::parse(&read("README.md")).links;
    let chapters = WORKSPACE.chapters.iter().filter(|it| it.name != "util");
    let pages = chapters.map(|it| format!("{}/README.md", it.name));
    let missing: Vec<String> = pages.filter(|it| !links.contains(it)).collect();
    assert_none(
        &missing,
        "the table of chapters in README.md has no link to",
    );
}
