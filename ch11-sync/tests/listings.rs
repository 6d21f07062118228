//! Runs every listing of chapter 11 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![cfg_attr(
    not(unix),
    allow(dead_code, unused_imports, reason = "some tests are Unix's own")
)]

use std::io::Write;
use std::net::Shutdown;
use std::time::Instant;

use util_testing::{Server, Site, command, expected, lines, listing, reset};

util_testing::prints! {
    lock_by_hand
}

util_testing::prints_at! {
    listing_11_04_lock [0, 0, 0, 0, 2, 2, 2, 2, 4, 4];
    listing_11_04_global_lock [0, 0, 0, 0, 2, 2, 2, 2, 4, 4];
    listing_11_04_no_lock [0, 0, 0, 0, 2, 2, 2, 2];
    listing_11_05_lock_users [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    listing_11_08_extra_release [0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 10, 10, 10];
    listing_11_10_event [0, 0, 5, 5, 5, 6, 6];
    listing_11_13_missed_events [0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 5, 5];
    listing_11_15_condition_state [0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 6, 6];
}

util_testing::records_timelines!();

const LISTING_11_01: &str = env!("CARGO_BIN_EXE_listing_11_01_safe_counter");
const LISTING_11_02: &str = env!("CARGO_BIN_EXE_listing_11_02_lost_updates");
const LISTING_11_03: &str = env!("CARGO_BIN_EXE_listing_11_03_closed_socket");
const LISTING_11_06: &str = env!("CARGO_BIN_EXE_listing_11_06_semaphore");
const LISTING_11_07: &str = env!("CARGO_BIN_EXE_listing_11_07_limit");
const LISTING_11_08_BOUNDED: &str = env!("CARGO_BIN_EXE_listing_11_08_bounded");
const LISTING_11_09: &str = env!("CARGO_BIN_EXE_listing_11_09_bounded");
const LISTING_11_12: &str = env!("CARGO_BIN_EXE_listing_11_12_file_server");
const LISTING_11_14: &str = env!("CARGO_BIN_EXE_listing_11_14_condition");

#[test]
fn listing_11_01_counts_to_a_hundred_in_each_round() {
    let start = Instant::now();
    listing(LISTING_11_01)
        .assert()
        .success()
        .stdout_eq("Counter is 100\n".repeat(1000))
        .stderr_eq("");
    // A thousand rounds of ten milliseconds. One task after the other would take 100 times as long.
    assert!(start.elapsed().as_secs() >= 10, "{:?}", start.elapsed());
}

#[test]
fn listing_11_02_loses_all_updates_but_one() {
    listing(LISTING_11_02)
        .assert()
        .code(101)
        .stdout_eq("Counter is 1\n")
        .stderr_eq("...\nassertion `left == right` failed\n  left: 1\n right: 100\n...\n");
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
    // On a busy machine it may be late.
    let in_time = (0..3).any(|_| {
        let start = Instant::now();
        let output = listing(LISTING_11_06).assert().success();
        let seconds = start.elapsed().as_secs();
        assert!(seconds >= 4, "{seconds} s");
        let lines = lines(&output.get_output().stdout);
        // The order is fixed until the first two have slept.
        util_testing::assert_eq(
            lines[..6].join("\n") + "\n",
            expected!("listing_11_06_semaphore"),
        );
        assert_eq!(most_inside(&lines), 2);
        seconds == 4
    });
    assert!(in_time, "never in four seconds");
}

#[test]
fn listing_11_06_has_as_many_inside_as_its_limit() {
    for (limit, inside) in [("3", 3), ("5", 4)] {
        let output = listing(LISTING_11_06).arg(limit).assert().success();
        assert_eq!(most_inside(&lines(&output.get_output().stdout)), inside);
    }
}

/// The largest number of operations of listing 11.6 that had the semaphore at once.
fn most_inside(lines: &[String]) -> i32 {
    let (mut inside, mut most) = (0, 0);
    for line in lines {
        match line.as_str() {
            "Waiting to acquire semaphore..." => {}
            "Semaphore acquired!" => inside += 1,
            "Semaphore released!" => inside -= 1,
            other => panic!("{other}"),
        }
        most = most.max(inside);
    }
    assert_eq!((lines.len(), inside), (12, 0));
    most
}

#[test]
fn listing_11_07_has_ten_requests_at_once_and_the_others_waiting() {
    const WAITING: &str = "Waiting to acquire semaphore...";
    const ACQUIRED: &str = "Acquired semaphore, requesting...";
    // Fewer than ten at once would never be answered.
    let site = Site::barrier(10);
    let output = listing(LISTING_11_07)
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success();
    assert_eq!(site.requests(), 1000);
    let lines = lines(&output.get_output().stdout);
    // All have come before the first answer.
    assert_eq!(lines[..20], [WAITING, ACQUIRED].repeat(10));
    assert_eq!(lines[20..1010], [WAITING; 990]);
    let mut requesting = 10;
    for line in &lines[1010..] {
        match line.as_str() {
            ACQUIRED => requesting += 1,
            "Finished requesting" => requesting -= 1,
            other => panic!("{other}"),
        }
        assert!((0..=10).contains(&requesting));
    }
    assert_eq!((lines.len(), requesting), (3000, 0));
}

const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[test]
fn listing_11_07_shares_one_client() {
    let site = Site::saying(|_| ANSWER.to_owned());
    listing(LISTING_11_07)
        .args(["10", "200"])
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success();
    assert_eq!(site.requests(), 200);
    // A client that is free again serves the next request on its connection.
    assert!(site.connections() <= 50, "{}", site.connections());
}

#[test]
fn listing_11_07_ends_at_the_first_error() {
    // No answer to one request, and to none after it.
    let site = Site::saying(|number| {
        if number < 30 {
            ANSWER.to_owned()
        } else {
            String::new()
        }
    });
    let output = listing(LISTING_11_07)
        .args(["1", "100"])
        .env("EXAMPLE_URL", site.url())
        .assert()
        .code(1)
        .stderr_eq("Error: error sending request for url [..]\n...");
    let printed = lines(&output.get_output().stdout);
    let finished = printed.iter().filter(|line| *line == "Finished requesting");
    assert_eq!(finished.count(), 30);
    assert!(site.requests() < 40, "{}", site.requests());
}

#[test]
fn listing_11_08_bounded_refuses_the_last_release_of_the_first_three() {
    let seconds = || {
        let start = Instant::now();
        let output = listing(LISTING_11_08_BOUNDED)
            .assert()
            .code(1)
            .stderr_eq("Error: BoundedSemaphore released too many times\n");
        // As in 11.8, except for the task that could not release.
        let printed = lines(&output.get_output().stdout);
        let unbounded = expected!("listing_11_08_extra_release").to_string();
        assert_eq!(printed, unbounded.lines().take(8).collect::<Vec<_>>());
        start.elapsed().as_secs()
    };
    // On a busy machine it may be late.
    assert!((0..3).any(|_| seconds() == 5));
}

#[test]
fn listing_11_09_refuses_the_second_release() {
    listing(LISTING_11_09)
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: BoundedSemaphore released too many times\n");
}

#[cfg(unix)]
#[test]
fn listing_11_12_prints_each_upload_when_it_is_complete() {
    let mut server = Server::start(LISTING_11_12, &[]);
    let mut first = server.connect();
    first.write_all(b"the first, ").unwrap();
    // A task that begins later may end sooner.
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
fn listing_11_12_survives_an_upload_that_breaks_off() {
    let server = Server::start(LISTING_11_12, &[]);
    let mut broken = server.connect();
    broken.write_all(b"half a fi").unwrap();
    reset(broken);
    server.wait_for_error("an upload broke off: ");

    let mut second = server.connect();
    second.write_all(b"still here").unwrap();
    drop(second);
    server.wait_for("still here\n");
}

/// Its header says that a real server would go on.
#[cfg(unix)]
#[test]
fn listing_11_12_ends_when_it_has_no_more_descriptors() {
    let error = util_testing::error_without_descriptors(LISTING_11_12);
    assert_eq!(error, "Error: Too many open files (os error 24)\n");
}

#[cfg(unix)]
#[test]
fn listing_11_14_wakes_both_workers_until_ctrl_c() {
    let mut server = Server::run(command(LISTING_11_14));
    let start = Instant::now();
    let soon_after = |seconds| {
        let passed = start.elapsed().as_secs_f64() - seconds;
        assert!(
            (-0.1..3.0).contains(&passed),
            "{passed} s after {seconds} s"
        );
    };
    server.wait_for("fire_event: about to notify, acquiring condition lock...\n");
    soon_after(5.0);
    server.wait_for("Worker 2: Work finished, lock released.\nWorker 2: waiting");
    soon_after(7.0);
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
    // Enough for two tasks to meet often; std's lock takes a tenth of the time.
    for (binary, increments) in [
        (env!("CARGO_BIN_EXE_mutex_std"), "3000001"),
        (env!("CARGO_BIN_EXE_mutex_tokio"), "200001"),
    ] {
        for tasks in ["1", "2", "3"] {
            listing(binary)
                .args([tasks, increments])
                .assert()
                .success()
                .stdout_eq(format!(
                    "The counter is {increments}\nCounting took [..] second(s)\n"
                ));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_mutexes_are_counted_under_on_two_threads() {
    for binary in [
        env!("CARGO_BIN_EXE_mutex_std"),
        env!("CARGO_BIN_EXE_mutex_tokio"),
    ] {
        // A lock is not fair: one thread may starve the other for a while.
        let two_compute = || {
            let mut many = command(binary);
            many.args(["2", "1000000000"]);
            let program = util_testing::Running::start(&mut many);
            let start = Instant::now();
            while program.busy_threads() < 2 && start.elapsed().as_secs() < 5 {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            // The main thread only waits.
            (program.busy_threads(), program.threads()) == (2, 3)
        };
        assert!((0..4).any(|_| two_compute()), "{binary}");
    }
}

#[test]
fn the_mutexes_count_to_four_million_by_default() {
    for binary in [
        env!("CARGO_BIN_EXE_mutex_std"),
        env!("CARGO_BIN_EXE_mutex_tokio"),
    ] {
        listing(binary)
            .assert()
            .success()
            .stdout_eq("The counter is 4000000\n...");
    }
}

#[test]
fn bad_arguments_are_one_clear_line() {
    let mutex = env!("CARGO_BIN_EXE_mutex_std");
    for (binary, wrong, error) in [
        (
            LISTING_11_06,
            &["0"][..],
            "LIMIT must be a number from 1 to 100, not '0'",
        ),
        (
            LISTING_11_07,
            &["0"],
            "LIMIT must be a number from 1 to 100000, not '0'",
        ),
        (
            LISTING_11_07,
            &["1", "x"],
            "REQUESTS must be a number from 0 to 100000, not 'x'",
        ),
        (
            LISTING_11_12,
            &["0.0.0.0:9000"],
            "ADDRESS must be a loopback address, not '0.0.0.0:9000'",
        ),
        (
            LISTING_11_12,
            &["x"],
            "ADDRESS must be an address like 127.0.0.1:9000, not 'x'",
        ),
        (
            mutex,
            &["0"],
            "TASKS must be a number from 1 to 10000, not '0'",
        ),
        (
            mutex,
            &["1", "x"],
            "INCREMENTS must be a number from 0 to 1000000000, not 'x'",
        ),
    ] {
        listing(binary)
            .args(wrong)
            .assert()
            .code(2)
            .stderr_eq(format!("{error}; usage: [..]\n"));
    }
}
