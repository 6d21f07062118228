//! The site as files, and in a browser: pages, links, sizes, recordings.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod browser;
mod driver;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use regex::Regex;
use snapbox::IntoData;
use tempfile::TempDir;
use xtask::what_if::experiments;
use xtask::workspace::Workspace;
use xtask_report::data::{Comparison, Program, Report};
use xtask_site::group::Group;
use xtask_site::measured::measured;
use xtask_site::record::{Recorder, code_hash};
use xtask_site::recording::{Place, Recording};
use xtask_site::sessions::Sessions;
use xtask_site::{site, what_if};

/// No page has more bytes than this.
const LARGEST: u64 = 200 * 1024;

/// The files that a server or a page shows elsewhere.
const PARTS: [&str; 2] = ["404.html", "toc.html"];

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
        let command = command.args(["--url", "https://site.example/name/", "--to"]);
        command.arg(site).assert().success();
        folder
    });
    folder.path().join("site")
}

/// A page as it is in its file.
fn read(page: &str) -> String {
    fs::read_to_string(built().join(page)).unwrap()
}

/// The names of all pages.
fn pages() -> Vec<String> {
    let entries = fs::read_dir(built()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages = names.filter(|it| it.ends_with(".html") && !PARTS.contains(&it.as_str()));
    pages.collect()
}

#[test]
fn each_listing_has_a_page_with_its_program() {
    let pages = pages();
    let workspace = workspace();
    let listings = workspace.listings();
    for (chapter, number) in listings.filter_map(|(_, it)| it.header.number) {
        let page = format!("{chapter}.{number}.html");
        assert!(pages.contains(&page), "{page}");
    }
    let page = read("2.9.html");
    for wanted in [
        "cargo xtask run 2.9",
        "sleeping for 3 second(s)",
        "figure class=\"timeline\"",
        "The same as a table: 15 events",
        "<i class=\"f\">main</i>",
        "What if you await each task as you spawn it?",
        "<i class=\"added\">    tokio::spawn(delay(3)).await?;",
        "href=\"rust.html#result-and-the-question-mark\"",
        "\"og:url\" content=\"https://site.example/name/2.9.html\"",
        "<meta name=\"description\" content=\"spawn queues a task, as create_task does.",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!page.contains("//! Listing"), "the header is no code");
    assert!(read("2.6.html").contains("These use it:"));
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

/// Serves the site below `/name/`, as a project's own site is; elsewhere there is its 404 page.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/name/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = head[0].split(' ').nth(1).unwrap();
            let path = path.strip_prefix("/name/").unwrap_or("elsewhere");
            let (status, body) = match fs::read(built().join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", read("404.html").into_bytes()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
            write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    base
}

#[test]
fn all_links_lead_somewhere_below_any_path_and_no_page_is_large() {
    let base = serve();
    let links = Regex::new(r#"(?:href|src)="([^"]*)""#).unwrap();
    let mut found = BTreeMap::new();
    let mut wrong = Vec::new();
    for page in pages().into_iter().chain(PARTS.map(str::to_owned)) {
        let size = fs::metadata(built().join(&page)).unwrap().len();
        assert!(size <= LARGEST, "{page} has {size} bytes");
        let html = read(&page);
        for link in links.captures_iter(&html) {
            let (path, anchor) = link[1].split_once('#').unwrap_or((&link[1], ""));
            if path.contains("://") || path == "/name/" {
                continue;
            }
            let target = if path.is_empty() { &page } else { path };
            let id = format!("id=\"{anchor}\"");
            let get = || ureq::get(format!("{base}{target}")).call().is_ok();
            let is_there = *found.entry(target.to_owned()).or_insert_with(get);
            let has_anchor = || anchor.is_empty() || read(target).contains(&id);
            if !is_there || target.ends_with(".html") && !has_anchor() {
                wrong.push(format!("{page}: {target}#{anchor}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let missing = ureq::get(format!("{base}no/such/page"));
    let missing = missing.config().http_status_as_error(false).build().call();
    let missing = missing.unwrap().body_mut().read_to_string().unwrap();
    let back = "<base href=\"/name/\">";
    assert!(missing.contains(back) && missing.contains("There is no such page"));
    let map = fs::read_to_string(built().join("sitemap.xml")).unwrap();
    assert!(map.contains("<loc>https://site.example/name/2.9.html</loc>"));
}

/// What has changed since it was recorded runs again, and must still print every line that never
/// moved: listings, and those with the change of an experiment.
#[test]
fn what_has_changed_prints_what_was_recorded() {
    let workspace = workspace();
    let sessions = Sessions::read(&workspace).unwrap();
    let recorded = |name: &str| Recording::read(&workspace.root, name).unwrap();
    let is_changed = |name: &str, code| recorded(name).is_some_and(|old| old.code != code);
    let mut listings: Vec<_> = workspace.listings().collect();
    listings.retain(|(_, it)| it.binary.is_some());
    let recordings = fs::read_dir(root().join("xtask/site/recordings")).unwrap();
    assert_eq!(
        recordings.count(),
        listings.len() + 1,
        "and those of changes"
    );
    listings
        .retain(|(chapter, it)| is_changed(it.name(), code_hash(&workspace, chapter, it).unwrap()));
    let experiments = experiments(&workspace).unwrap();
    let mut experiments: Vec<_> = experiments.iter().collect();
    experiments.retain(|it| is_changed(&what_if::name(it), what_if::hash(&workspace, it).unwrap()));

    let varies = Regex::new("⟨.*?⟩").unwrap();
    let check = |name: &str, again: anyhow::Result<Recording>| {
        let lines = again.unwrap().lines.into_iter();
        let printed: String = lines.map(|line| line.plain() + "\n").collect();
        let recording = recorded(name).unwrap();
        let lines = recording.lines.iter();
        let fixed = lines.filter(|line| line.place == Place::Fixed);
        // What varies may be anything, and so may the other lines.
        let fixed = fixed.map(|line| varies.replace_all(&line.text, "[..]") + "\n");
        let fixed = fixed.collect::<String>() + "...\n";
        let title = format!("what {name} printed, which has changed; record it anew");
        let (printed, fixed) = (printed.into_data(), fixed.into_data().unordered());
        let compared = util_testing::assert().try_eq(Some(&title), printed, fixed);
        compared.unwrap_or_else(|difference| panic!("{difference}"));
    };
    if !listings.is_empty() {
        let names = listings.iter().map(|(_, listing)| listing.name());
        let built = xtask::build::build(&workspace, names.chain(sessions.servers()), true);
        let built = built.unwrap();
        let recorder = Recorder::new(&built, &sessions, None);
        for (_, listing) in listings {
            check(listing.name(), recorder.record(listing, String::new(), 1));
        }
    }
    what_if::recorded(&workspace, &sessions, experiments, check).unwrap();
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
    assert!(!read("2.9.html").contains("The book's, from your checkout"));

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
}

fn book_command() -> snapbox::cmd::Command {
    let command = util_testing::listing(env!("CARGO_BIN_EXE_xtask-site"));
    command.current_dir(root()).arg("book")
}
