//! RUST.md explains all Rust that the listings use, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use util_testing::skipped;
use walkdir::WalkDir;
use xtask::rust;
use xtask::workspace::Workspace;
use xtask_reader::snippets::snippets;
use xtask_reader::{anchor_of, entries, uses};

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| Workspace::load().unwrap());

/// A source file of a chapter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    /// Its place in the book's order.
    place: usize,
    /// Its path from the top folder.
    path: String,
    /// What RUST.md calls it.
    name: String,
}

/// Each construct, with the first program that uses it. What has no number comes last in its
/// chapter.
static FIRST_USES: LazyLock<BTreeMap<String, Source>> = LazyLock::new(|| {
    let mut programs: Vec<(PathBuf, Option<String>)> = Vec::new();
    for chapter in WORKSPACE.chapters.iter().filter(|it| it.name != "util") {
        let listings = chapter.listings.iter();
        let numbered = listings.filter(|it| it.header.number.is_some());
        programs.extend(numbered.map(|it| (it.path.clone(), Some(it.header.to_string()))));
        let folder = WORKSPACE.root.join(&chapter.name).join("src");
        let files = WalkDir::new(folder).sort_by_file_name().into_iter();
        let files = files.map(|it| it.unwrap().into_path());
        let rust = files.filter(|it| it.extension().is_some_and(|it| it == "rs"));
        programs.extend(rust.map(|path| (path, None)));
    }
    let mut first = BTreeMap::new();
    for (place, (path, number)) in programs.into_iter().enumerate() {
        let text = fs::read_to_string(&path).unwrap();
        let stem = || path.file_stem().unwrap().display().to_string();
        let source = Source {
            place,
            path: WORKSPACE.relative(&path).display().to_string(),
            name: number.unwrap_or_else(stem),
        };
        for it in uses(&text).unwrap_or_else(|error| panic!("{}: {error}", source.path)) {
            first.entry(it.construct).or_insert_with(|| source.clone());
        }
    }
    first
});

fn page() -> String {
    fs::read_to_string(WORKSPACE.root.join("RUST.md")).unwrap()
}

#[test]
fn each_construct_has_an_entry_and_each_entry_is_used() {
    let missing: Vec<_> = FIRST_USES
        .iter()
        .filter(|(construct, _)| anchor_of(construct).is_none())
        .map(|(construct, source)| format!("{construct} in {}", source.path))
        .collect();
    assert!(missing.is_empty(), "RUST.md does not explain {missing:#?}");
    let all = entries().flat_map(|(_, constructs)| constructs);
    let unused: Vec<_> = all.filter(|it| !FIRST_USES.contains_key(*it)).collect();
    assert!(unused.is_empty(), "no listing uses {unused:?}");
}

#[test]
fn the_entries_stand_in_the_order_of_their_first_use() {
    let page = page();
    assert!(page.len() <= 14 * 1024, "{} bytes", page.len());
    let on_page = rust::entries(&page);
    let anchors: Vec<&str> = on_page.iter().map(|it| it.anchor.as_str()).collect();
    let listed: Vec<&str> = entries().map(|(anchor, _)| anchor).collect();
    assert_eq!(anchors, listed, "RUST.md and entries.txt");

    let mut last = None;
    let mut wrong = Vec::new();
    for (entry, (_, constructs)) in on_page.iter().zip(entries()) {
        let uses = constructs.iter().filter_map(|it| FIRST_USES.get(*it));
        let first = uses.min();
        let Source { name, path, .. } = first.unwrap();
        if (entry.first_in, entry.path) != (name, path) {
            wrong.push(format!(
                "{}: First in [{name}]., [{name}]: {path}",
                entry.title
            ));
        }
        if first < last {
            wrong.push(format!("{}: it belongs further up", entry.title));
        }
        last = first;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_entry_names_what_it_explains() {
    let page = page();
    let sections = page.split("\n## ").skip(1);
    for (text, (anchor, constructs)) in sections.zip(entries()) {
        for construct in constructs {
            let word = construct.trim_matches(|c: char| !c.is_alphanumeric());
            let is_word = word.chars().all(|c| c.is_alphanumeric() || c == '_');
            assert!(!is_word || text.contains(word), "{anchor}: {construct}");
        }
    }
}

#[test]
fn constructs_are_found_inside_macros_with_their_places() {
    let found = |source| {
        let uses = uses(source).unwrap().into_iter();
        uses.map(|it| it.construct).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        found("select! { Some(n) = f() => g(|_| &n)??, }"),
        "select! Some |x| _ & ??"
    );
    assert_eq!(found("use std::{cell::Unknown, fs::Other};"), "use Unknown");
    assert_eq!(
        found("impl A for B { type C = &'static D; }"),
        "impl impl … for type & 'static"
    );
    assert_eq!(
        found("let A(b) = c else { return }; a * !b || c & d"),
        "let let … else return ! &&"
    );
    assert_eq!(
        found("println!(\"{a} {b:?}\", x[1..], v.0)"),
        "println! {name} {:…} x[i] a..b .0"
    );

    let last = uses("fn f() {\n    g()?\n}").unwrap().pop().unwrap();
    assert_eq!(
        (last.construct.as_str(), last.start.line, last.start.column),
        ("?", 2, 7)
    );
}

#[test]
fn the_python_runs() {
    let snippets = snippets(&page(), "python");
    assert!(snippets.len() >= 3, "{}", snippets.len());
    for snippet in snippets {
        let Ok(output) = Command::new("python3").args(["-c", &snippet.code]).output() else {
            return skipped("there is no python3");
        };
        assert!(output.status.success(), "{}\n{output:?}", snippet.code);
    }
}
