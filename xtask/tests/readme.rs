//! What the README says of the listings is so.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod pages;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use pages::{listings, root};
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
