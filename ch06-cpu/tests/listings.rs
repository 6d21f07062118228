//! Runs every listing of chapter 6 as a reader would.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that fails may panic; the tests do not use all of a listing"
)]
#![cfg_attr(
    not(target_os = "linux"),
    allow(unused_imports, reason = "some tests need Linux")
)]

#[path = "../src/bin/listing_6_03_apply_async.rs"]
mod listing_6_03;
#[path = "../src/bin/listing_6_04_map.rs"]
mod listing_6_04;
#[path = "../src/bin/listing_6_05_as_completed.rs"]
mod listing_6_05_as_completed;
#[path = "../src/bin/listing_6_05_event_loop.rs"]
mod listing_6_05_event_loop;
#[path = "../src/bin/listing_6_12_lock.rs"]
mod listing_6_12;
#[path = "../src/bin/listing_6_14_progress.rs"]
mod listing_6_14;
#[path = "../src/bin/scoped_lock.rs"]
mod scoped_lock;

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tempfile::TempDir;
use tokio::sync::oneshot::Receiver;
use util_ngrams as ngrams;
use util_testing::{
    Timeline, command, expected, lines, listing, needs_threads, position, wait_until,
};

util_testing::records_timelines!();

util_testing::prints! {
    listing_6_02_apply
    listing_6_03_apply_async
    listing_6_05_event_loop
    listing_6_06_word_frequencies
    listing_6_10_shared_data
    listing_6_12_lock
    listing_6_13_pool_with_counter
    scoped_lock
}

const LISTING_6_02: &str = env!("CARGO_BIN_EXE_listing_6_02_busy");
const LISTING_6_03: &str = env!("CARGO_BIN_EXE_listing_6_03_busy");
const LISTING_6_08: &str = env!("CARGO_BIN_EXE_listing_6_08_map_reduce");
const LISTING_6_09: &str = env!("CARGO_BIN_EXE_listing_6_09_parallel_reduce");
const LISTING_6_11: &str = env!("CARGO_BIN_EXE_listing_6_11_lost_update");
const LISTING_6_14: &str = env!("CARGO_BIN_EXE_listing_6_14_progress");
const LISTING_6_15: &str = env!("CARGO_BIN_EXE_listing_6_15_five_loops");
const COUNTERS: [&str; 3] = [
    env!("CARGO_BIN_EXE_counter_atomic"),
    env!("CARGO_BIN_EXE_counter_lock"),
    env!("CARGO_BIN_EXE_counter_merged"),
];

/// The variable that names the folder for temporary files.
const TEMPORARY: &str = if cfg!(windows) { "TMP" } else { "TMPDIR" };

const MAP_REDUCE: [&str; 4] = [
    env!("CARGO_BIN_EXE_listing_6_07_sequential"),
    LISTING_6_08,
    LISTING_6_09,
    LISTING_6_14,
];

/// How long something that should happen at once may take.
const SOON: Duration = Duration::from_secs(20);

/// What a listing prints without arguments.
fn output(binary: &str) -> Vec<String> {
    let ended = listing(binary).env("RAYON_NUM_THREADS", "2").assert();
    lines(&ended.success().stderr_eq("").get_output().stdout)
}

/// The seconds at the end of the line that starts with `start`.
fn seconds(lines: &[String], start: &str) -> f64 {
    let line = &lines[position(lines, start)];
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn listing_6_01_counts_at_once_in_threads_and_in_processes_only() {
    for (binary, at_once) in [
        (env!("CARGO_BIN_EXE_listing_6_01_count_threads"), true),
        (env!("CARGO_BIN_EXE_listing_6_01_processes"), true),
        (env!("CARGO_BIN_EXE_listing_6_01_sequential"), false),
    ] {
        let lines = output(binary);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[2].starts_with("Completed in "), "{lines:?}");
        let first = seconds(&lines, "Finished counting to 100000000 in ");
        let second = seconds(&lines, "Finished counting to 200000000 in ");
        // One after the other, they add up, however slow the machine is.
        let overlapped = first + second > seconds(&lines, "Completed in ") + 0.001;
        assert_eq!(overlapped, at_once, "{lines:?}");
    }
}

