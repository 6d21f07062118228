//! The site as files, and in a browser: pages, links, sizes, recordings.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod browser;
mod driver;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use regex::Regex;
use snapbox::IntoData;
use tempfile::TempDir;
use xtask::workspace::Workspace;
use xtask_report::data::{Comparison, Program, Report};
use xtask_site::group::Group;
use xtask_site::measured::measured;
use xtask_site::record::{Recorder, code_hash};
use xtask_site::recording::{Place, Recording};
use xtask_site::sessions::Sessions;
use xtask_site::site;

/// No page has more bytes than this.
const LARGEST: u64 = 200 * 1024;

/// The top folder of the workspace.
fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// The workspace whose listings the site shows.
fn workspace() -> Workspace {
    // This package is a workspace of its own, and Cargo goes by the current folder.
    env::set_current_dir(root()).unwrap();
    Workspace::load().unwrap()
}

/// The site without the book's programs, as it is published. It is built once.
fn built() -> PathBuf {
    static BUILT: OnceLock<TempDir> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let command = book_command().timeout(5 * util_testing::TIMEOUT);
        command.arg("--to").arg(site).assert().success();
        folder
    });
    folder.path().join("site")
}

/// A page as it is in its file.
fn read(page: &str) -> String {
    fs::read_to_string(built().join(page)).unwrap()
}

