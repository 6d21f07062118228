//! What the headers of the listings say is so, and a test runs each of them.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fs;

use serde_json::Value;
use xtask::source::rust_code;
use xtask::workspace::{Chapter, Listing, Workspace};

fn assert_none(wrong: &[String], what: &str) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// All binaries, each with its chapter.
fn binaries(workspace: &Workspace) -> Vec<(&Chapter, &Listing, &str)> {
    let listings = workspace.listings();
    let binaries = listings.filter_map(|(chapter, it)| Some((chapter, it, it.binary.as_deref()?)));
    binaries.collect()
}

/// The 2.9 of `listing_2_09_multiple_tasks`.
fn number(binary: &str) -> Option<(u32, u32)> {
    let mut parts = binary.strip_prefix("listing_")?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[test]
fn the_number_of_a_file_is_that_of_its_header() {
    let workspace = Workspace::load().unwrap();
    let binaries = binaries(&workspace);
    assert!(binaries.len() > 100);
    let wrong = binaries
        .iter()
        .filter(|(_, listing, binary)| number(binary) != listing.header.number)
        .map(|(_, listing, binary)| format!("{binary}: Listing {}", listing.header));
    assert_none(&wrong.collect::<Vec<_>>(), "file and header differ");
}

#[test]
fn a_test_runs_every_binary() {
    let workspace = Workspace::load().unwrap();
    let mut wrong = Vec::new();
    for (chapter, _, binary) in binaries(&workspace) {
        let folder = workspace.root.join(&chapter.name).join("tests");
        let tests = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut sources = tests
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "rs"))
            .map(|entry| rust_code(&fs::read_to_string(entry.path()).unwrap()));
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let named = |source: String| {
            let mut words = source.split(|c: char| !is_word(c));
            words.any(|word| word.strip_prefix("CARGO_BIN_EXE_").unwrap_or(word) == binary)
        };
        if !sources.any(named) {
            wrong.push(format!("{}: {binary}", chapter.name));
        }
    }
    assert_none(&wrong, "no file in its chapter's `tests` names");
}

/// The parts of a Markdown text between backquotes.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The word of an API that a source must have: `Handle::current` is written `handle.current()` or
/// `runtime::Handle::current()`.
fn word(api: &str) -> &str {
    let api = api
        .trim_start_matches("#[")
        .trim_end_matches([']', '!', '?', ')', '(']);
    let api = api.split(['(', '<', '{']).next().unwrap_or(api);
    let last = api.rsplit("::").next().unwrap_or(api);
    last.rsplit('.').next().unwrap_or(last).trim()
}

#[test]
fn what_a_header_names_is_in_its_code() {
    let workspace = Workspace::load().unwrap();
    let mut wrong = Vec::new();
    for (chapter, listing) in workspace.listings() {
        let Some(rust) = &listing.notes.rust else {
            continue;
        };
        // A listing's header speaks for its variants too.
        let header = &listing.header;
        let speaks_for = |it: &&Listing| {
            let is_variant = header.number.is_some() && it.header.number == header.number;
            it.path == listing.path || (is_variant && header.variant.is_none())
        };
        let sources = chapter.listings.iter().filter(speaks_for);
        let code: String = sources
            .map(|it| rust_code(&fs::read_to_string(&it.path).unwrap()))
            .collect();
        let missing = spans(rust).filter(|api| !code.contains(word(api)));
        wrong.extend(missing.map(|api| format!("{}: {}: `{api}`", chapter.name, listing.name())));
    }
    assert_none(&wrong, "its header names what its code has not");
}

#[test]
fn words_of_apis_are_their_last_names() {
    for (api, expected) in [
        ("tokio::spawn", "spawn"),
        ("#[tokio::main]", "main"),
        ("Semaphore::new(10)", "new"),
        ("println!", "println"),
        ("Mutex", "Mutex"),
    ] {
        assert_eq!(word(api), expected);
    }
}

#[test]
fn cargo_builds_no_empty_harness_for_a_listing() {
    let metadata = cargo_metadata::MetadataCommand::new()
        .no_deps()
        .exec()
        .unwrap();
    let chapters = metadata
        .packages
        .iter()
        .filter(|it| it.name.starts_with("ch"));
    let binaries = chapters.flat_map(|it| it.targets.iter().filter(|target| target.is_bin()));
    let mut wrong = Vec::new();
    for target in binaries {
        let has_tests = fs::read_to_string(&target.src_path)
            .unwrap()
            .contains("#[cfg(test)]");
        if target.test != has_tests {
            wrong.push(target.name.clone());
        }
    }
    assert_none(
        &wrong,
        "`bin` of its manifest should say `test = false`, which `cargo xtask readme` writes",
    );
}

#[test]
fn what_a_figure_shows_can_be_recorded() {
    let workspace = Workspace::load().unwrap();
    let figures = workspace.chapters.iter().flat_map(|chapter| {
        let tables = chapter.metadata.get("figure").and_then(Value::as_array);
        tables.into_iter().flatten()
    });
    let mut wrong = Vec::new();
    for figure in figures {
        let program = figure["run"].as_str().unwrap();
        let binary = program.split(' ').next().unwrap();
        let (chapter, listing) = workspace.binary(binary).unwrap();
        let code = rust_code(&fs::read_to_string(&listing.path).unwrap());
        // The recorder is in `util`; the packages beside it and the chapter's own bring it along.
        if !code.contains("util") && !code.contains(&chapter.name.replace('-', "_")) {
            wrong.push(binary.to_owned());
        }
    }
    assert_none(&wrong, "a figure shows it, and it does not link `util`");
}
