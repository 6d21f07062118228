//! Runs every listing of chapter 2 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::time::{Duration, Instant};

use util_testing::{Site, Timeline, expected, lines, listing, position};

util_testing::prints! {
    blocking_tasks
    listing_2_01_first_coroutine
    listing_2_02_coroutine_and_function
    listing_2_03_running_a_coroutine
    listing_2_04_await
    listing_2_07_two_coroutines
    listing_2_08_bare_await
    listing_2_08_creating_a_task
    listing_2_08_never_awaited
    listing_2_09_sequential
    listing_2_10_other_code
    listing_2_11_cancelling
    listing_2_12_blocking
    listing_2_12_detached
    listing_2_12_timeout
    listing_2_13_shield
    listing_2_14_future_value
    listing_2_15_awaiting_a_future
    listing_2_18_cpu_bound
    listing_2_19_cpu_bound_and_delay
    listing_2_20_blocking_client
    listing_2_22_running_loop
    non_blocking_tasks
}

const LISTING_2_05: &str = env!("CARGO_BIN_EXE_listing_2_05_sleep");
const LISTING_2_09: &str = env!("CARGO_BIN_EXE_listing_2_09_multiple_tasks");
const LISTING_2_14_EXCEPTION: &str = env!("CARGO_BIN_EXE_listing_2_14_set_exception");
const LISTING_2_17: &str = env!("CARGO_BIN_EXE_listing_2_17_timing");
const LISTING_2_18_POOL: &str = env!("CARGO_BIN_EXE_listing_2_18_blocking_pool");
const LISTING_2_19_POOL: &str = env!("CARGO_BIN_EXE_listing_2_19_blocking_pool");
const LISTING_2_20: &str = env!("CARGO_BIN_EXE_listing_2_20_blocking_client");
const LISTING_2_20_ASYNC: &str = env!("CARGO_BIN_EXE_listing_2_20_async_client");
const LISTING_2_21: &str = env!("CARGO_BIN_EXE_listing_2_21_event_loop_by_hand");
const LISTING_2_22: &str = env!("CARGO_BIN_EXE_listing_2_22_running_loop");
const LISTING_2_23: &str = env!("CARGO_BIN_EXE_listing_2_23_debug_mode");
const LISTING_2_24: &str = env!("CARGO_BIN_EXE_listing_2_24_slow_callback");
const TIMING_BY_HAND: &str = env!("CARGO_BIN_EXE_timing_by_hand");
const SLEEP_THREADS: &str = env!("CARGO_BIN_EXE_sleep_threads");
const SLEEP_TASKS: &str = env!("CARGO_BIN_EXE_sleep_tasks");
const SLEEP_JOIN_ALL: &str = env!("CARGO_BIN_EXE_sleep_join_all");
const SLEEP_UNCONSTRAINED: &str = env!("CARGO_BIN_EXE_sleep_unconstrained");

/// The seconds in a line such as `finished delay in 2.0012 second(s)`.
fn seconds(line: &str) -> f64 {
    let word = line.split(' ').find(|word| word.contains('.'));
    word.unwrap().parse().unwrap()
}

