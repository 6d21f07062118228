//! Runs every listing of chapter 2 as a reader would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::time::{Duration, Instant};
use std::{fs, thread};

use ch02_basics::debug::DebugMode;
use util_testing::{Server, Site, Timeline, command, expected, lines, listing, position};

util_testing::records_timelines!();

util_testing::prints! {
    listing_2_01_first_coroutine
    listing_2_02_coroutine_and_function
    listing_2_03_running_a_coroutine
    listing_2_04_await
    listing_2_14_future_value
    listing_2_20_blocking_client
}

util_testing::prints_at! {
    blocking_tasks [0, 2, 2, 4];
    listing_2_05_sleep [1];
    listing_2_07_two_coroutines [0, 1, 1, 1];
    listing_2_08_bare_await [0, 0, 3, 3];
    listing_2_08_creating_a_task [0, 0, 3, 3];
    listing_2_08_never_awaited [0, 1];
    listing_2_09_multiple_tasks [0, 0, 0, 3, 3, 3];
    listing_2_09_sequential [0, 3, 3, 6, 6, 9];
    listing_2_10_other_code [0, 0, 1, 2, 3, 3];
    listing_2_11_cancelling [0, 0, 1, 2, 3, 4, 5, 6];
    listing_2_12_blocking [0, 2];
    listing_2_12_detached [0, 1, 2, 3];
    listing_2_12_timeout [0, 1, 1];
    listing_2_13_shield [0, 5, 10, 10];
    listing_2_15_awaiting_a_future [0, 1, 1];
    listing_2_17_timing [0, 0, 0, 0, 0, 2, 2, 3, 3, 3];
    listing_2_22_running_loop [0, 0, 1];
    non_blocking_tasks [0, 0, 2, 2];
    timing_by_hand [1];
}

const LISTING_2_07: &str = env!("CARGO_BIN_EXE_listing_2_07_two_coroutines");
const LISTING_2_09: &str = env!("CARGO_BIN_EXE_listing_2_09_multiple_tasks");
const LISTING_2_14_EXCEPTION: &str = env!("CARGO_BIN_EXE_listing_2_14_set_exception");
const LISTING_2_17: &str = env!("CARGO_BIN_EXE_listing_2_17_timing");
const LISTING_2_18: &str = env!("CARGO_BIN_EXE_listing_2_18_cpu_bound");
const LISTING_2_18_POOL: &str = env!("CARGO_BIN_EXE_listing_2_18_blocking_pool");
const LISTING_2_19: &str = env!("CARGO_BIN_EXE_listing_2_19_cpu_bound_and_delay");
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
fn listing_2_07_adds_one_when_it_has_its_message() {
    let (timeline, output) = Timeline::record(listing(LISTING_2_07));
    output.success();
    assert!(timeline.in_turn("hello_world_message", "add_one"));
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
    let took = seconds(&lines(&output.get_output().stdout)[0]);
    assert!((1.0..10.0).contains(&took), "{took}");
}

#[test]
fn listing_2_17_main_takes_less_than_its_delays_together() {
    let output = listing(LISTING_2_17).assert().success();
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

/// A hundred million additions take longer than this on any machine.
const WORK: f64 = 0.02;

/// The seconds that each call of `name` took, in the order of their ends.
fn took(lines: &[String], name: &str) -> Vec<f64> {
    let finished = format!("finished {name} in ");
    let lines = lines.iter().filter(|line| line.starts_with(&finished));
    lines.map(|line| seconds(line)).collect()
}

#[test]
fn listing_2_18_computes_one_after_the_other() {
    let output = listing(LISTING_2_18).assert().success();
    let output = output.stdout_eq(expected!("listing_2_18_cpu_bound"));
    let lines = lines(&output.get_output().stdout);
    let work = took(&lines, "cpu_bound_work");
    assert!(work.iter().all(|seconds| *seconds > WORK), "{lines:#?}");
    let main = took(&lines, "main")[0];
    assert!(main >= work.iter().sum(), "{lines:#?}");
}

#[test]
fn listing_2_19_delays_after_it_has_computed() {
    let output = listing(LISTING_2_19).assert().success();
    let output = output.stdout_eq(expected!("listing_2_19_cpu_bound_and_delay"));
    let lines = lines(&output.get_output().stdout);
    let work = took(&lines, "cpu_bound_work");
    assert!(work.iter().all(|seconds| *seconds > WORK), "{lines:#?}");
    let main = took(&lines, "main")[0];
    assert!(main >= work.iter().sum::<f64>() + 4.0, "{lines:#?}");
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
fn listing_2_20_ends_when_a_request_fails() {
    for binary in [LISTING_2_20, LISTING_2_20_ASYNC] {
        for broken in 0..3 {
            // The site closes the connection of this request without an answer.
            let site = Site::saying(move |number| {
                let ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                if number == broken { "" } else { ok }.to_owned()
            });
            listing(binary)
                .env("EXAMPLE_URL", site.url())
                .assert()
                .code(1)
                .stderr_eq("Error: [..]\n...\n");
        }
    }
}

#[test]
fn listing_2_20_asks_a_site_elsewhere_through_the_proxy() {
    for binary in [LISTING_2_20, LISTING_2_20_ASYNC] {
        let proxy = Site::answering(|_| true);
        listing(binary)
            .env("EXAMPLE_URL", "http://elsewhere.invalid/")
            .env("ALL_PROXY", proxy.url())
            .env("HTTP_PROXY", proxy.url())
            .assert()
            .success();
        assert_eq!(proxy.answered(), 3);
    }
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
                 Caused by:\n    [..] (os error [..])\n",
            );
    }
}

