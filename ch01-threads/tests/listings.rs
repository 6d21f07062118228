//! Runs every listing of chapter 1 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::net::TcpListener;
use std::{fs, thread};

use util_testing::{Site, Timeline, command, expected, lines, listing};

util_testing::prints! {
    event_loop
    listing_1_02_processes_and_threads
    reference_counts
}

const LISTING_1_01: &str = env!("CARGO_BIN_EXE_listing_1_01_io_and_cpu_bound");
const LISTING_1_03: &str = env!("CARGO_BIN_EXE_listing_1_03_multithreaded");
const LISTING_1_04: &str = env!("CARGO_BIN_EXE_listing_1_04_multiprocessing");
const LISTING_1_05: &str = env!("CARGO_BIN_EXE_listing_1_05_fib_sequential");
const LISTING_1_06: &str = env!("CARGO_BIN_EXE_listing_1_06_fib_threads");
const LISTING_1_07: &str = env!("CARGO_BIN_EXE_listing_1_07_requests_sequential");
const LISTING_1_08: &str = env!("CARGO_BIN_EXE_listing_1_08_requests_threads");
const EVENT_LOOP_REQUESTS: &str = env!("CARGO_BIN_EXE_event_loop_requests");

#[test]
fn listing_1_01_writes_the_headers() {
    let directory = tempfile::tempdir().unwrap();
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
    util_testing::assert_eq(
        fs::read_to_string(directory.path().join("headers.txt")).unwrap(),
        expected!("listing_1_01_headers"),
    );
}

#[test]
fn listing_1_01_reports_a_file_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("headers.txt")).unwrap();
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq(
            "Error: cannot write headers.txt\n\nCaused by:\n    Is a directory (os error 21)\n",
        );
}

#[test]
fn a_bad_example_url_is_a_clear_error() {
    for (url, error) in [
        (
            "nonsense",
            "Error: EXAMPLE_URL 'nonsense' is not a URL\n\nCaused by:\n    [..]\n",
        ),
        (
            "python://bad",
            "Error: EXAMPLE_URL 'python://bad' is neither http nor https\n",
        ),
        // Port 1 is reserved, so nothing listens there.
        (
            "http://127.0.0.1:1/",
            "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached\n\n\
             Caused by:\n    Connection refused[..]\n",
        ),
    ] {
        for binary in [LISTING_1_01, LISTING_1_07, LISTING_1_08] {
            listing(binary)
                .env("EXAMPLE_URL", url)
                .assert()
                .code(1)
                .stdout_eq("")
                .stderr_eq(error);
        }
    }
}

#[test]
fn a_bad_latency_is_a_clear_error() {
    listing(LISTING_1_07)
        .env("EXAMPLE_LATENCY_MS", "soon")
        .assert()
        .code(1)
        .stderr_eq(
            "Error: EXAMPLE_LATENCY_MS 'soon' is not a number of milliseconds\n\n\
             Caused by:\n    invalid digit found in string\n",
        );
}

#[test]
fn listing_1_03_says_hello_from_another_thread() {
    // The threads race. The new one may end before they are counted.
    let runs = (0..100).map(|_| {
        let output = listing(LISTING_1_03).assert().success();
        let mut lines = lines(&output.get_output().stdout);
        lines.sort();
        util_testing::assert_eq(lines.join("\n"), expected!("listing_1_03_multithreaded"));
        lines
    });
    let mut counted = runs.flatten();
    assert!(counted.any(|line| line == "Rust is currently running 2 thread(s)"));
}

#[test]
fn listing_1_04_waits_for_a_child_with_another_process_id() {
    // Without the wait, the child is sometimes fast enough, but not twenty times.
    for _ in 0..20 {
        let mut script = command("sh");
        script.args(["-c", "\"$0\"; echo The parent has ended", LISTING_1_04]);
        let lines = lines(&script.output().unwrap().stdout);
        let mut both = lines[..2].to_vec();
        both.sort();
        util_testing::assert_eq(both.join("\n"), expected!("listing_1_04_multiprocessing"));
        let pid = |line: &str| line.rsplit(' ').next().map(|pid| pid.replace('!', ""));
        assert_ne!(pid(&both[0]), pid(&both[1]));
        assert_eq!(lines[2], "The parent has ended");
    }
}

