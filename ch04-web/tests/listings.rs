//! Runs every listing of chapter 4 as a reader would, on good sites and on bad ones.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fs;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util_testing::{Server, Site, Timeline, command, expected, lines, listing, position};

util_testing::records_timelines!();

util_testing::prints! {
    gather_return_exceptions
    listing_4_02_one_request
    listing_4_10_wait_all
    listing_4_15_wait_timeout
}

util_testing::prints_at! {
    listing_4_04_await_in_loop [0, 0, 3, 3, 6, 6, 9, 9];
    listing_4_05_spawn_first [0, 0, 0, 0, 3, 3, 3, 3];
    listing_4_07_ordered_results [0, 0, 1, 3, 3];
    listing_4_09_as_completed_timeout [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2];
    two_tasks [0, 0, 1, 2];
}

const CLOSING_A_FILE: &str = env!("CARGO_BIN_EXE_closing_a_file");
const GATHER_FIRST_ERROR: &str = env!("CARGO_BIN_EXE_gather_first_error");
const LISTING_4_01: &str = env!("CARGO_BIN_EXE_listing_4_01_connected_socket");
const LISTING_4_02: &str = env!("CARGO_BIN_EXE_listing_4_02_one_request");
const LISTING_4_03: &str = env!("CARGO_BIN_EXE_listing_4_03_timeouts");
const LISTING_4_06: &str = env!("CARGO_BIN_EXE_listing_4_06_join_all");
const LISTING_4_06_SEQUENTIAL: &str = env!("CARGO_BIN_EXE_listing_4_06_sequential");
const LISTING_4_08: &str = env!("CARGO_BIN_EXE_listing_4_08_as_completed");
const LISTING_4_08_FIRST: &str = env!("CARGO_BIN_EXE_listing_4_08_first");
const LISTING_4_09: &str = env!("CARGO_BIN_EXE_listing_4_09_as_completed_timeout");
const LISTING_4_10: &str = env!("CARGO_BIN_EXE_listing_4_10_wait_all");
const LISTING_4_11: &str = env!("CARGO_BIN_EXE_listing_4_11_exceptions");
const LISTING_4_12: &str = env!("CARGO_BIN_EXE_listing_4_12_first_exception");
const LISTING_4_13: &str = env!("CARGO_BIN_EXE_listing_4_13_first_completed");
const LISTING_4_14: &str = env!("CARGO_BIN_EXE_listing_4_14_all_as_they_come");
const LISTING_4_15: &str = env!("CARGO_BIN_EXE_listing_4_15_wait_timeout");
const LISTING_4_16: &str = env!("CARGO_BIN_EXE_listing_4_16_which_task");

/// All listings that send requests to the site.
const ASKING: [&str; 16] = [
    GATHER_FIRST_ERROR,
    env!("CARGO_BIN_EXE_gather_return_exceptions"),
    LISTING_4_02,
    LISTING_4_03,
    LISTING_4_06,
    LISTING_4_06_SEQUENTIAL,
    LISTING_4_08,
    LISTING_4_08_FIRST,
    LISTING_4_09,
    LISTING_4_10,
    LISTING_4_11,
    LISTING_4_12,
    LISTING_4_13,
    LISTING_4_14,
    LISTING_4_15,
    LISTING_4_16,
];

/// An answer with this status, after which the connection stays open.
fn answer(status: usize) -> String {
    format!("HTTP/1.1 {status} -\r\ncontent-length: 0\r\n\r\n")
}

/// A site that answers a request for each permit that it is sent.
fn permitting_site() -> (Site, Sender<()>) {
    let (permit, permits) = mpsc::channel();
    let permits = Mutex::new(permits);
    let site = Site::answering(move |_| permits.lock().unwrap().recv().is_ok());
    (site, permit)
}

