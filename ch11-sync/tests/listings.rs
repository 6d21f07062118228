//! Runs every listing of chapter 11 as a reader would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::io::{ErrorKind, Write};
use std::net::Shutdown;
use std::process::Command;

use util_testing::{Server, expected, lines, listing};

util_testing::prints! {
    listing_11_04_lock
    listing_11_04_no_lock
    listing_11_05_lock_users
    listing_11_08_extra_release
    listing_11_10_event
    listing_11_13_missed_events
    listing_11_15_condition_state
    lock_by_hand
}

const LISTING_11_01: &str = env!("CARGO_BIN_EXE_listing_11_01_safe_counter");
const LISTING_11_02: &str = env!("CARGO_BIN_EXE_listing_11_02_lost_updates");
const LISTING_11_03: &str = env!("CARGO_BIN_EXE_listing_11_03_closed_socket");
const LISTING_11_06: &str = env!("CARGO_BIN_EXE_listing_11_06_semaphore");
const LISTING_11_07: &str = env!("CARGO_BIN_EXE_listing_11_07_limit");
const LISTING_11_09: &str = env!("CARGO_BIN_EXE_listing_11_09_bounded");
const LISTING_11_12: &str = env!("CARGO_BIN_EXE_listing_11_12_file_server");
const LISTING_11_14: &str = env!("CARGO_BIN_EXE_listing_11_14_condition");

#[test]
fn listing_11_01_counts_to_a_hundred_in_each_round() {
    listing(LISTING_11_01)
        .arg("10")
        .assert()
        .success()
        .stdout_eq(expected!("listing_11_01_safe_counter"));
}

#[test]
fn listing_11_02_says_in_which_round_what_was_lost() {
    listing(LISTING_11_02)
        .assert()
        .code(1)
        .stdout_eq("Counter is 1\n")
        .stderr_eq("Error: round 1: the counter is 1, not 100\n");
}

#[test]
fn listing_11_03_finds_the_socket_closed() {
    listing(LISTING_11_03)
        .assert()
        .code(1)
        .stdout_eq(expected!("listing_11_03_closed_socket"))
        .stderr_eq("Error: Socket is closed!\n");
}

#[test]
fn listing_11_06_has_two_inside_and_two_waiting() {
    let output = listing(LISTING_11_06).assert().success();
    let lines = lines(&output.get_output().stdout);
    // Until the first two have slept the order is fixed.
    util_testing::assert_eq(
        lines[..6].join("\n") + "\n",
        expected!("listing_11_06_semaphore"),
    );
    let mut inside = 0;
    for line in &lines {
        match line.as_str() {
            "Waiting to acquire semaphore..." => {}
            "Semaphore acquired!" => inside += 1,
            "Semaphore released!" => inside -= 1,
            other => panic!("{other}"),
        }
        assert!((0..=2).contains(&inside), "{lines:?}");
    }
    assert_eq!((lines.len(), inside), (12, 0));
}

#[test]
fn listing_11_07_never_has_more_requests_on_their_way_than_the_limit() {
    for limit in [1, 7, 100] {
        let output = listing(LISTING_11_07)
            .args([&limit.to_string(), "50"])
            .env("EXAMPLE_LATENCY_MS", "5")
            .assert()
            .success();
        let lines = lines(&output.get_output().stdout);
        assert_eq!(lines.len(), 100);
        let (mut on_their_way, mut most) = (0, 0);
        for line in &lines {
            match line.as_str() {
                "Acquired semaphore, requesting..." => on_their_way += 1,
                "Finished requesting" => on_their_way -= 1,
                other => panic!("{other}"),
            }
            most = most.max(on_their_way);
        }
        assert_eq!((on_their_way, most), (0, limit.min(50)));
    }
}

#[test]
fn listing_11_09_refuses_the_second_release() {
    listing(LISTING_11_09)
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: BoundedSemaphore released too many times\n");
}

#[test]
fn listing_11_12_prints_each_upload_when_it_is_complete() {
    let mut server = Server::start(LISTING_11_12, &[]);
    let mut first = server.connect();
    first.write_all(b"the first, ").unwrap();
    // One that begins later may end sooner.
    let mut second = server.connect();
    second.write_all(b"the second, whole").unwrap();
    second.shutdown(Shutdown::Write).unwrap();
    server.wait_for("the second, whole\n");
    assert!(!server.stdout().contains("the first"));
    first.write_all("at last: \u{e9}".as_bytes()).unwrap();
    drop(first);
    server.wait_for("the first, at last: \u{e9}\n");
    server.interrupt();
    assert!(server.wait().success());
}

#[test]
fn listing_11_12_survives_an_upload_that_breaks_off_and_one_that_is_too_large() {
    let server = Server::start(LISTING_11_12, &[]);
    let mut broken = server.connect();
    broken.write_all(b"half a fi").unwrap();
    socket2::SockRef::from(&broken)
        .set_linger(Some(std::time::Duration::ZERO))
        .unwrap();
    drop(broken);
    server.wait_for_error("the upload broke off after ");

    let mut large = server.connect();
    let block = vec![b'x'; 1 << 20];
    let written = (0..65).try_for_each(|_| large.write_all(&block));
    // The server may have closed before the last byte was sent.
    assert!(
        written.is_ok()
            || written.is_err_and(|error| matches!(
                error.kind(),
                ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
            ))
    );
    drop(large);
    server.wait_for_error("the upload is larger than 67108864 bytes");

    let mut third = server.connect();
    third.write_all(b"still here").unwrap();
    drop(third);
    server.wait_for("still here\n");
}

#[test]
fn listing_11_14_wakes_both_workers_until_ctrl_c() {
    let mut server = Server::run(Command::new(LISTING_11_14));
    server.wait_for("Worker 2: Work finished, lock released.\nWorker 2: waiting");
    server.interrupt();
    assert!(server.wait().success());
    let stdout = server.stdout();
    let first: Vec<&str> = stdout.lines().take(13).collect();
    util_testing::assert_eq(
        first.join("\n") + "\n",
        expected!("listing_11_14_condition"),
    );
}

#[test]
fn no_update_is_lost_under_either_mutex() {
    for binary in [
        env!("CARGO_BIN_EXE_mutex_std"),
        env!("CARGO_BIN_EXE_mutex_tokio"),
    ] {
        for tasks in ["1", "2", "3"] {
            listing(binary)
                .arg(tasks)
                .assert()
                .success()
                .stdout_eq("The counter is 4000000\nCounting took [..] second(s)\n");
        }
    }
}

#[test]
fn bad_arguments_are_one_clear_line() {
    listing(LISTING_11_07).arg("0").assert().code(2).stderr_eq(
        "LIMIT must be a number from 1 to 100000, not '0'; \
             usage: listing_11_07_limit [LIMIT] [REQUESTS]\n",
    );
    listing(LISTING_11_12)
        .arg("0.0.0.0:9000")
        .assert()
        .code(2)
        .stderr_eq("ADDRESS must be a loopback address, not '0.0.0.0:9000'; usage: [..]\n");
}