#[test]
fn listing_1_04_knows_two_roles() {
    listing(LISTING_1_04)
        .arg("uncle")
        .assert()
        .code(2)
        .stderr_eq("'uncle' is not 'child'; usage: listing_1_04_multiprocessing [child]\n");
}

#[test]
fn listing_1_05_computes_in_the_order_of_its_arguments() {
    listing(LISTING_1_05)
        .args(["31", "30"])
        .assert()
        .success()
        .stdout_eq(expected!("listing_1_05_fib_sequential"));
}

#[test]
fn listing_1_06_computes_on_two_threads() {
    let (timeline, output) = Timeline::record(listing(LISTING_1_06).args(["37", "37"]));
    output.success();
    assert_eq!(timeline.most_running("print_fib"), 2);
    assert_eq!(timeline.threads("print_fib"), 2);
}

#[test]
fn listing_1_06_is_done_with_the_small_number_first() {
    // The total always comes last.
    listing(LISTING_1_06)
        .args(["38", "1"])
        .assert()
        .success()
        .stdout_eq(expected!("listing_1_06_fib_threads"));
}

#[test]
fn the_fibonacci_listings_refuse_what_they_cannot_compute() {
    for (binary, name) in [
        (LISTING_1_05, "listing_1_05_fib_sequential"),
        (LISTING_1_06, "listing_1_06_fib_threads"),
    ] {
        for wrong in ["0", "94", "-1", "forty"] {
            listing(binary)
                .args(["1", wrong])
                .assert()
                .code(2)
                .stdout_eq("")
                .stderr_eq(format!(
                    "SECOND must be a number from 1 to 93, not '{wrong}'; \
                     usage: {name} [FIRST] [SECOND]\n"
                ));
        }
        listing(binary)
            .args(["1", "2", "3"])
            .assert()
            .code(2)
            .stderr_eq(format!(
                "one argument too many: '3'; usage: {name} [FIRST] [SECOND]\n"
            ));
        listing(binary)
            .arg("--help")
            .assert()
            .success()
            .stdout_eq(format!("usage: {name} [FIRST] [SECOND]\n"));
    }
}

#[test]
fn listing_1_07_asks_again_when_it_has_an_answer() {
    let (timeline, output) = Timeline::record(listing(LISTING_1_07));
    output
        .success()
        .stdout_eq(expected!("listing_1_07_requests_sequential"))
        .stderr_eq("");
    assert_eq!(timeline.count("read_example"), 2);
    assert_eq!(timeline.most_open("read_example"), 1);
}

#[test]
fn listing_1_08_waits_for_both_answers_at_once() {
    let site = Site::barrier(2);
    let recorded = Timeline::record(listing(LISTING_1_08).env("EXAMPLE_URL", site.url()));
    let (timeline, output) = recorded;
    output
        .success()
        .stdout_eq(expected!("listing_1_08_requests_threads"))
        .stderr_eq("");
    assert_eq!(timeline.threads("read_example"), 2);
}

#[test]
fn the_event_loop_runs_one_task_at_a_time_while_all_requests_wait() {
    let site = Site::barrier(3);
    let recorded = Timeline::record(listing(EVENT_LOOP_REQUESTS).env("EXAMPLE_URL", site.url()));
    let (timeline, output) = recorded;
    let output = output.success();
    let mut lines = lines(&output.get_output().stdout);
    // Setup is in the order of creation; the answers come in any order.
    lines[6..].sort();
    util_testing::assert_eq(lines.join("\n"), expected!("event_loop_requests"));
    assert_eq!(timeline.most_open("make_request"), 3);
    assert_eq!(timeline.threads("make_request"), 1);
    // Two polls and the drop: the loop polls only tasks that were woken.
    assert_eq!(timeline.polls_of_each("make_request"), [3, 3, 3]);
}

#[test]
fn the_event_loop_stops_at_an_error() {
    // The listener accepts the program's first check, closes, and answers no request.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || listener.accept());
    let output = listing(EVENT_LOOP_REQUESTS)
        .env("EXAMPLE_URL", url)
        .assert()
        .code(1)
        .stderr_eq("Error: io: [..]\n");
    assert_eq!(lines(&output.get_output().stdout).len(), 6);
}