#[test]
fn listing_2_05_sleeps_before_it_prints() {
    let start = Instant::now();
    listing(LISTING_2_05)
        .assert()
        .success()
        .stdout_eq("Hello World!\n")
        .stderr_eq("");
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn listing_2_09_three_delays_sleep_together() {
    let (timeline, output) = Timeline::record(listing(LISTING_2_09));
    output
        .success()
        .stdout_eq(expected!("listing_2_09_multiple_tasks"));
    assert_eq!(timeline.most_open("delay"), 3);
    assert_eq!(timeline.arguments("delay"), ["seconds=3"; 3]);
    assert_eq!(timeline.threads("delay"), 1);
    // The first poll starts the timer and the second finds it done; then the task ends.
    assert_eq!(timeline.polls_of_each("delay"), [3; 3]);
}

#[test]
fn listing_2_14_returns_the_error_that_was_set() {
    listing(LISTING_2_14_EXCEPTION)
        .assert()
        .code(1)
        .stdout_eq("Is my_future done? true\n")
        .stderr_eq("Error: the request failed\n");
}

#[test]
fn timing_by_hand_measures_the_sleep() {
    let output = listing(TIMING_BY_HAND).assert().success();
    let output = output.stdout_eq(expected!("timing_by_hand"));
    let took = seconds(&lines(&output.get_output().stdout)[0]);
    assert!((1.0..10.0).contains(&took), "{took}");
}

#[test]
fn listing_2_17_main_takes_less_than_its_delays_together() {
    let output = listing(LISTING_2_17).assert().success();
    let output = output.stdout_eq(expected!("listing_2_17_timing"));
    let lines = lines(&output.get_output().stdout);
    let finished = lines.iter().filter(|line| line.starts_with("finished "));
    let finished = finished.filter(|line| line.contains(" in "));
    let times: Vec<f64> = finished.map(|line| seconds(line)).collect();
    let [two, three, main] = times[..] else {
        panic!("{lines:#?}");
    };
    assert!(two >= 2.0 && three >= 3.0 && main >= three, "{times:?}");
    assert!(main < two + three, "{times:?}");
}

#[test]
fn listing_2_18_blocking_pool_computes_on_two_threads() {
    let (timeline, output) = Timeline::record(listing(LISTING_2_18_POOL));
    output
        .success()
        .stdout_eq(expected!("listing_2_18_blocking_pool"));
    assert_eq!(timeline.most_running("cpu_bound_work"), 2);
    assert_eq!(timeline.threads("cpu_bound_work"), 2);
}

#[test]
fn listing_2_19_blocking_pool_starts_the_delay_at_once() {
    let (timeline, output) = Timeline::record(listing(LISTING_2_19_POOL));
    let output = output.success();
    let lines = lines(&output.get_output().stdout);
    let delay_started = position(&lines, "sleeping for 4 second(s)");
    let work_finished = position(&lines, "finished cpu_bound_work in ");
    assert!(delay_started < work_finished, "{lines:#?}");
    assert_eq!(position(&lines, "starting main()"), 0);
    assert_eq!(position(&lines, "finished main in "), lines.len() - 1);
    assert_eq!(timeline.most_running("cpu_bound_work"), 2);
}

#[test]
fn listing_2_20_async_client_lets_the_requests_wait_together() {
    let site = Site::barrier(3);
    listing(LISTING_2_20_ASYNC)
        .env("EXAMPLE_URL", site.url())
        .assert()
        .success()
        .stdout_eq(expected!("listing_2_20_async_client"))
        .stderr_eq("");
    assert_eq!(site.most_at_once(), 3);
}

#[test]
fn listing_2_20_reports_a_site_that_is_not_there() {
    for binary in [LISTING_2_20, LISTING_2_20_ASYNC] {
        listing(binary)
            .env("EXAMPLE_URL", "http://127.0.0.1:1/")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(
                "Error: EXAMPLE_URL 'http://127.0.0.1:1/' cannot be reached\n\n\
                 Caused by:\n    Connection refused[..]\n",
            );
    }
}

#[test]
fn listing_2_21_runs_until_its_coroutine_has_slept() {
    let start = Instant::now();
    listing(LISTING_2_21)
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn listing_2_23_names_the_task_that_held_the_loop() {
    listing(LISTING_2_23)
        .assert()
        .success()
        .stdout_eq("starting cpu_bound_work()\nfinished cpu_bound_work in [..] second(s)\n")
        .stderr_eq(
            "Executing <Task finished name='task_one' \
             coro=<listing_2_23_debug_mode::cpu_bound_work>> took [..] seconds\n",
        );
}

#[test]
fn listing_2_24_reports_polls_above_its_threshold_only() {
    let run = || {
        let output = listing(LISTING_2_24).assert().success().stdout_eq("");
        lines(&output.get_output().stderr)
    };
    // On a busy machine even the short task may take longer than the threshold, and is rightly
    // reported.
    let reports = (0..20).map(|_| run()).find(|reports| reports.len() == 1);
    util_testing::assert_eq(
        reports.unwrap().join("\n"),
        "Executing <Task finished name='long' \
         coro=<listing_2_24_slow_callback::block_for>> took [..] seconds",
    );
}

/// Tests that 300 sleepers of `binary` sleep together. One after the other, they would exceed the
/// time limit of a test.
#[track_caller]
fn sleep_together(binary: &str) {
    listing(binary)
        .args(["300", "1000"])
        .assert()
        .success()
        .stdout_eq("300 slept in [..] second(s)\n");
    listing(binary).args(["0"]).assert().success();
    listing(binary).args(["-1"]).assert().code(2);
}

#[test]
fn sleeping_threads_sleep_together() {
    sleep_together(SLEEP_THREADS);
}

#[test]
fn sleeping_tasks_sleep_together() {
    sleep_together(SLEEP_TASKS);
}

#[test]
fn joined_sleepers_sleep_together() {
    sleep_together(SLEEP_JOIN_ALL);
}

#[test]
fn unconstrained_sleepers_sleep_together() {
    sleep_together(SLEEP_UNCONSTRAINED);
}

#[test]
fn unconstrained_sleepers_wake_in_a_fraction_of_the_time() {
    // The least time beyond the sleep is the processor time, which grows with the square.
    let awake = |binary: &str| {
        let runs = (0..3).map(|_| {
            let output = listing(binary).args(["20000", "200"]).assert().success();
            seconds(&lines(&output.get_output().stdout)[0]) - 0.2
        });
        runs.fold(f64::INFINITY, f64::min)
    };
    let (taking_turns, unconstrained) = (awake(SLEEP_JOIN_ALL), awake(SLEEP_UNCONSTRAINED));
    assert!(
        taking_turns > 3.0 * unconstrained,
        "{taking_turns} {unconstrained}"
    );
}

#[test]
fn a_timeline_that_cannot_be_written_does_not_stop_the_listing() {
    listing(LISTING_2_22)
        .env("TIMELINE", "/no/such/folder/timeline.jsonl")
        .assert()
        .success()
        .stderr_eq(
            "no timeline: /no/such/folder/timeline.jsonl: \
             No such file or directory (os error 2)\n",
        );
}