/// Starts a listing that sends requests to `site`, so that a test can watch it run.
fn run(binary: &str, site: &Site) -> Server {
    let mut command = command(binary);
    command.env("EXAMPLE_URL", site.url());
    Server::run(command)
}

/// The output of a listing that sends requests to `site`.
fn output_of(binary: &str, site: &Site) -> Vec<String> {
    let output = listing(binary).env("EXAMPLE_URL", site.url());
    lines(&output.assert().success().get_output().stdout)
}

/// How many times a line occurs.
fn count(lines: &[String], start: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(start)).count()
}

#[test]
fn listing_4_01_leaves_its_block_whatever_happens() {
    let mut server = Server::start(LISTING_4_01, &[]);
    server.wait_for("waiting for connection\n");
    #[cfg(target_os = "linux")]
    util_testing::rests(server.id());
    assert!(!server.stdout().contains("Accepted"));
    server.connect().write_all(b"hello \xff\r\n").unwrap();
    assert!(server.wait().success());
    let name = "listing_4_01_connected_socket";
    util_testing::assert_eq(server.stdout(), expected!(name));

    // It reads as many bytes as in the book.
    let mut server = Server::start(LISTING_4_01, &[]);
    server.connect().write_all(&[b'x'; 3000]).unwrap();
    assert!(server.wait().success());
    let printed = format!("connection\n{}\nExiting", "x".repeat(1024));
    assert!(server.stdout().contains(&printed), "{}", server.stdout());

    let mut server = Server::start(LISTING_4_01, &[]);
    let client = server.connect();
    server.wait_for("Accepted a connection\n");
    util_testing::reset(client);
    assert_eq!(server.wait().code(), Some(1));
    let output = server.stdout();
    assert!(
        output.ends_with("Accepted a connection\nExiting context manager\nClosed connection\n"),
        "{output}"
    );
    util_testing::assert_eq(server.stderr(), "Error: [..] (os error [..])\n");
}

/// A named pipe, whose second opening waits for somebody who writes.
#[cfg(target_os = "linux")]
#[test]
fn closing_a_file_closes_it_before_it_opens_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let mut listing = command(CLOSING_A_FILE);
    listing.arg(&path);
    let mut listing = Server::run(listing);
    fs::write(&path, "one\n").unwrap();
    listing.wait_for("Closed by hand: 1 lines");
    assert_eq!(util_testing::open_files(listing.id(), "/pipe"), 0);
    fs::write(&path, "one\ntwo\n").unwrap();
    listing.wait_for("Closed by its guard: 2 lines");
    assert!(listing.wait().success());
}

#[test]
fn closing_a_file_reads_it_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("example.txt");
    fs::write(&path, "one\ntwo\n").unwrap();
    listing(CLOSING_A_FILE)
        .arg(&path)
        .assert()
        .success()
        .stdout_eq("Closed by hand: 2 lines\nClosed by its guard: 2 lines\n");
    listing(CLOSING_A_FILE)
        .arg(folder.path())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: cannot read [..]\n\nCaused by:\n    [..] (os error [..])\n");
    listing(CLOSING_A_FILE)
        .arg("/no/such/file")
        .assert()
        .code(1)
        .stderr_eq(
            "Error: cannot read /no/such/file\n\nCaused by:\n    \
             [..] (os error [..])\n",
        );
}

/// The site takes twice as long as the request may; the session would allow a second.
#[test]
fn listing_4_03_gives_a_request_less_than_its_session() {
    listing(LISTING_4_03)
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq(
            "Error: error sending request for url ([..])\n\nCaused by:\n    operation timed out\n",
        );
    listing(LISTING_4_03)
        .env("EXAMPLE_URL", Site::answering(|_| false).url())
        .assert()
        .code(1)
        .stderr_eq("...\n    operation timed out\n");
    // Ten milliseconds for the answer leave none for the request.
    for _ in 0..20 {
        let listing = listing(LISTING_4_03).env("EXAMPLE_LATENCY_MS", "10");
        listing.assert().code(1);
    }
    // On a busy machine even this may take too long.
    let in_time = || {
        let listing = listing(LISTING_4_03).env("EXAMPLE_LATENCY_MS", "0");
        listing.assert().get_output().status.success()
    };
    assert!((0..50).any(|_| in_time()));
}

