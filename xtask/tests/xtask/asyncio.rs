//! ASYNCIO.md: its rows name what their listings use, its Python prints what it says. Its Rust is
//! tested in `xtask/reader`.

use std::fs;
use std::process::Command;

use util_testing::{assert_eq, skipped};
use xtask::source::rust_code;
use xtask::workspace::Listing;

use crate::markdown::Page;
use crate::{WORKSPACE, read, spans, word};

/// The code of the listing that the page calls `name`: a number, with its variants, or a binary's
/// name.
fn code(name: &str) -> String {
    let number = xtask::workspace::parse_number(name);
    let called = |listing: &Listing| match number {
        Some(_) => listing.header.number == number,
        None => listing.name() == name,
    };
    let found = WORKSPACE.listings().filter(|(_, it)| called(it));
    let found = found.map(|(_, it)| rust_code(&fs::read_to_string(&it.path).unwrap()));
    let code: String = found.collect();
    assert!(!code.is_empty(), "there is no listing '{name}'");
    code
}

#[test]
fn each_row_of_the_map_is_backed_by_the_code_of_its_listings() {
    let page = read("ASYNCIO.md");
    let (_, map) = page.split_once("<!-- map: ").unwrap();
    let (map, _) = map.split_once("<!-- end of map -->").unwrap();
    let mut rows = 0;
    for line in map.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, python, rust, names, bites, _] = cells[..] else {
            panic!("{line}");
        };
        assert!(!python.is_empty() && !bites.is_empty(), "{line}");
        let codes: Vec<String> = names.split(", ").map(code).collect();
        let apis: Vec<&str> = spans(rust).map(word).collect();
        for api in &apis {
            let used = codes.iter().any(|code| code.contains(api));
            assert!(used, "no listing of {names} uses {api}");
        }
        for code in &codes {
            let used = apis.iter().any(|api| code.contains(api));
            assert!(used, "a listing of {names} uses nothing of {rust}:\n{code}");
        }
        // Other listings that the text names are there too.
        let named = spans(bites).filter(|span| span.starts_with("sleep_"));
        named.for_each(|name| drop(code(name)));
        rows += 1;
    }
    assert!(rows > 40, "{rows}");
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
    let page = read("ASYNCIO.md");
    let newest = newest_python();
    let mut programs = 0;
    let sections = page.split("\n### ").skip(1);
    for section in sections.filter(|it| it.contains("```python\n")) {
        let (title, text) = section.split_once('\n').unwrap();
        let version = title.split_once("(Python 3.");
        let wanted = version.map_or(7, |(_, it)| it.trim_end_matches(')').parse().unwrap());
        programs += 1;
        let Some((_, python)) = newest.as_ref().filter(|(minor, _)| *minor >= wanted) else {
            skipped(&format!("{title}: there is no such Python here"));
            continue;
        };
        let blocks = Page::parse(text).blocks;
        let block = |language| {
            let block = blocks.iter().find(|it| it.language == language);
            &block.unwrap().text
        };
        let program = ["-c", block("python")];
        let output = Command::new(python).args(program).output().unwrap();
        assert!(output.status.success(), "{title}: {output:?}");
        assert_eq(output.stdout, block("text"));
    }
    assert!(programs >= 11, "{programs}");
}
