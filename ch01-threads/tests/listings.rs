//! Runs every listing of chapter 1 as a reader would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;

use util_testing::{expected, lines, listing};

util_testing::prints! {
    event_loop
    listing_1_02_processes_and_threads
    listing_1_07_requests_sequential
}

const LISTING_1_01: &str = env!("CARGO_BIN_EXE_listing_1_01_io_and_cpu_bound");
const LISTING_1_04: &str = env!("CARGO_BIN_EXE_listing_1_04_multiprocessing");
const LISTING_1_05: &str = env!("CARGO_BIN_EXE_listing_1_05_fib_sequential");
const LISTING_1_06: &str = env!("CARGO_BIN_EXE_listing_1_06_fib_threads");
const LISTING_1_07: &str = env!("CARGO_BIN_EXE_listing_1_07_requests_sequential");
const LISTING_1_08: &str = env!("CARGO_BIN_EXE_listing_1_08_requests_threads");

#[test]
fn listing_1_01_writes_the_headers_where_it_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("headers.txt");
    listing(LISTING_1_01)
        .arg(directory.path())
        .assert()
        .success()
        .stdout_eq(format!("3 headers written to {}\n", path.display()));
    util_testing::assert_eq(
        fs::read_to_string(&path).unwrap(),
        expected!("listing_1_01_headers"),
    );
}

#[test]
fn listing_1_01_writes_into_the_working_directory_unless_told_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    listing(LISTING_1_01)
        .current_dir(directory.path())
        .assert()
        .success()
        .stdout_eq("3 headers written to headers.txt\n");
    assert!(directory.path().join("headers.txt").is_file());
}

#[test]
fn listing_1_01_reports_a_file_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("no/such/directory");
    listing(LISTING_1_01)
        .arg(&path)
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq(format!(
            "Error: cannot write {}/headers.txt: No such file or directory (os error 2)\n",
            path.display()
        ));
}

#[test]
fn a_bad_example_url_is_one_clear_line() {
    for (url, error) in [
        (
            "nonsense",
            "Error: EXAMPLE_URL 'nonsense' is not a URL: [..]\n",
        ),
        (
            "python://bad",
            "Error: EXAMPLE_URL 'python://bad' is neither http nor https\n",
        ),
        // Port 1 is reserved: nobody listens there.
        (
            "http://127.0.0.1:1/",
            "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached: Connection refused[..]\n",
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
fn a_bad_latency_is_one_clear_line() {
    listing(LISTING_1_07)
        .env("EXAMPLE_LATENCY_MS", "soon")
        .assert()
        .code(1)
        .stderr_eq("Error: EXAMPLE_LATENCY_MS 'soon' is not a number of milliseconds: [..]\n");
}

#[test]
fn listing_1_03_says_hello_from_another_thread() {
    let output = listing(env!("CARGO_BIN_EXE_listing_1_03_multithreaded"))
        .assert()
        .success();
    // The threads race: any order will do, and the new one may be over before they are counted.
    let mut lines = lines(&output.get_output().stdout);
    lines.sort();
    util_testing::assert_eq(lines.join("\n"), expected!("listing_1_03_multithreaded"));
}

#[test]
fn listing_1_04_has_a_child_with_another_process_id() {
    let output = listing(LISTING_1_04).assert().success();
    let mut lines = lines(&output.get_output().stdout);
    lines.sort();
    util_testing::assert_eq(lines.join("\n"), expected!("listing_1_04_multiprocessing"));
    let pid = |line: &str| line.rsplit(' ').next().map(String::from);
    assert_ne!(pid(&lines[0]), pid(&lines[1]));
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
fn listing_1_06_computes_the_same_on_two_threads() {
    let output = listing(LISTING_1_06).args(["31", "30"]).assert().success();
    let mut lines = lines(&output.get_output().stdout);
    // Whichever thread is done first speaks first; the total always comes last.
    lines[..2].sort();
    util_testing::assert_eq(lines.join("\n"), expected!("listing_1_06_fib_threads"));
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
fn listing_1_08_starts_both_threads_before_either_answers() {
    listing(LISTING_1_08)
        .env("EXAMPLE_LATENCY_MS", "500")
        .assert()
        .success()
        .stdout_eq(expected!("listing_1_08_requests_threads"));
}

#[test]
fn the_event_loop_runs_one_task_at_a_time_while_all_requests_wait() {
    let output = listing(env!("CARGO_BIN_EXE_event_loop_requests"))
        .env("EXAMPLE_LATENCY_MS", "500")
        .assert()
        .success();
    let mut lines = lines(&output.get_output().stdout);
    // Set-up in the order of creation; the answers may arrive in any.
    lines[6..].sort();
    util_testing::assert_eq(lines.join("\n"), expected!("event_loop_requests"));
}