#[test]
fn listing_4_06_makes_a_thousand_requests_and_tells_how_long_it_took() {
    let output = listing(LISTING_4_06).assert().success();
    let lines = lines(&output.get_output().stdout);
    assert_eq!(lines[0], "starting main()");
    assert_eq!(count(&lines, "starting fetch_status(url="), 1000);
    assert_eq!(count(&lines, "finished fetch_status in "), 1000);
    let list = &lines[position(&lines, "[")];
    assert_eq!(list.matches("200").count(), 1000, "{list}");
    assert!(lines.last().unwrap().starts_with("finished main in "));
}

#[test]
fn listing_4_06_makes_its_requests_together() {
    let site = Site::barrier(300);
    listing(LISTING_4_06)
        .arg("300")
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success();
    assert_eq!((site.requests(), site.most_at_once()), (300, 300));
}

#[test]
fn listing_4_06_has_its_results_in_the_order_of_its_requests() {
    let statuses = || {
        // The last request is answered first.
        let turn = AtomicUsize::new(4);
        let site = Site::saying(move |number| {
            while turn.load(Ordering::Relaxed) != number {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(50));
            turn.store(number.wrapping_sub(1), Ordering::Relaxed);
            answer(200 + number)
        });
        let output = listing(LISTING_4_06)
            .arg("5")
            .env("EXAMPLE_URL", site.url());
        let output = output.assert().success();
        let lines = lines(&output.get_output().stdout);
        lines[position(&lines, "[")].clone()
    };
    // The requests may reach the site in another order than they were made, but hardly reversed
    // each time.
    assert!((0..5).any(|_| statuses() != "[204, 203, 202, 201, 200]"));
}

#[test]
fn listing_4_06_sequential_makes_its_requests_one_by_one() {
    listing(LISTING_4_06_SEQUENTIAL)
        .arg("3")
        .assert()
        .success()
        .stdout_eq(expected!("listing_4_06_sequential"));
    let listing = listing(LISTING_4_06_SEQUENTIAL).arg("3");
    let (timeline, _) = Timeline::record(listing);
    assert_eq!(timeline.count("fetch_status"), 3);
    assert_eq!(timeline.most_open("fetch_status"), 1);
}

#[test]
fn listing_4_06_sequential_makes_a_thousand_requests() {
    let listing = listing(LISTING_4_06_SEQUENTIAL).env("EXAMPLE_LATENCY_MS", "0");
    let output = listing.assert().success();
    let lines = lines(&output.get_output().stdout);
    assert_eq!(lines[position(&lines, "[")].matches("200").count(), 1000);
}

#[test]
fn listing_4_06_sequential_keeps_its_connection() {
    let site = Site::saying(|number| answer(200 + number));
    let listing = listing(LISTING_4_06_SEQUENTIAL).arg("3");
    let output = listing.env("EXAMPLE_URL", site.url()).assert().success();
    let lines = lines(&output.get_output().stdout);
    assert_eq!(lines[position(&lines, "[")], "[200, 201, 202]");
    assert_eq!((site.requests(), site.connections()), (3, 1));
}

#[test]
fn listing_4_06_refuses_to_make_no_requests() {
    for binary in [LISTING_4_06, LISTING_4_06_SEQUENTIAL] {
        for wrong in ["0", "20001"] {
            listing(binary)
                .arg(wrong)
                .assert()
                .code(2)
                .stdout_eq("")
                .stderr_eq(format!(
                    "COUNT must be a number from 1 to 20000, not '{wrong}'; \
                     usage: [..] [COUNT]\n"
                ));
        }
    }
}