#[test]
fn starting_threads_and_processes_counts_what_it_started() {
    for (binary, what) in [
        (env!("CARGO_BIN_EXE_start_processes"), "processes"),
        (env!("CARGO_BIN_EXE_start_threads"), "threads"),
    ] {
        let ended = listing(binary).assert().success();
        let printed = lines(&ended.get_output().stdout).concat();
        let took = printed.strip_prefix(&format!("100 {what} started and joined in "));
        let took = took.and_then(|rest| rest.strip_suffix(" second(s)"));
        let took: f64 = took.unwrap_or(&printed).parse().unwrap();
        assert!(took > 0.0, "{printed}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn listing_6_01_processes_has_two_children_and_tells_of_one_that_fails() {
    let mut listing = command(env!("CARGO_BIN_EXE_listing_6_01_processes"));
    let listing = listing.stderr(Stdio::piped()).stdout(Stdio::null());
    let listing = listing.spawn().unwrap();
    let id = listing.id();
    let children = || {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap();
        let ids = children.split_whitespace().map(|id| id.parse().unwrap());
        ids.collect::<Vec<i32>>()
    };
    wait_until(|| children().len() == 2, || "two children".into());
    let group = |id| rustix::process::getpgid(rustix::process::Pid::from_raw(id)).unwrap();
    // So Ctrl-C in a terminal reaches all of them.
    for child in children() {
        assert_eq!(group(child), group(id.cast_signed()));
    }
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(children()[1]).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
    let ended = listing.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let error = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(
        error.contains("a child process failed: signal: 9"),
        "{error}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_counted_as_started_is_started_and_one_at_a_time() {
    let many = |binary| util_testing::Running::start(command(binary).arg("100000"));
    let processes = many(env!("CARGO_BIN_EXE_start_processes"));
    let threads = many(env!("CARGO_BIN_EXE_start_threads"));
    let (child, thread) = (Cell::new(false), Cell::new(false));
    wait_until(
        || {
            // Main is a thread too.
            let (children, threads) = (processes.children().len(), threads.threads());
            assert!(children <= 1 && threads <= 2, "{children} {threads}");
            child.set(child.get() || children == 1);
            thread.set(thread.get() || threads == 2);
            child.get() && thread.get()
        },
        || "a child and a thread".into(),
    );
    thread::sleep(Duration::from_millis(100));
    let (children, threads) = (processes.children().len(), threads.threads());
    assert!(children <= 1 && threads <= 2, "{children} {threads}");
}

#[cfg(target_os = "linux")]
#[test]
fn listing_6_05_prints_when_it_has_all_results_or_each_at_once() {
    for (binary, has_all) in [
        (env!("CARGO_BIN_EXE_listing_6_05_event_loop"), true),
        (env!("CARGO_BIN_EXE_listing_6_05_as_completed"), false),
    ] {
        let mut listing = command(binary);
        let listing = listing.env("RAYON_NUM_THREADS", "2").stdout(Stdio::piped());
        let mut listing = listing.spawn().unwrap();
        let mut lines = BufReader::new(listing.stdout.take().unwrap()).lines();
        lines.next().unwrap().unwrap();
        // Counting to a hundred million takes longer on any machine.
        let computed = util_testing::computed(listing.id()).unwrap();
        assert_eq!(computed >= 8, has_all, "{binary}: {computed}");
        assert_eq!(lines.count(), 4);
        listing.wait().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn listing_6_14_maps_in_several_threads() {
    let mut listing = command(LISTING_6_14);
    let running =
        util_testing::Running::start(listing.arg(small_file()).env("RAYON_NUM_THREADS", "2"));
    wait_until(
        || running.busy_threads() >= 2,
        || "two threads that compute".into(),
    );
    // Meanwhile the event loop waits for the next second.
    util_testing::waits_at_most(running.id(), 900..=1000);
}

#[cfg(target_os = "linux")]
#[test]
fn shared_counters_are_counted_by_two_threads() {
    for binary in COUNTERS {
        let running = util_testing::Running::start(command(binary).arg("1000000000000"));
        wait_until(
            || running.busy_threads() == 2,
            || format!("two threads of {binary} that compute"),
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn listing_6_15_has_a_pool_of_six_connections_in_each_loop() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut listing = command(LISTING_6_15);
    let running =
        util_testing::Running::start(listing.arg("20000").env(TEMPORARY, directory.path()));
    let open = || util_testing::open_files(running.id(), "products-1.sqlite");
    wait_until(|| open() == 30, || format!("30 connections, {}", open()));
    thread::sleep(Duration::from_millis(100));
    assert_eq!(open(), 30);
    // Main, a thread for each loop, and SQLite's for each connection.
    assert_eq!(running.threads(), 1 + 5 + 30);
    // Nearly a kilobyte for each query that waits for its turn.
    let mebibytes = || running.memory() >> 20;
    wait_until(|| mebibytes() >= 80, || format!("80 MiB, {}", mebibytes()));
}

#[cfg(target_os = "linux")]
#[test]
fn map_reduce_has_only_parts_of_the_file_in_memory() {
    // Nothing but holes and a few rows, whose years have a mebibyte of NULs.
    const ROWS: u64 = 100;
    let (_directory, path) = file("");
    let mut sparse = fs::File::create(&path).unwrap();
    for number in 1..=ROWS {
        sparse.write_all(b"Aardvark\t").unwrap();
        sparse.seek(SeekFrom::Start(number << 20)).unwrap();
        sparse.write_all(b"\t1\t1\n").unwrap();
    }
    for binary in MAP_REDUCE {
        let script = "ulimit -v 90000; exec \"$0\" \"$1\"";
        let limited = listing("sh").args(["-c", script, binary]).arg(&path);
        let limited = limited
            .env("RAYON_NUM_THREADS", "2")
            .env("MALLOC_ARENA_MAX", "1");
        let ended = limited.assert().success();
        let lines = lines(&ended.get_output().stdout);
        assert!(lines.contains(&format!("Aardvark has appeared {ROWS} times.")));
    }
}

#[test]
fn listing_6_02_runs_one_call_at_a_time_and_6_03_both() {
    for (binary, at_once) in [(LISTING_6_02, 1), (LISTING_6_03, 2)] {
        let listing = listing(binary).arg("50").env("RAYON_NUM_THREADS", "2");
        let (timeline, ended) = Timeline::record(listing);
        ended
            .success()
            .stdout_eq("Hi there, Jeff\nHi there, John\n");
        assert_eq!(timeline.count("say_hello"), 2);
        assert_eq!(timeline.most_running("say_hello"), at_once, "{binary}");

        // A pool of one thread runs both calls in it.
        let listing = util_testing::listing(binary).arg("1");
        let (timeline, _) = Timeline::record(listing.env("RAYON_NUM_THREADS", "1"));
        assert_eq!(timeline.threads("say_hello"), 1, "{binary}");
        needs_threads(binary, &["1"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn pools_have_as_many_threads_as_rayon_says() {
    for binary in [
        LISTING_6_02,
        env!("CARGO_BIN_EXE_listing_6_02_apply"),
        LISTING_6_03,
        env!("CARGO_BIN_EXE_listing_6_03_apply_async"),
        env!("CARGO_BIN_EXE_listing_6_04_map"),
        env!("CARGO_BIN_EXE_listing_6_05_as_completed"),
        env!("CARGO_BIN_EXE_listing_6_05_event_loop"),
    ] {
        let mut listing = command(binary);
        let running = util_testing::Running::held(listing.env("RAYON_NUM_THREADS", "5"));
        // Main is a thread too.
        wait_until(
            || running.threads() == 6,
            || format!("the pool of {binary}"),
        );
    }
}

/// By default they run for seconds. With how much, their timelines say at once.
#[cfg(target_os = "linux")]
#[test]
fn what_runs_for_seconds_has_as_much_to_do_as_its_header_says() {
    for (binary, much) in [
        (LISTING_6_02, "millions=200"),
        (LISTING_6_03, "millions=200"),
        (LISTING_6_15, "queries=10000"),
    ] {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let path = folder.path().join("timeline.txt");
        let mut listing = command(binary);
        listing.env("TIMELINE", &path).env(TEMPORARY, folder.path());
        let _running = util_testing::Running::start(&mut listing);
        let recorded = || fs::read_to_string(&path).unwrap_or_default();
        let says_so = || recorded().lines().any(|line| line.ends_with(much));
        wait_until(says_so, || format!("{much} in {}", recorded()));
    }
}

#[test]
fn listing_6_03_returns_before_the_call_has_run() {
    static RETURNED: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

    let pool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let result = listing_6_03::apply_async(&pool, || {
        let (flag, changed) = &RETURNED;
        let not_yet = |returned: &mut bool| !*returned;
        let waited = changed.wait_timeout_while(flag.lock().unwrap(), SOON, not_yet);
        let (returned, _) = waited.unwrap();
        returned.to_string()
    });
    *RETURNED.0.lock().unwrap() = true;
    RETURNED.1.notify_all();
    assert_eq!(result.recv().unwrap(), "true");
}

#[test]
fn listing_6_04_gives_results_in_order_as_soon_as_they_are_ready() {
    let lines = output(env!("CARGO_BIN_EXE_listing_6_04_map"));
    let (finished, results): (Vec<_>, Vec<_>) = lines
        .iter()
        .partition(|line| line.starts_with("Finished counting to "));
    assert_eq!(finished.len(), 5);
    assert_eq!(results, ["1", "3", "5", "22", "100000000"]);
    // Not all of them together at the end.
    assert!(position(&lines, "22") < position(&lines, "Finished counting to 100000000 in "));
}

#[test]
fn listing_6_04_hands_over_all_calls_at_once() {
    static LAST_HAS_RUN: AtomicBool = AtomicBool::new(false);

    // The global pool, in which the first call waits for the last.
    ThreadPoolBuilder::new()
        .num_threads(2)
        .build_global()
        .unwrap();
    let call = |number| {
        let start = Instant::now();
        LAST_HAS_RUN.fetch_or(number == 5, Ordering::Relaxed);
        while number == 1 && !LAST_HAS_RUN.load(Ordering::Relaxed) {
            // A panic in the pool would end the tests.
            if start.elapsed() > SOON {
                return 0;
            }
            thread::yield_now();
        }
        // Only the pool's threads have a number in it.
        rayon::current_thread_index().map_or(0, |_| number)
    };
    let results: Vec<_> = listing_6_04::map(call, [1, 2, 3, 4, 5]).collect();
    assert_eq!(results, [1, 2, 3, 4, 5]);
}

/// Checks that a call runs before anything awaits it, and that the event loop goes on meanwhile.
fn runs_beside_the_event_loop(
    run_in_executor: fn(&ThreadPool, mpsc::Receiver<()>) -> Receiver<bool>,
) {
    let pool: ThreadPool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (sender, receiver) = mpsc::channel();
    let event_loop = tokio::runtime::Builder::new_current_thread();
    let event_loop = { event_loop }.build().unwrap();
    event_loop.block_on(async {
        let call = run_in_executor(&pool, receiver);
        let (other_code_ran, ()) = tokio::join!(call, async { sender.send(()).unwrap() });
        assert!(other_code_ran.unwrap());

        let (sender, receiver) = mpsc::channel();
        sender.send(()).unwrap();
        let call = RefCell::new(run_in_executor(&pool, receiver));
        wait_until(
            || call.borrow_mut().try_recv().is_ok(),
            || "a call that nobody awaits".into(),
        );
    });
}

#[test]
fn listing_6_05_leaves_the_event_loop_free_and_starts_calls_at_once() {
    runs_beside_the_event_loop(|pool, other_code| {
        listing_6_05_event_loop::run_in_executor(pool, move || {
            other_code.recv_timeout(SOON).is_ok()
        })
    });
    runs_beside_the_event_loop(|pool, other_code| {
        listing_6_05_as_completed::run_in_executor(pool, move || {
            other_code.recv_timeout(SOON).is_ok()
        })
    });
}

#[test]
fn listing_6_05_as_completed_has_the_big_result_last() {
    let mut lines = output(env!("CARGO_BIN_EXE_listing_6_05_as_completed"));
    lines[..4].sort_by_key(String::len);
    lines[..3].sort();
    assert_eq!(lines, ["1", "3", "5", "22", "100000000"]);
}

#[test]
fn listing_6_11_goes_on_until_an_update_is_lost() {
    let lines = output(LISTING_6_11);
    let (last, rounds) = lines.split_last().unwrap();
    let (lost, kept) = rounds.split_last().unwrap();
    assert_eq!(lost, "1");
    assert!(kept.iter().all(|round| round == "2"), "{kept:?}");
    // Soon: without the yield between load and store it takes thousands of rounds.
    assert!(kept.len() < 500, "{} rounds", kept.len());
    let said = format!(
        "An update was lost in round {}: 1 instead of 2",
        rounds.len()
    );
    assert_eq!(*last, said);
}

#[test]
fn counters_of_two_threads_have_every_increment() {
    for binary in COUNTERS {
        listing(binary)
            .assert()
            .success()
            .stdout_eq("The counter is 20000000\nCounting took [..] second(s)\n");
    }
}

#[test]
fn locks_lose_no_increment() {
    const EACH: i32 = 500_000;
    for increment_value in [listing_6_12::increment_value, scoped_lock::increment_value] {
        let value = Mutex::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..EACH).for_each(|_| increment_value(&value)));
            }
        });
        assert_eq!(value.into_inner().unwrap(), 2 * EACH);
    }
}

#[test]
fn what_shares_data_does_it_between_threads() {
    for binary in [
        LISTING_6_11,
        env!("CARGO_BIN_EXE_listing_6_02_apply"),
        env!("CARGO_BIN_EXE_listing_6_03_apply_async"),
        env!("CARGO_BIN_EXE_listing_6_13_pool_with_counter"),
    ] {
        needs_threads(binary, &[]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_shares_data_does_it_between_two_threads_at_once() {
    for binary in [
        env!("CARGO_BIN_EXE_listing_6_10_shared_data"),
        env!("CARGO_BIN_EXE_listing_6_12_lock"),
        env!("CARGO_BIN_EXE_scoped_lock"),
    ] {
        util_testing::needs_two_threads_at_once(binary);
    }
}

/// The file that the MapReduce listings make by default, but in the folder of the tests.
fn small_file() -> &'static Path {
    static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("words.tsv");
        ngrams::write_file(ngrams::SMALL, &path).unwrap();
        path
    });
    &FILE
}

fn file(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = directory.path().join("words.tsv");
    fs::write(&path, text).unwrap();
    (directory, path)
}

#[test]
fn all_map_reduce_listings_count_the_aardvark() {
    for (binary, expected) in MAP_REDUCE.into_iter().zip([
        expected!("listing_6_07_sequential"),
        expected!("listing_6_08_map_reduce"),
        expected!("listing_6_09_parallel_reduce"),
        expected!("listing_6_14_progress"),
    ]) {
        listing(binary)
            .env("NGRAMS_FILE", small_file())
            .assert()
            .success()
            .stdout_eq(expected)
            .stderr_eq("");
    }
}

#[test]
fn all_map_reduce_listings_add_up_what_every_partition_has() {
    let mut text = String::new();
    let mut total = 0;
    for row in 0..200_000_u64 {
        let word = ["Aardvark", "Aardvarks", "Aard"][(row % 7).min(2) as usize];
        let count = if row % 1000 == 0 { 123_456_789 } else { row };
        writeln!(text, "{word}\t1999\t{count}\t1").unwrap();
        if word == "Aardvark" {
            total += count;
        }
    }
    // The last line need not end with a newline.
    let (_directory, path) = file(text + "Aardvark\t2000\t1000000000000\t1");
    total += 1_000_000_000_000;
    for binary in MAP_REDUCE {
        let ended = listing(binary).arg(&path).assert().success();
        let lines = lines(&ended.get_output().stdout);
        let expected = format!("Aardvark has appeared {total} times.");
        assert!(lines.contains(&expected), "{binary}: {lines:?}");
    }
}

#[test]
fn listing_6_08_maps_in_several_threads_and_6_09_merges_in_several_too() {
    let mut text = String::new();
    for word in 0..250_000 {
        writeln!(text, "word{word}\t1999\t1\t1").unwrap();
    }
    let (_directory, path) = file(&text);
    for binary in [LISTING_6_08, LISTING_6_09] {
        let listing = listing(binary).arg(&path).env("RAYON_NUM_THREADS", "2");
        let (timeline, ended) = Timeline::record(listing);
        ended.success();
        assert_eq!(
            timeline.count("map_frequencies"),
            text.len() / (1 << 20) + 1
        );
        assert_eq!(timeline.most_running("map_frequencies"), 2, "{binary}");
        let merging = if binary == LISTING_6_09 { 2 } else { 1 };
        assert_eq!(timeline.most_running("merge_dictionaries"), merging);
        assert!(timeline.threads("merge_dictionaries") >= merging);
    }
}

#[test]
fn a_malformed_line_is_one_error_that_names_its_number() {
    for (number, malformed) in [
        &b"Aardvark\t1999"[..],
        b"Aardvark\t1999\t2",
        b"Aardvark\t1999\t2\t1\t1",
        b"Aardvark 1999 2 1",
        b"Aardvark\t1999,2",
        b"Aardvark,NOUN\t1999\t\t1",
        b"Aardvark\t1999\tmany\t1",
        b"Aardvark\t1999\t-2\t1",
        b"Aardvark\t1999\t99999999999999999999\t1",
        b"Aardv\xffrk\t1999\t2\t1",
        b"",
    ]
    .into_iter()
    .enumerate()
    {
        // The first is in the second part of the file, for those that divide it.
        let before = if number == 0 { 70_000 } else { 7 };
        let mut text = b"Aardvark\t1999\t2\t1\n".repeat(before);
        text.extend(malformed);
        text.push(b'\n');
        text.extend(b"Aardvark\t1999\t2\t1\n".repeat(7));
        let (_directory, path) = file(text);
        for binary in MAP_REDUCE {
            let line = before + 1;
            let error = format!("Error: line {line} of {} is malformed\n", path.display());
            let ended = listing(binary).arg(&path).assert().code(1).stderr_eq(error);
            let stdout = String::from_utf8_lossy(&ended.get_output().stdout).into_owned();
            assert!(!stdout.contains("Aardvark"), "{stdout}");
        }
    }
}

#[test]
fn rows_count_as_in_python() {
    let rows = [
        "Aardvark\t1999\t1\t1",
        // Words of two, of none, and with a no-break space are other words.
        "A big\t1999\t3\t1",
        "Aardvark \t1999\t5\t1",
        "\t1999\t7\t1",
        "Aardvark\u{a0}s\t1999\t11\t1",
        // Python takes a number with blanks around it, and does not look at year and volumes.
        "Aardvark\tyear\t 20 \t",
    ];
    for (between, last) in [("\n", "\n"), ("\n", ""), ("\r\n", "\r\n")] {
        let (_directory, path) = file(rows.join(between) + last);
        for binary in MAP_REDUCE {
            let ended = listing(binary).arg(&path).assert().success().stderr_eq("");
            let lines = lines(&ended.get_output().stdout);
            assert!(lines.contains(&"Aardvark has appeared 21 times.".into()));
        }
    }
}

#[test]
fn rows_of_the_2020_edition_are_told_as_such() {
    for row in [
        "Aardvark\t1999,5,1",
        "Aardvark\t1999,5,1\t2000,7,2",
        // As many columns as in the edition of 2012.
        "Aardvark_NOUN\t1999,5,1\t2000,7,2\t2001,1,1",
        "Aardvark\t1999,5,1\t2000,7,2\t2001,1,1\t2002,1,1\r",
    ] {
        let (_directory, path) = file(format!("Aardvark\t1999\t1\t1\n{row}\n"));
        for binary in MAP_REDUCE {
            listing(binary)
                .arg(&path)
                .assert()
                .code(1)
                .stderr_eq(format!(
                    "Error: line 2 of {} is of the 2020 edition, which has a column for each year; \
                 these listings count the edition of 2012\n",
                    path.display()
                ));
        }
    }
}

#[test]
fn a_gzip_file_is_told_as_such() {
    // The first two bytes say so, whatever follows, and whatever the file is called.
    for rest in [&b""[..], b"\x08\x00\x00\x00", &[b'\n'; 3 << 20]] {
        let (_directory, path) = file([b"\x1f\x8b", rest].concat());
        for binary in MAP_REDUCE {
            listing(binary)
                .arg(&path)
                .assert()
                .code(1)
                .stderr_eq(format!(
                    "Error: {} is a gzip file: unpack it first\n",
                    path.display()
                ));
        }
    }
}

#[test]
fn without_a_file_they_make_one() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for _made_and_found in 0..2 {
        listing(MAP_REDUCE[0])
            .env(TEMPORARY, directory.path())
            .assert()
            .success()
            .stdout_eq(expected!("listing_6_07_sequential"));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}

#[test]
fn listing_6_14_counts_a_map_when_it_has_ended() {
    let progress = || listing_6_14::MAP_PROGRESS.load(Ordering::Relaxed);
    let map = |text| {
        let (_directory, path) = file(text);
        let partition = ch06_cpu::partition(&path, 1 << 20).unwrap().remove(0);
        listing_6_14::map_frequencies(partition)
    };
    assert!(map("no row").is_err());
    assert_eq!(progress(), 0);
    assert_eq!(map("Aardvark\t1999\t2\t1").unwrap()["Aardvark"], 2);
    assert_eq!(progress(), 1);
    // No map is forgotten, however many end together.
    let (_directory, path) = file("Aardvark\t1999\t2\t1\n".repeat(100_000));
    let partitions = ch06_cpu::partition(&path, 1).unwrap();
    let maps = partitions.len();
    partitions.into_par_iter().for_each(|partition| {
        listing_6_14::map_frequencies(partition).unwrap();
    });
    assert_eq!(progress(), 1 + maps);
}

#[test]
fn a_file_may_be_empty() {
    let (_directory, path) = file("");
    for binary in MAP_REDUCE {
        let ended = listing(binary).arg(&path).assert().success();
        let lines = lines(&ended.get_output().stdout);
        assert!(lines.contains(&"Aardvark has appeared 0 times.".into()));
    }
}

#[test]
fn a_file_that_is_not_there_is_one_clear_line() {
    for binary in MAP_REDUCE {
        listing(binary)
            .arg("/no/such/file")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq("Error: cannot open /no/such/file[..]\n...\n");
        // A folder opens, but cannot be read.
        listing(binary)
            .arg("/")
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq("Error: cannot [..] /[..]\n...\n");
    }
}

#[test]
fn listing_6_14_tells_how_far_it_is() {
    let row = b"Aardvark\t1999\t2\t1\n";
    let mut rows = 1_500_000;
    // A second must end before the last map does, however fast the machine is.
    loop {
        let (_directory, path) = file(row.repeat(rows));
        let listing = listing(LISTING_6_14).arg(&path);
        let start = Instant::now();
        let ended = listing.env("RAYON_NUM_THREADS", "1").assert().success();
        let lines = lines(&ended.get_output().stdout);
        let (result, reports) = lines.split_last().unwrap();
        assert_eq!(
            *result,
            format!("Aardvark has appeared {} times.", 2 * rows)
        );
        let total = row.len() * rows / (1 << 20) + 1;
        let end = format!("/{total} map operations");
        let finished = reports.iter().map(|report| {
            let report = report.strip_prefix("Finished ").unwrap();
            report.strip_suffix(&end).expect(report).parse().unwrap()
        });
        let finished: Vec<usize> = finished.collect();
        // At most one a second.
        assert!(finished.len() as u64 <= start.elapsed().as_secs() + 1);
        assert!(finished.is_sorted(), "{finished:?}");
        assert!(finished.last() < Some(&total), "{finished:?}");
        if finished.iter().any(|finished| *finished > 0) {
            return;
        }
        rows *= 4;
        assert!(rows < 50_000_000, "nothing between 0 and {total}");
    }
}

fn queries(database: Option<&str>) {
    // The listing makes its embedded database there.
    let mut listing = listing(LISTING_6_15).env(TEMPORARY, env!("CARGO_TARGET_TMPDIR"));
    if let Some(url) = database {
        listing = listing.env("DATABASE_URL", url);
    }
    let (timeline, ended) = Timeline::record(listing.arg("1000"));
    assert_eq!(timeline.count("query_products_concurrently"), 5);
    // No loop waits for another to end.
    assert!(timeline.most_open("query_products_concurrently") > 1);
    let mut lines = lines(&ended.success().get_output().stdout);
    // Five loops start and finish in any order.
    let main = 1..lines.len() - 2;
    lines[main].sort_by_key(|line| !line.starts_with("starting"));
    let sorted = lines.join("\n") + "\n";
    util_testing::assert_eq(sorted, expected!("listing_6_15_five_loops"));
}

#[test]
fn listing_6_15_asks_the_embedded_database_from_five_loops() {
    queries(None);
}

#[test]
fn listing_6_15_asks_postgresql_from_five_loops() {
    let Some(url) = util_testing::postgresql() else {
        return;
    };
    queries(Some(&url));
}

#[test]
fn listing_6_15_gives_up_a_server_that_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://me@{}/x", silent.local_addr().unwrap());
    let ended = listing(LISTING_6_15).env("DATABASE_URL", url).assert();
    ended
        .code(1)
        .stderr_eq("Error: [..]\n...\n[..]it does not answer\n...\n");
}

#[test]
fn listing_6_15_takes_only_postgresql_for_a_server() {
    listing(LISTING_6_15)
        .env("DATABASE_URL", "mysql://localhost/products")
        .assert()
        .code(1)
        .stdout_eq("starting main()\nfinished main in [..] second(s)\n")
        .stderr_eq(
            "Error: DATABASE_URL 'mysql://localhost/products' is not a PostgreSQL URL \
             (postgres://user@host/name)\n",
        );
}
