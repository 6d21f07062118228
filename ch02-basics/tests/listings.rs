//! Runs every listing of chapter 2 as a reader would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;

use serde_json::Value;
use util_testing::{expected, lines, listing};

util_testing::prints! {
    listing_2_01_first_coroutine
    listing_2_02_coroutine_and_function
    listing_2_03_running_a_coroutine
    listing_2_04_await
    listing_2_05_sleep
    listing_2_07_two_coroutines
    listing_2_08_creating_a_task
    listing_2_09_multiple_tasks
    listing_2_09_sequential
    listing_2_10_other_code
    listing_2_11_cancelling
    listing_2_12_blocking
    listing_2_12_detached
    listing_2_12_timeout
    listing_2_13_shield
    listing_2_14_future_value
    listing_2_15_awaiting_a_future
    listing_2_17_timing
    listing_2_18_cpu_bound
    listing_2_19_cpu_bound_and_delay
    listing_2_20_blocking_client
    listing_2_21_event_loop_by_hand
    listing_2_22_running_loop
    timing_by_hand
}

const LISTING_2_20_ASYNC: &str = env!("CARGO_BIN_EXE_listing_2_20_async_client");
const LISTING_2_23: &str = env!("CARGO_BIN_EXE_listing_2_23_debug_mode");
const LISTING_2_24: &str = env!("CARGO_BIN_EXE_listing_2_24_slow_callback");

#[test]
fn sleepers_sleep_together() {
    for binary in [
        env!("CARGO_BIN_EXE_sleep_threads"),
        env!("CARGO_BIN_EXE_sleep_tasks"),
        env!("CARGO_BIN_EXE_sleep_join_all"),
        env!("CARGO_BIN_EXE_sleep_unconstrained"),
    ] {
        // One after the other they would take ten minutes.
        listing(binary)
            .args(["300", "2000"])
            .assert()
            .success()
            .stdout_eq("300 slept in [..] second(s)\n");
        listing(binary).args(["0"]).assert().success();
        listing(binary).args(["-1"]).assert().code(2);
    }
}