/// Windows has no such limit.
#[cfg(unix)]
#[test]
fn listing_4_06_raises_a_soft_limit_of_open_files() {
    listing("sh")
        .args(["-c", "ulimit -Sn 256 && exec \"$0\" 200"])
        .arg(LISTING_4_06)
        .assert()
        .success();
}

#[test]
fn gather_first_error_leaves_the_other_request_running() {
    let (site, permit) = permitting_site();
    let mut gathering = run(GATHER_FIRST_ERROR, &site);
    gathering.wait_for_error("Request got an exception: builder error for url (python://bad)");
    assert_eq!(site.answered(), 0);
    permit.send(()).unwrap();
    assert!(gathering.wait().success());
    // With its cause.
    util_testing::assert_eq(
        gathering.stderr(),
        "Request got an exception: builder error for url (python://bad): [..]\n",
    );
    util_testing::assert_eq(gathering.stdout(), expected!("gather_first_error"));
}

#[test]
fn listing_4_08_gives_the_first_results_while_the_last_still_runs() {
    let output = output_of(LISTING_4_08, &Site::answering(|_| true));
    let at = |text: &str| -> Vec<usize> {
        let found = output.iter().enumerate();
        let found = found.filter(|(_, line)| line.starts_with(text));
        found.map(|(index, _)| index).collect()
    };
    let (started, finished) = (
        at("starting fetch_status("),
        at("finished fetch_status in "),
    );
    let results = at("200");
    assert_eq!(
        [started.len(), finished.len(), results.len()],
        [3; 3],
        "{output:#?}"
    );
    assert!(started[2] < finished[0], "{output:#?}");
    assert!(results[1] < finished[2], "{output:#?}");
    assert!(output.last().unwrap().starts_with("finished main in 1"));
}

#[test]
fn listing_4_08_takes_results_as_they_come() {
    let site = Site::answering(|number| number == 1);
    let completing = run(LISTING_4_08, &site);
    completing.wait_for("\n200\n");
    assert!(site.requests() >= 2);
}

#[test]
fn listing_4_08_first_takes_one_result_and_ends() {
    let site = Site::answering(|_| true);
    let output = output_of(LISTING_4_08_FIRST, &site);
    assert_eq!(count(&output, "200"), 1, "{output:#?}");
    assert!(site.requests() < 3, "the slow request was made");
}

#[test]
fn listing_4_10_waits_for_requests_made_together() {
    let site = Site::barrier(2);
    let output = output_of(LISTING_4_10, &site);
    assert_eq!(count(&output, "200"), 2, "{output:#?}");
    // What fails is done, too.
    let site = Site::saying(|_| String::new());
    let failed = listing(LISTING_4_10).env("EXAMPLE_URL", site.url());
    let failed = failed.assert().code(1);
    let output = lines(&failed.get_output().stdout);
    for line in ["Done task count: 2", "Pending task count: 0"] {
        assert_eq!(count(&output, line), 1, "{output:#?}");
    }
}

#[test]
fn listing_4_11_shows_a_bad_url_as_an_error_value() {
    let output = listing(LISTING_4_11).assert().success();
    let output = output.stderr_eq(
        "Request got an exception: reqwest::Error { kind: Builder, \
         url: \"python://bad\", source: BadScheme }\n",
    );
    let lines = lines(&output.get_output().stdout);
    let done = position(&lines, "Done task count");
    assert_eq!(
        lines[done..done + 3],
        ["Done task count: 2", "Pending task count: 0", "200"]
    );
    assert!(lines[done + 3].starts_with("finished main in "));
}

#[test]
fn listing_4_12_cancels_the_others_at_the_first_error() {
    let site = Site::answering(|_| true);
    let output = listing(LISTING_4_12)
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success()
        .stdout_eq(expected!("listing_4_12_first_exception"))
        .stderr_eq("Request got an exception: reqwest::Error { [..]python://bad.com[..] }\n");
    drop(output);
    assert_eq!(site.requests(), 0);
}