#[test]
fn listing_2_21_runs_until_its_coroutine_has_slept() {
    let run = || {
        let start = Instant::now();
        listing(LISTING_2_21)
            .assert()
            .success()
            .stdout_eq("")
            .stderr_eq("");
        start.elapsed().as_secs()
    };
    // It never takes less than a second, and more than two only on a busy machine.
    let seconds: Vec<u64> = (0..3).map(|_| run()).collect();
    assert_eq!(seconds.iter().min(), Some(&1), "{seconds:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn listing_2_21_has_one_thread() {
    let running = util_testing::Running::start(&mut command(LISTING_2_21));
    // By then its event loop has started, as a rule.
    thread::sleep(Duration::from_millis(300));
    assert!(running.threads() <= 1);
}

#[test]
fn listing_2_23_finds_a_tenth_of_a_second_slow() {
    let debug = DebugMode::default();
    assert_eq!(debug.slow_callback_duration, Duration::from_millis(100));
}

#[test]
fn listing_2_23_names_the_task_that_held_the_loop() {
    let output = listing(LISTING_2_23)
        .assert()
        .success()
        .stdout_eq("starting cpu_bound_work()\nfinished cpu_bound_work in [..] second(s)\n")
        .stderr_eq(
            "Executing <Task finished name='task_one' \
             coro=<listing_2_23_debug_mode::cpu_bound_work>> took [..] seconds\n",
        );
    let report = &lines(&output.get_output().stderr)[0];
    assert!(seconds(report) >= 0.1, "{report}");
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
    let reports = reports.unwrap();
    assert!(seconds(&reports[0]) >= 0.3, "{reports:?}");
    util_testing::assert_eq(
        reports.join("\n"),
        "Executing <Task finished name='long' \
         coro=<listing_2_24_slow_callback::block_for>> took [..] seconds",
    );
}

/// The most threads that a process has until it ends.
fn most_threads(id: u32) -> usize {
    let mut most = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        if status.contains("State:\tZ") {
            return most;
        }
        let threads = status
            .lines()
            .find_map(|line| line.strip_prefix("Threads:\t"));
        most = most.max(threads.unwrap().parse().unwrap());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Tests that 300 sleepers of `binary` sleep together, on `threads` threads. One after the other,
/// they would exceed the time limit of a test.
#[track_caller]
fn sleep_together(binary: &str, threads: usize) {
    let mut command = command(binary);
    command.args(["300", "1000"]);
    let mut sleeping = Server::run(command);
    if cfg!(target_os = "linux") {
        assert_eq!(most_threads(sleeping.id()), threads);
    }
    assert!(sleeping.wait().success());
    util_testing::assert_eq(sleeping.stdout(), "300 slept in [..] second(s)\n");
    assert!(seconds(&sleeping.stdout()) >= 1.0, "{}", sleeping.stdout());
    listing(binary).args(["0"]).assert().success();
    listing(binary).args(["-1"]).assert().code(2);

    let output = listing(binary).assert().success();
    let output = output.stdout_eq("1000 slept in [..] second(s)\n");
    let took = seconds(&lines(&output.get_output().stdout)[0]);
    assert!((2.0..30.0).contains(&took), "{took}");
}

#[test]
fn sleeping_threads_sleep_together() {
    sleep_together(SLEEP_THREADS, 301);
}

#[test]
fn a_thread_that_cannot_start_is_one_clear_error() {
    // No address space has room for such a stack.
    listing(SLEEP_THREADS)
        .args(["1", "0"])
        .env("RUST_MIN_STACK", (1_u64 << 46).to_string())
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq("Error: cannot start another thread\n\nCaused by:\n    [..] (os error [..])\n");
}

#[test]
fn sleeping_tasks_sleep_together() {
    sleep_together(SLEEP_TASKS, 1);
}

#[test]
fn joined_sleepers_sleep_together() {
    sleep_together(SLEEP_JOIN_ALL, 1);
}

#[test]
fn unconstrained_sleepers_sleep_together() {
    sleep_together(SLEEP_UNCONSTRAINED, 1);
}

/// The futures of one task are smaller than as many tasks.
#[test]
fn joined_sleepers_take_less_memory_than_tasks() {
    const TASKS: u64 = 50_000;
    let memory = |binary: &str| {
        let mut command = command(binary);
        command.args([&TASKS.to_string(), "60000"]);
        let sleeping = Server::run(command);
        #[cfg(target_os = "linux")]
        util_testing::waits_at_most(sleeping.id(), 50_000..=60_000);
        sleeping.memory().unwrap_or_default()
    };
    let (joined, tasks) = (memory(SLEEP_JOIN_ALL), memory(SLEEP_TASKS));
    assert!(4 * joined <= 3 * tasks, "{joined} {tasks}");
    // A few hundred bytes each, and the rest of the program.
    assert!(tasks < TASKS * 1024 + (16 << 20), "{tasks}");
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
    // On a busy machine even the least time has waits in it.
    let is_faster = || awake(SLEEP_JOIN_ALL) > 3.0 * awake(SLEEP_UNCONSTRAINED);
    assert!((0..5).any(|_| is_faster()));
}

#[test]
fn a_timeline_that_cannot_be_written_does_not_stop_the_listing() {
    listing(LISTING_2_22)
        .env("TIMELINE", "/no/such/folder/timeline.txt")
        .assert()
        .success()
        .stderr_eq("no timeline: /no/such/folder/timeline.txt: [..] (os error [..])\n");
}