fn position(lines: &[String], start: &str) -> usize {
    let found = lines.iter().position(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no line starts with '{start}': {lines:#?}"))
}

#[test]
fn listing_2_18_blocking_pool_overlaps_the_work() {
    let output = listing(env!("CARGO_BIN_EXE_listing_2_18_blocking_pool"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let first_finished = position(&lines, "finished cpu_bound_work in ");
    let started = lines[..first_finished]
        .iter()
        .filter(|line| *line == "starting cpu_bound_work(steps=100000000)");
    assert_eq!(started.count(), 2, "{lines:#?}");
    let counted = lines.iter().filter(|line| *line == "counted to 100000000");
    assert_eq!(counted.count(), 2, "{lines:#?}");
    assert_eq!(position(&lines, "starting main()"), 0);
    assert_eq!(position(&lines, "finished main in "), lines.len() - 1);
}

#[test]
fn listing_2_19_blocking_pool_starts_the_delay_at_once() {
    let output = listing(env!("CARGO_BIN_EXE_listing_2_19_blocking_pool"))
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let delay_started = position(&lines, "starting delay(seconds=4)");
    let work_finished = position(&lines, "finished cpu_bound_work in ");
    assert!(delay_started < work_finished, "{lines:#?}");
    assert_eq!(position(&lines, "finished main in "), lines.len() - 1);
}

#[test]
fn a_listing_that_counts_refuses_what_is_no_number() {
    for (binary, name) in [
        (
            env!("CARGO_BIN_EXE_listing_2_18_cpu_bound"),
            "listing_2_18_cpu_bound",
        ),
        (
            env!("CARGO_BIN_EXE_listing_2_19_blocking_pool"),
            "listing_2_19_blocking_pool",
        ),
        (LISTING_2_23, "listing_2_23_debug_mode"),
    ] {
        listing(binary)
            .arg("many")
            .assert()
            .code(2)
            .stdout_eq("")
            .stderr_eq(format!(
                "STEPS must be a number from 0 to 18446744073709551615, not 'many'; \
                 usage: {name} [STEPS]\n"
            ));
    }
}

#[test]
fn listing_2_20_async_client_lets_the_requests_wait_together() {
    let output = listing(LISTING_2_20_ASYNC)
        .env("EXAMPLE_LATENCY_MS", "500")
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    assert_eq!(
        lines[..4],
        [
            "starting main()",
            "starting get_example_status()",
            "starting get_example_status()",
            "starting get_example_status()",
        ]
    );
    let answers = lines.iter().filter(|line| *line == "200");
    assert_eq!(answers.count(), 3, "{lines:#?}");
}

#[test]
fn listing_2_20_reports_a_site_that_is_not_there() {
    for binary in [
        env!("CARGO_BIN_EXE_listing_2_20_blocking_client"),
        LISTING_2_20_ASYNC,
    ] {
        listing(binary)
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(
                "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached: \
                 Connection refused[..]\n",
            );
    }
}

#[test]
fn listing_2_21_closes_the_loop_after_an_error_too() {
    listing(env!("CARGO_BIN_EXE_listing_2_21_event_loop_by_hand"))
        .arg("bad")
        .assert()
        .code(1)
        .stdout_eq("The event loop is closed.\n")
        .stderr_eq("Error: the outcome is 'bad', not 'ok'\n");
}

#[test]
fn listing_2_23_names_the_task_that_held_the_loop() {
    listing(LISTING_2_23)
        .arg("1000000000") // more than the book's, for machines that count fast
        .assert()
        .success()
        .stdout_eq("counted to 1000000000\n")
        .stderr_eq(
            "Executing <Task finished name='task_one' \
             coro=<listing_2_23_debug_mode::cpu_bound_work>> took [..] seconds\n",
        );
}

#[test]
fn listing_2_24_reports_polls_above_its_threshold() {
    let output = listing(LISTING_2_24)
        .assert()
        .success()
        .stdout_eq("All tasks are done.\n");
    // On a busy machine the short task may be held up too, and then it is reported rightly.
    let reports = lines(&output.get_output().stderr);
    let long = position(
        &reports,
        "Executing <Task finished name='long' coro=<listing_2_24_slow_callback::block_for>> took ",
    );
    assert!(reports[long].ends_with(" seconds"));
    assert!(!reports.iter().any(|line| line.contains("'asleep'")));
}

#[test]
fn listing_2_24_reports_nothing_below_its_threshold() {
    listing(LISTING_2_24)
        .arg("60000")
        .assert()
        .success()
        .stdout_eq("All tasks are done.\n")
        .stderr_eq("");
}

#[test]
fn a_timeline_shows_three_delays_that_overlap() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("timeline.jsonl");
    listing(env!("CARGO_BIN_EXE_listing_2_09_multiple_tasks"))
        .env("TIMELINE", &path)
        .assert()
        .success()
        .stdout_eq(expected!("listing_2_09_multiple_tasks"));

    let recorded = fs::read_to_string(path).unwrap();
    let events: Vec<Value> = recorded
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let at = |kind: &str| -> Vec<u64> {
        let chosen = events.iter().filter(|event| event["event"] == kind);
        chosen.map(|event| event["at"].as_u64().unwrap()).collect()
    };
    let (opened, closed) = (at("open"), at("close"));
    assert_eq!((opened.len(), closed.len()), (3, 3));
    assert!(opened.iter().max() < closed.iter().min(), "{events:#?}");
    // Each is polled to start its timer and again when that is over.
    for event in events.iter().filter(|event| event["event"] == "open") {
        let polls = events
            .iter()
            .filter(|poll| poll["event"] == "poll" && poll["span"] == event["span"]);
        assert!(polls.count() >= 2, "{events:#?}");
        assert_eq!(event["arguments"], "seconds=3");
    }
}

#[test]
fn a_timeline_that_cannot_be_written_does_not_stop_the_listing() {
    listing(env!("CARGO_BIN_EXE_listing_2_22_running_loop"))
        .env("TIMELINE", "/no/such/folder/timeline.jsonl")
        .assert()
        .success()
        .stderr_eq(
            "no timeline: /no/such/folder/timeline.jsonl: \
             No such file or directory (os error 2)\n",
        );
}
