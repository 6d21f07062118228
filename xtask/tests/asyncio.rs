//! ASYNCIO.md: its rows name what their listings use, its Python prints what it says. Its Rust is
//! tested in `xtask/reader`.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod pages;

use std::fs;
use std::process::Command;

use pages::{listings, root};
use serde_json::Value;
use util_testing::{assert_eq, skipped};
use xtask::source::rust_code;

fn page() -> String {
    fs::read_to_string(root().join("ASYNCIO.md")).unwrap()
}

/// The code of the listing that the page calls `name`: a number, with its variants, or a binary's
/// name.
fn code(listings: &[Value], name: &str) -> String {
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

/// The part of an API's name that must be in the code: `Handle::current` is written
/// `handle.current()` or `runtime::Handle::current()`.
fn word(api: &str) -> &str {
    if api.starts_with("#[") || api.starts_with("async ") {
        return api.trim_start_matches("#[").trim_end_matches(']');
    }
    api.rsplit("::").next().unwrap_or(api)
}

#[test]
fn each_row_of_the_map_is_backed_by_the_code_of_its_listings() {
    let page = page();
    let (_, map) = page.split_once("<!-- map: ").unwrap();
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
            .map(|name| (name, code(&listings, name)))
            .collect();
        let apis = spans(rust);
        assert!(!apis.is_empty(), "{line}");
        for api in &apis {
            assert!(
                sources.iter().any(|(_, code)| code.contains(word(api))),
                "no listing of {names} uses `{api}`"
            );
        }
        for (name, code) in &sources {
            assert!(
                apis.iter().any(|api| code.contains(word(api))),
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

/// The text of the first block of `language` in `section`.
fn block<'a>(section: &'a str, language: &str) -> &'a str {
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```").unwrap().0
}

/// The minor version of the newest Python 3 here, and how to start it.
fn newest_python() -> Option<(u32, String)> {
    let names = (11..=20).rev().map(|minor| format!("python3.{minor}"));
    names.chain(["python3".to_owned()]).find_map(|python| {
        let output = Command::new(&python).arg("--version").output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?;
        let minor = version.trim().strip_prefix("Python 3.")?;
        Some((minor.split('.').next()?.parse().ok()?, python))
    })
}

#[test]
fn each_python_program_prints_what_the_page_says() {
    let page = page();
    let newest = newest_python();
    let mut programs = 0;
    let sections = page.split("\n### ").skip(1);
    for section in sections.filter(|it| it.contains("```python\n")) {
        let title = section.lines().next().unwrap();
        let version = title.split_once("(Python 3.");
        let wanted = version.map_or(7, |(_, it)| it.trim_end_matches(')').parse().unwrap());
        programs += 1;
        let Some((_, python)) = newest.as_ref().filter(|(minor, _)| *minor >= wanted) else {
            skipped(&format!("{title}: there is no such Python here"));
            continue;
        };
        let output = Command::new(python)
            .args(["-c", block(section, "python")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{title}: {output:?}");
        assert_eq(output.stdout, block(section, "text"));
    }
    assert!(programs >= 11, "{programs}");
}
