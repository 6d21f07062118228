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
fn all_links_lead_somewhere_and_all_figures_and_chapters_are_linked() {
    let mut wrong = Vec::new();
    let mut linked = BTreeSet::new();
    for path in files("md") {
        let links = Page::parse(&read(&path)).links.into_iter();
        // The site's own pages are checked by its tests.
        let ours = |link: &String| !link.starts_with("https://") && !link.starts_with("page:");
        for link in links.filter(ours) {
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
            linked.insert(target);
        }
    }
    assert_none(&wrong, "these links lead nowhere");
    let chapters = WORKSPACE.chapters.iter().filter(|it| it.name != "util");
    let pages = chapters.map(|it| PathBuf::from(format!("{}/README.md", it.name)));
    let hidden = files("svg").into_iter().chain(pages);
    let hidden = hidden.filter(|it| !linked.contains(it));
    let hidden: Vec<String> = hidden.map(|it| it.display().to_string()).collect();
    assert_none(&hidden, "no page links to, or shows,");
}
