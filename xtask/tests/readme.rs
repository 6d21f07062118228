//! What the pages say of the listings is so, and their links lead somewhere.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod pages;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use pages::markdown::{anchors, links};
use pages::{files, listings, page, root};
use serde_json::Value;

#[test]
fn the_tables_of_listings_are_what_the_headers_say() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["readme", "--check"])
        .current_dir(root())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

#[test]
fn the_books_listings_are_all_there() {
    let listings = listings();
    for (chapter, last) in [
        (1, 8),
        (2, 24),
        (3, 10),
        (4, 16),
        (6, 15),
        (7, 19),
        (8, 14),
        (11, 15),
        (13, 14),
    ] {
        for number in 1..=last {
            let number = format!("{chapter}.{number}");
            let own = |listing: &Value| {
                listing["number"] == number.as_str() && listing["variant"].is_null()
            };
            assert_eq!(listings.iter().filter(|l| own(l)).count(), 1, "{number}");
        }
    }
}

#[test]
fn each_chapter_has_its_row_on_the_front_page() {
    let links = links(&page("README.md"));
    let listings = listings();
    let chapters: BTreeSet<&str> = listings
        .iter()
        .map(|it| it["chapter"].as_str().unwrap())
        .filter(|it| it.starts_with("ch"))
        .collect();
    for chapter in chapters {
        let readme = format!("{chapter}/README.md");
        assert!(
            links.contains(&readme),
            "the table of chapters in README.md has no row with a link to {readme}"
        );
    }
}

#[test]
fn all_links_lead_somewhere() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for path in files("md") {
        let folder = path.parent().unwrap();
        for link in links(&page(&path)) {
            // The site's own pages are checked by its tests.
            if link.starts_with("https://") || link.starts_with("page:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                folder.join(file)
            };
            let found = root().join(&target).exists()
                && (anchor.is_empty() || anchors(&page(&target)).iter().any(|it| it == anchor));
            if !found {
                wrong.push(format!("{}: {link}", path.display()));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "these links lead nowhere: {wrong:#?}");
    assert!(count > 40, "{count}");
}

#[test]
fn each_figure_is_shown_on_a_page() {
    let shown: BTreeSet<PathBuf> = files("md")
        .iter()
        .flat_map(|path| {
            let folder = path.parent().unwrap().to_owned();
            links(&page(path))
                .into_iter()
                .map(move |link| folder.join(link))
        })
        .collect();
    let figures = files("svg");
    assert!(figures.len() > 20, "{}", figures.len());
    let hidden: Vec<_> = figures.iter().filter(|it| !shown.contains(*it)).collect();
    assert!(hidden.is_empty(), "no page shows {hidden:#?}");
}

#[test]
fn links_and_anchors_are_read_as_github_reads_them() {
    let text = "# A `b`, c_d-e\n[x](y.md#z) `[no](link)` ![p](q.svg \"title\")\n\
                ```sh\n# no heading\n[no](link)\n```\n## Two\n### Two\n[r]: s.md\n";
    assert_eq!(links(text), ["y.md#z", "q.svg", "s.md"]);
    assert_eq!(anchors(text), ["a-b-c_d-e", "two", "two-1"]);
}
