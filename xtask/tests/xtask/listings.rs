//! What the headers of the listings say is so, and a test runs each of them.

use std::fs;
use std::path::Path;

use xtask::source::rust_code;
use xtask::workspace::{Chapter, Listing, parse_number};

use crate::{WORKSPACE, assert_none, files, packages, read, spans, word};

/// All binaries, each with its chapter.
fn binaries() -> impl Iterator<Item = (&'static Chapter, &'static Listing, &'static str)> {
    let listings = WORKSPACE.listings();
    listings.filter_map(|(chapter, it)| Some((chapter, it, it.binary.as_deref()?)))
}

#[test]
fn the_books_listings_are_all_there() {
    // The last one of each chapter.
    let last = "1.8 2.24 3.10 4.16 6.15 7.19 8.14 11.15 13.14";
    for (chapter, last) in last.split(' ').filter_map(parse_number) {
        for number in 1..=last {
            let own = |listing: &Listing| {
                let header = &listing.header;
                header.number == Some((chapter, number)) && header.variant.is_none()
            };
            let count = WORKSPACE.listings().filter(|(_, it)| own(it)).count();
            assert_eq!(count, 1, "{chapter}.{number}");
        }
    }
}

#[test]
fn the_number_of_a_file_is_that_of_its_header() {
    let number = |binary: &str| {
        let mut parts = binary.strip_prefix("listing_")?.split('_');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let wrong = binaries()
        .filter(|(_, listing, binary)| number(binary) != listing.header.number)
        .map(|(_, listing, binary)| format!("{binary}: Listing {}", listing.header));
    assert_none(&wrong.collect::<Vec<_>>(), "file and header differ");
}

#[test]
fn a_test_runs_every_binary() {
    let mut wrong = Vec::new();
    let files = files("rs");
    for (chapter, _, binary) in binaries() {
        let folder = Path::new(&chapter.name).join("tests");
        let tests = files.iter().filter(|it| it.starts_with(&folder));
        let mut sources = tests.map(|it| rust_code(&read(it)));
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

#[test]
fn what_a_header_names_is_in_its_code() {
    let mut wrong = Vec::new();
    for (chapter, listing) in WORKSPACE.listings() {
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

/// Without `test = false` Cargo would build an empty harness for each listing.
#[test]
fn a_listing_without_tests_says_so_in_its_manifest() {
    let mut wrong = Vec::new();
    let packages = packages();
    for target in packages
        .iter()
        .flat_map(|it| it["targets"].as_array().unwrap())
    {
        let mut binaries = binaries();
        if let Some((chapter, listing, name)) = binaries.find(|it| target["name"] == *it.2) {
            let source = fs::read_to_string(&listing.path).unwrap();
            if target["test"] != source.contains("#[cfg(test)]") {
                wrong.push(format!(
                    "{}: {{ name = \"{name}\", test = false }},",
                    chapter.name
                ));
            }
        }
    }
    assert_none(
        &wrong,
        "`bin` of a manifest lacks a line, or has one for a listing with tests",
    );
}
