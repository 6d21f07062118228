//! The site as files: pages, links, sizes, recordings.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use common::{Built, built, root, workspace};
use regex::Regex;
use rustix::process::{Pid, Signal, kill_process};
use xtask_site::check::check;
use xtask_site::record::{code_hash, run};
use xtask_site::recording::{Place, Recording};
use xtask_site::sessions::Sessions;

/// No page has more bytes than this.
const LARGEST: u64 = 200 * 1024;

#[test]
fn each_listing_has_a_page_with_its_program() {
    let workspace = workspace();
    let pages = built().pages();
    let mut numbers = 0;
    for (_, listing) in workspace.listings() {
        if let Some((chapter, number)) = listing.header.number {
            let page = format!("{chapter}.{number}.html");
            assert!(pages.contains(&page), "{page}");
            numbers += usize::from(listing.header.variant.is_none());
        }
    }
    assert!(numbers >= 135, "{numbers}");
    let page = built().read("2.9.html");
    for wanted in [
        "cargo xtask run 2.9",
        "sleeping for 3 second(s)",
        "Variant: sequential",
        "figure class=\"timeline\"",
        "asyncio.create_task",
        "Each future is awaited where it is made",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(
        !page.contains("//! Listing"),
        "the header is text, not code"
    );
    let library = built().read("2.6.html");
    assert!(
        library.contains("These use it:"),
        "a library says who uses it"
    );
}

#[test]
fn all_links_lead_somewhere_and_no_page_is_large() {
    let links = Regex::new(r#"(?:href|src)="([^"]*)""#).unwrap();
    let site = built().path();
    let mut wrong = Vec::new();
    for page in built().pages() {
        let size = fs::metadata(site.join(&page)).unwrap().len();
        assert!(size <= LARGEST, "{page} has {size} bytes");
        let html = built().read(&page);
        for link in links.captures_iter(&html) {
            let (path, anchor) = link[1].split_once('#').unwrap_or((&link[1], ""));
            if path.contains("://") {
                continue;
            }
            let target = if path.is_empty() { &page } else { path };
            if !site.join(target).is_file() {
                wrong.push(format!("{page}: {target}"));
            } else if !anchor.is_empty() && target.ends_with(".html") {
                let id = format!("id=\"{anchor}\"");
                if !built().read(target).contains(&id) {
                    wrong.push(format!("{page}: {target}#{anchor}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_comes_from_elsewhere() {
    let loads =
        Regex::new(r#"(?:src|href)="(?:https?:)?//[^"]*"|url\(\s*['"]?(?:https?:)?//"#).unwrap();
    let scripts =
        Regex::new(r#"<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//"#).unwrap();
    for page in built().pages() {
        assert!(!scripts.is_match(&built().read(&page)), "{page}");
    }
    for entry in fs::read_dir(built().path().join("css")).unwrap() {
        let css = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!loads.is_match(&css), "{css}");
    }
}

#[test]
fn recordings_fit_what_the_tests_expect() {
    let wrong = check(&workspace()).unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_recording_is_left_of_a_listing_that_is_gone() {
    let workspace = workspace();
    for entry in fs::read_dir(workspace.root.join("xtask/site/recordings")).unwrap() {
        let path = entry.unwrap().path();
        let binary = path.file_stem().unwrap().to_str().unwrap();
        assert!(workspace.binary(binary).is_some(), "{}", path.display());
    }
}

/// A listing whose code has changed since it was recorded runs again, and must still print every
/// line that never moved.
#[test]
fn changed_listings_print_what_was_recorded() {
    let workspace = workspace();
    let sessions = Sessions::read(&workspace).unwrap();
    let mut changed = Vec::new();
    for (chapter, listing) in workspace.listings() {
        let Some(binary) = listing
            .binary
            .as_deref()
            .filter(|it| !sessions.leaves_out(it))
        else {
            continue;
        };
        let recording = Recording::read(&workspace.root, binary).unwrap().unwrap();
        if recording.code != code_hash(&workspace, chapter, listing).unwrap() {
            changed.push((listing, binary, recording));
        }
    }
    if changed.is_empty() {
        return;
    }
    let binaries = changed
        .iter()
        .map(|(_, binary, _)| *binary)
        .chain(sessions.servers());
    let built = xtask::build::build(&workspace, binaries, true).unwrap();
    let varies = Regex::new("⟨.*?⟩").unwrap();
    for (listing, binary, recording) in &changed {
        let printed = run(&built, &sessions.of(listing, binary), binary, false)
            .unwrap()
            .printed;
        let texts: Vec<&str> = printed.iter().map(|line| line.text.as_str()).collect();
        for line in recording
            .lines
            .iter()
            .filter(|line| line.place == Place::Fixed)
        {
            // What varies may be anything.
            let pattern = varies.replace_all(&line.text, "\u{0}").into_owned();
            let pattern = regex::escape(&pattern).replace('\u{0}', ".*");
            let pattern = Regex::new(&format!("^{pattern}$")).unwrap();
            assert!(
                texts.iter().any(|text| pattern.is_match(text)),
                "{binary} has changed and no longer prints '{}'; record it anew with \
                 `cargo xtask book --record {binary}`: {texts:#?}",
                line.plain()
            );
        }
    }
}

#[test]
fn the_books_programs_are_shown_from_the_readers_checkout_alone() {
    let checkout = tempfile::tempdir().unwrap();
    fs::create_dir_all(checkout.path().join("chapter_02")).unwrap();
    let python = "async def main():\n    asyncio.create_task(a_line_of_the_test())\n";
    fs::write(checkout.path().join("chapter_02/listing_2_9.py"), python).unwrap();
    let local = Built::new(Some(checkout.path()));
    let page = local.read("2.9.html");
    assert!(page.contains("a_line_of_the_test"));
    assert!(page.contains("do not publish"));
    let pairs = Regex::new(r#"<mark class="pair p(\d)">(create_task|spawn|main)</mark>"#).unwrap();
    let found: Vec<(String, String)> = pairs
        .captures_iter(&page)
        .map(|it| (it[2].to_owned(), it[1].to_owned()))
        .collect();
    let of = |name: &str| {
        found
            .iter()
            .find(|(word, _)| word == name)
            .map(|(_, number)| number)
    };
    assert!(
        of("create_task").is_some() && of("create_task") == of("spawn"),
        "{found:?}"
    );
    assert_ne!(of("main"), of("spawn"), "{found:?}");
    assert!(!built().read("2.9.html").contains("class=\"beside\""));

    let output = Command::new(env!("CARGO_BIN_EXE_xtask-site"))
        .current_dir(root())
        .args(["book", "--to", "published", "--with-book"])
        .arg(checkout.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("error: the book's programs are its author's"),
        "{error}"
    );
    assert!(!root().join("published").exists());
}

#[test]
fn a_folder_that_is_no_site_is_not_emptied() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask-site"))
        .current_dir(root())
        .args(["book", "--to"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is there and is not a site"), "{error}");
    assert!(folder.path().join("mine").exists());
}

#[test]
fn it_is_served_until_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_xtask-site"))
        .current_dir(root())
        .args(["book", "--serve", "127.0.0.1:0", "--to"])
        .arg(folder.path().join("site"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(server.stdout.take().unwrap());
    let mut lines = output.lines().map(Result::unwrap);
    let address = lines
        .find_map(|line| {
            let rest = line.strip_prefix("Serving on http://")?;
            Some(rest.split('/').next()?.to_owned())
        })
        .unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = "GET /2.9.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("Running multiple tasks"), "{answer}");
    kill_process(Pid::from_child(&server), Signal::INT).unwrap();
    assert!(server.wait().unwrap().success());
}

#[test]
fn it_is_served_on_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask-site"))
        .current_dir(root())
        .args(["book", "--serve", "192.0.2.1:0", "--to"])
        .arg(folder.path().join("site"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.ends_with("192.0.2.1:0 is not a loopback address\n"),
        "{error}"
    );
}