#[cfg(unix)]
#[test]
fn listing_4_13_takes_all_that_are_done() {
    takes_all_that_are_done(LISTING_4_13);
}

#[cfg(unix)]
#[test]
fn listing_4_14_takes_all_that_are_done() {
    takes_all_that_are_done(LISTING_4_14);
}

/// While the listing is stopped, all its requests are answered.
#[cfg(unix)]
#[track_caller]
fn takes_all_that_are_done(binary: &str) {
    use rustix::process::{Pid, Signal, kill_process};

    let (site, permit) = permitting_site();
    let mut waiting = run(binary, &site);
    site.wait_for_requests(3);
    let pid = Pid::from_raw(waiting.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::STOP).unwrap();
    thread::sleep(Duration::from_millis(100));
    // On Linux this is certain.
    let state = format!("/proc/{}/stat", waiting.id());
    let is_stopped = || fs::read_to_string(&state).map_or(true, |state| state.contains(") T "));
    util_testing::wait_until(is_stopped, || "the listing to stop".into());
    for _ in 0..3 {
        permit.send(()).unwrap();
    }
    util_testing::wait_until(|| site.answered() == 3, || "three answers".into());
    kill_process(pid, Signal::CONT).unwrap();
    assert!(waiting.wait().success());
    let output = waiting.stdout();
    let expected = "Done task count: 3\nPending task count: 0\n200\n200\n200\n";
    assert!(output.contains(expected), "{output}");
}

#[test]
fn listing_4_13_leaves_the_others_pending() {
    let site = Site::answering(|number| number == 0);
    let output = output_of(LISTING_4_13, &site);
    let done = position(&output, "Done task count");
    assert_eq!(
        output[done..done + 3],
        ["Done task count: 1", "Pending task count: 2", "200"]
    );
    // Those are dropped with the set, after `main`.
    assert!(output[done + 3].starts_with("finished main in "));
    assert_eq!(count(&output[done + 4..], "finished fetch_status in "), 2);
}

#[test]
fn listing_4_14_counts_until_none_is_pending() {
    let (site, permit) = permitting_site();
    let mut counting = run(LISTING_4_14, &site);
    for pending in [2, 1, 0] {
        permit.send(()).unwrap();
        counting.wait_for(&format!(
            "Done task count: 1\nPending task count: {pending}\n200\n"
        ));
    }
    assert!(counting.wait().success());
}

#[test]
fn listing_4_15_leaves_the_slow_request_pending() {
    let site = Site::answering(|_| true);
    let output = output_of(LISTING_4_15, &site);
    assert_eq!(count(&output, "Pending task count: 1"), 1);
    assert_eq!(site.requests(), 2);
}

/// A deadline that began anew with each result would let the second request end.
#[test]
fn listing_4_15_has_one_deadline_for_all() {
    let site = Site::saying(|number| {
        thread::sleep(Duration::from_millis(if number == 0 { 600 } else { 1400 }));
        answer(200)
    });
    // On a busy machine even the first may come too late.
    let done = || output_of(LISTING_4_15, &site);
    assert!((0..3).any(|_| count(&done(), "Done task count: 1") == 1));
}

#[test]
fn listing_4_16_cancels_api_b() {
    let site = Site::answering(|_| true);
    let output = output_of(LISTING_4_16, &site);
    assert_eq!(output, ["API B too slow, cancelling"]);
    // It is cancelled before it makes its request.
    assert_eq!(site.requests(), 1);
}

#[test]
fn listing_4_16_gives_up_after_a_second() {
    let took = || {
        let start = Instant::now();
        output_of(LISTING_4_16, &Site::answering(|_| true));
        start.elapsed().as_secs()
    };
    // A busy machine may sometimes take longer.
    let seconds: Vec<u64> = (0..3).map(|_| took()).collect();
    assert_eq!(seconds.iter().min(), Some(&1), "{seconds:?}");
}

