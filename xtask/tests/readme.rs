//! What the README says of the listings is so.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xtask::source::rust_code;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All listings, as `list --json` gives them.
fn listings() -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["list", "--json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The sources of the listing that the README calls `name`: a number, with its variants, or a
/// binary's name.
fn sources(listings: &[Value], name: &str) -> String {
    let called = |listing: &&Value| listing["number"] == name || listing["binary"] == name;
    let found: Vec<String> = listings
        .iter()
        .filter(called)
        .map(|listing| {
            let path = root().join(listing["source"].as_str().unwrap());
            rust_code(&fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(!found.is_empty(), "there is no listing '{name}'");
    found.concat()
}

/// What stands between backquotes.
fn spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The part of an API's name that must be in a source: `Handle::current` is written
/// `handle.current()` or `runtime::Handle::current()`.
fn word(api: &str) -> &str {
    if api.starts_with("#[") || api.starts_with("async ") {
        return api.trim_start_matches("#[").trim_end_matches(']');
    }
    api.rsplit("::").next().unwrap_or(api)
}

#[test]
fn each_row_of_the_map_is_backed_by_its_listings() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, map) = readme.split_once("<!-- map: ").unwrap();
    let (map, _) = map.split_once("<!-- end of map -->").unwrap();
    let listings = listings();
    let mut rows = 0;
    for line in map.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, python, rust, names, bites, _] = cells[..] else {
            panic!("{line}");
        };
        assert!(!python.is_empty() && !bites.is_empty(), "{line}");
        let sources: Vec<(&str, String)> = names
            .split(", ")
            .map(|name| (name, sources(&listings, name)))
            .collect();
        let apis = spans(rust);
        assert!(!apis.is_empty(), "{line}");
        for api in &apis {
            assert!(
                sources.iter().any(|(_, source)| source.contains(word(api))),
                "no listing of {names} uses `{api}`"
            );
        }
        for (name, source) in &sources {
            assert!(
                apis.iter().any(|api| source.contains(word(api))),
                "{name} uses nothing of {rust}"
            );
        }
        // Other listings that the text names are there too.
        for span in spans(bites)
            .iter()
            .filter(|span| span.starts_with("sleep_"))
        {
            assert!(listings.iter().any(|listing| listing["binary"] == *span));
        }
        rows += 1;
    }
    assert!(rows > 40, "{rows}");
}

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
fn the_files_that_the_readmes_show_are_there() {
    let chapters = fs::read_dir(root()).unwrap().flatten();
    let mut folders: Vec<PathBuf> = chapters.map(|entry| entry.path()).collect();
    folders.push(root());
    let mut links = 0;
    for folder in folders {
        let Ok(readme) = fs::read_to_string(folder.join("README.md")) else {
            continue;
        };
        for link in readme.split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            if target.starts_with("https://") || target.starts_with('#') {
                continue;
            }
            assert!(
                folder.join(target).exists(),
                "{target} in {}",
                folder.display()
            );
            links += 1;
        }
    }
    assert!(links > 20, "{links}");
}