/// The names of all pages, sorted.
fn pages() -> Vec<String> {
    let entries = fs::read_dir(built()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = names
        .filter(|name| name.ends_with(".html") && name != "toc.html")
        .collect();
    pages.sort();
    pages
}

#[test]
fn each_listing_has_a_page_with_its_program() {
    let pages = pages();
    let workspace = workspace();
    let listings = workspace.listings().map(|(_, listing)| &listing.header);
    let numbers = listings.filter_map(|header| header.number);
    for (chapter, number) in numbers {
        let page = format!("{chapter}.{number}.html");
        assert!(pages.contains(&page), "{page}");
    }
    assert!(pages.len() >= 150, "{}", pages.len());
    let page = read("2.9.html");
    for wanted in [
        "cargo xtask run 2.9",
        "sleeping for 3 second(s)",
        "Variant: sequential",
        "figure class=\"timeline\"",
        "The same as a table: 15 events",
        "<i class=\"f\">main</i>",
        "asyncio.create_task",
        "Each future is awaited where it is made",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!page.contains("//! Listing"), "the header is no code");
    let users = read("2.6.html").contains("These use it:");
    assert!(users, "a library says who uses it");
}

#[test]
fn a_listing_shows_the_comparisons_that_it_is_in() {
    let workspace = workspace();
    let groups = Group::of(workspace.chapter("2").unwrap()).unwrap();
    let program = Program {
        program: "listing_2_09_multiple_tasks 3".into(),
        ..Program::default()
    };
    let mut report = Report::default();
    report.comparisons.push(Comparison {
        lesson: Some("They sleep *together*.".into()),
        programs: vec![program],
        ..Comparison::default()
    });
    let of = |number| groups.iter().find(|group| group.is_called(number)).unwrap();
    let html = measured(&report, of("2.9")).unwrap().into_string();
    assert!(html.contains("<em>together</em>"), "{html}");
    assert!(html.contains("<svg "), "{html}");
    assert!(measured(&report, of("2.8")).is_none());
}

#[test]
fn all_links_lead_somewhere_and_no_page_is_large() {
    let links = Regex::new(r#"(?:href|src)="([^"]*)""#).unwrap();
    let mut wrong = Vec::new();
    for page in pages() {
        let size = fs::metadata(built().join(&page)).unwrap().len();
        assert!(size <= LARGEST, "{page} has {size} bytes");
        let html = read(&page);
        for link in links.captures_iter(&html) {
            let (path, anchor) = link[1].split_once('#').unwrap_or((&link[1], ""));
            if path.contains("://") {
                continue;
            }
            let target = if path.is_empty() { &page } else { path };
            let id = format!("id=\"{anchor}\"");
            let is_there = built().join(target).is_file();
            let has_anchor = || anchor.is_empty() || read(target).contains(&id);
            if !is_there || target.ends_with(".html") && !has_anchor() {
                wrong.push(format!("{page}: {target}#{anchor}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A listing whose code has changed since it was recorded runs again, and must still print every
/// line that never moved.
#[test]
fn changed_listings_print_what_was_recorded() {
    let workspace = workspace();
    let sessions = Sessions::read(&workspace).unwrap();
    let mut changed = Vec::new();
    for (chapter, listing) in workspace.listings() {
        let Some(binary) = listing.binary.as_deref() else {
            continue;
        };
        let recording = Recording::read(&workspace.root, binary).unwrap().unwrap();
        if recording.code != code_hash(&workspace, chapter, listing).unwrap() {
            changed.push((listing, binary, recording));
        }
    }
    let listings = workspace.listings();
    let binaries = listings.filter_map(|(_, it)| it.binary.as_ref());
    let recordings = fs::read_dir(root().join("xtask/site/recordings")).unwrap();
    assert_eq!(recordings.count(), binaries.count(), "one of each");
    let binaries = changed.iter().map(|(_, binary, _)| *binary);
    let built = xtask::build::build(&workspace, binaries.chain(sessions.servers()), true);
    let built = built.unwrap();
    let varies = Regex::new("⟨.*?⟩").unwrap();
    for (listing, binary, recording) in &changed {
        let recorder = Recorder {
            built: &built,
            session: &sessions.of(binary),
            kind: listing.notes.kind,
            binary,
        };
        let printed = recorder.run(false).unwrap().printed;
        let printed: String = printed.into_iter().map(|line| line.text + "\n").collect();
        let fixed = recording
            .lines
            .iter()
            .filter(|line| line.place == Place::Fixed);
        // What varies may be anything, and so may the other lines.
        let fixed = fixed.map(|line| varies.replace_all(&line.text, "[..]") + "\n");
        let fixed = fixed.collect::<String>() + "...\n";
        let compared = util_testing::assert().try_eq(
            Some(&format!(
                "what {binary} printed, which has changed; record it anew"
            )),
            printed.into_data(),
            fixed.into_data().unordered(),
        );
        compared.unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn the_books_programs_are_shown_from_the_readers_checkout_alone() {
    let checkout = tempfile::tempdir().unwrap();
    fs::create_dir_all(checkout.path().join("chapter_02")).unwrap();
    let python = "async def main():\n    asyncio.create_task(a_line_of_the_test())\n";
    fs::write(checkout.path().join("chapter_02/listing_2_9.py"), python).unwrap();
    let site = site::site(&workspace(), Some(checkout.path())).unwrap();
    let page = site.pages.iter().find(|page| page.slug == "2.9").unwrap();
    let page = page.fill(page.markdown.clone()).unwrap();
    assert!(page.contains("a_line_of_the_test") && page.contains("do not publish"));
    let pair = |word: &str| {
        let mark = Regex::new(&format!(r#"<mark class="pair p(\d)">{word}</mark>"#)).unwrap();
        mark.captures(&page).unwrap()[1].to_owned()
    };
    assert_eq!(pair("create_task"), pair("spawn"));
    assert_ne!(pair("main"), pair("spawn"));
    assert!(!read("2.9.html").contains("class=\"beside\""));

    book_command()
        .args(["--to", "published", "--with-book"])
        .arg(checkout.path())
        .assert()
        .code(1)
        .stderr_eq("error: the book's programs are its author's: --with-book builds into [..]\n");
    assert!(!root().join("published").exists());
}

#[test]
fn a_folder_that_is_no_site_is_not_emptied() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    book_command()
        .arg("--to")
        .arg(folder.path())
        .assert()
        .code(1)
        .stderr_eq("error: [..] is there and is not a site\n");
    assert!(folder.path().join("mine").exists());
    let help = book_command().arg("--help").assert().success();
    let help = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
    assert!(help.contains("Usage: cargo xtask book [OPTIONS]"), "{help}");
}

fn book_command() -> snapbox::cmd::Command {
    let command = util_testing::listing(env!("CARGO_BIN_EXE_xtask-site"));
    command.current_dir(root()).arg("book")
}