/// This process keeps running, so the connection closes because of the cancelling, not because the
/// process ends.
#[tokio::test]
async fn a_cancelled_request_closes_its_connection() {
    let site = std::sync::Arc::new(Site::answering(|_| false));
    let session = util_web::http::client().unwrap().build().unwrap();
    let mut pending = JoinSet::new();
    pending.spawn(fetch_status(session.clone(), site.url(), 0));
    let asked = std::sync::Arc::clone(&site);
    tokio::task::spawn_blocking(move || asked.wait_for_requests(1))
        .await
        .unwrap();
    drop(pending);
    tokio::task::spawn_blocking(move || site.wait_for_given_up(1))
        .await
        .unwrap();
    drop(session); // it lived until here, and could have kept the connection
}

#[test]
fn no_listing_leaves_a_request_behind() {
    for (binary, requests, printed) in [
        (LISTING_4_09, 1, "Still running: 3"),
        (LISTING_4_15, 2, "Pending task count: 3"),
    ] {
        let site = Site::answering(|_| false);
        let output = output_of(binary, &site);
        assert_eq!(count(&output, printed), 1, "{output:#?}");
        site.wait_for_given_up(requests);
        assert_eq!(site.requests(), requests);
    }
}

#[test]
fn a_site_elsewhere_is_asked_through_the_proxy() {
    thread::scope(|scope| {
        for binary in ASKING {
            scope.spawn(move || {
                let proxy = Site::answering(|_| true);
                let listing = listing(binary)
                    .env("EXAMPLE_URL", "http://elsewhere.invalid/")
                    .env("HTTP_PROXY", proxy.url());
                // Those that make a thousand requests need no more than a few.
                let counts = [LISTING_4_06, LISTING_4_06_SEQUENTIAL];
                let few = if counts.contains(&binary) {
                    listing.arg("3")
                } else {
                    listing
                };
                let output = few.assert();
                // 4.3 may run out of its ten milliseconds, and 4.12 stops before it asks.
                if ![LISTING_4_03, LISTING_4_12].contains(&binary) {
                    output.success();
                    assert!(proxy.answered() > 0, "{binary}");
                }
            });
        }
    });
}

#[test]
fn a_site_that_fails_is_reported_and_one_that_says_so_is_not_an_error() {
    for binary in [LISTING_4_02, LISTING_4_10] {
        for garbage in ["", "this is no HTTP\r\n\r\n"] {
            let site = Site::saying(|_| garbage.to_owned());
            listing(binary)
                .env("EXAMPLE_URL", site.url())
                .assert()
                .code(1)
                .stderr_eq("Error: error sending request for url [..]\n...\n");
        }
        let output = output_of(binary, &Site::saying(|_| answer(500)));
        assert!(output.concat().contains("500"), "{output:#?}");
    }
}

/// Except for those whose lesson is to go on, and 4.12, which asks nothing.
#[test]
fn a_request_that_fails_ends_the_listing() {
    let go_on = [
        env!("CARGO_BIN_EXE_gather_return_exceptions"),
        LISTING_4_11,
        LISTING_4_12,
    ];
    thread::scope(|scope| {
        for binary in ASKING {
            scope.spawn(move || {
                // Late enough for what fails at once to be seen first.
                let site = Site::saying(|_| {
                    thread::sleep(Duration::from_millis(500));
                    String::new()
                });
                let listing = listing(binary).env("EXAMPLE_URL", site.url());
                let code = i32::from(!go_on.contains(&binary));
                listing.assert().code(code);
            });
        }
    });
}

#[test]
fn every_listing_names_a_site_that_is_not_there() {
    for binary in ASKING {
        listing(binary)
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stderr_eq(
                "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached\n\n\
                 Caused by:\n    [..] (os error [..])\n",
            );
    }
}
