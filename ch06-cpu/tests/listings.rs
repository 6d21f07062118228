//! Runs every listing of chapter 6 as a reader would.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that fails may panic; the tests do not use all of a listing"
)]

#[path = "../src/bin/listing_6_03_apply_async.rs"]
mod listing_6_03;
#[path = "../src/bin/listing_6_05_as_completed.rs"]
mod listing_6_05_as_completed;
#[path = "../src/bin/listing_6_05_event_loop.rs"]
mod listing_6_05_event_loop;

use std::fmt::Write;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Condvar, LazyLock, Mutex, mpsc};
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};
use tempfile::TempDir;
use util_ngrams as ngrams;
use util_testing::{Timeline, expected, lines, listing, position};

util_testing::prints! {
    listing_6_02_apply
    listing_6_02_busy
    listing_6_03_apply_async
    listing_6_03_busy
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
const MAP_REDUCE: [&str; 5] = [
    env!("CARGO_BIN_EXE_listing_6_07_sequential"),
    LISTING_6_08,
    LISTING_6_09,
    LISTING_6_14,
    env!("CARGO_BIN_EXE_map_reduce_fast"),
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
        listing(binary)
            .arg("5")
            .assert()
            .success()
            .stdout_eq(format!("5 {what} started and joined in [..] second(s)\n"));
    }
}

#[cfg(target_os = "linux")]
mod proc {
    use std::process::{Child, Command};

    use super::*;

    /// A program that a test watches while it runs.
    struct Running(Child);

    impl Running {
        fn start(command: &mut Command) -> Self {
            Self(command.stdout(Stdio::null()).spawn().unwrap())
        }

        fn threads(&self) -> impl Iterator<Item = PathBuf> {
            let tasks = fs::read_dir(format!("/proc/{}/task", self.0.id())).unwrap();
            tasks.filter_map(|task| Some(task.ok()?.path()))
        }

        fn children(&self) -> usize {
            let id = self.0.id();
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            children.unwrap().split_whitespace().count()
        }

        /// Threads that have computed for a twentieth of a second or more.
        fn busy_threads(&self) -> usize {
            let ticks = |task: PathBuf| {
                let stat = fs::read_to_string(task.join("stat")).ok()?;
                let after_name = stat.rsplit(')').next()?;
                after_name.split_whitespace().nth(11)?.parse().ok()
            };
            let ticks = self.threads().filter_map(ticks);
            ticks.filter(|ticks: &u64| *ticks >= 5).count()
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            // The program may have ended by itself.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn what_is_counted_as_started_is_started() {
        let many = |binary| Running::start(util_testing::command(binary).arg("100000"));
        let processes = many(env!("CARGO_BIN_EXE_start_processes"));
        util_testing::wait_until(|| processes.children() == 1, || "a child".into());
        let threads = many(env!("CARGO_BIN_EXE_start_threads"));
        util_testing::wait_until(|| threads.threads().count() == 2, || "a thread".into());
    }

    #[test]
    fn listing_6_14_maps_in_several_threads() {
        let mut listing = util_testing::command(LISTING_6_14);
        let running = Running::start(listing.arg(small_file()).env("RAYON_NUM_THREADS", "2"));
        util_testing::wait_until(
            || running.busy_threads() >= 2,
            || "two threads that compute".into(),
        );
    }
}

#[test]
fn listing_6_02_runs_one_call_at_a_time_and_6_03_both() {
    for (binary, at_once) in [(LISTING_6_02, 1), (LISTING_6_03, 2)] {
        let (timeline, ended) = Timeline::record(listing(binary).env("RAYON_NUM_THREADS", "2"));
        ended.success();
        assert_eq!(timeline.count("say_hello"), 2);
        assert_eq!(timeline.most_running("say_hello"), at_once, "{binary}");
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
fn listing_6_04_has_small_results_wait_behind_a_big_one() {
    let lines = output(env!("CARGO_BIN_EXE_listing_6_04_big_first"));
    let results = ["100000000", "1", "3", "5", "22"];
    assert_eq!(lines[5..], results);
    // They were ready, because the calls run at once.
    assert!(lines[4].starts_with("Finished counting to 100000000 in "));
}

/// Checks that the event loop keeps running while a call runs in the pool.
fn leaves_the_event_loop_free<F>(run_in_executor: impl FnOnce(mpsc::Receiver<()>) -> F) -> bool
where
    F: Future<Output = anyhow::Result<bool>>,
{
    let (sender, receiver) = mpsc::channel();
    let event_loop = tokio::runtime::Builder::new_current_thread();
    let event_loop = { event_loop }.build().unwrap();
    event_loop.block_on(async {
        let call = run_in_executor(receiver);
        let (other_code_ran, ()) = tokio::join!(call, async { sender.send(()).unwrap() });
        other_code_ran.unwrap()
    })
}

#[test]
fn listing_6_05_leaves_the_event_loop_free() {
    let pool: ThreadPool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let pool = &pool;
    assert!(leaves_the_event_loop_free(|other_code| {
        listing_6_05_event_loop::run_in_executor(pool, move || {
            other_code.recv_timeout(SOON).is_ok()
        })
    }));
    assert!(leaves_the_event_loop_free(|other_code| {
        listing_6_05_as_completed::run_in_executor(pool, move || {
            other_code.recv_timeout(SOON).is_ok()
        })
    }));
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
    let said = format!(
        "An update was lost in round {}: 1 instead of 2",
        rounds.len()
    );
    assert_eq!(*last, said);
}

#[test]
fn counters_of_two_threads_have_every_increment() {
    for binary in [
        env!("CARGO_BIN_EXE_counter_atomic"),
        env!("CARGO_BIN_EXE_counter_lock"),
        env!("CARGO_BIN_EXE_counter_merged"),
    ] {
        listing(binary)
            .arg("200000")
            .assert()
            .success()
            .stdout_eq("The counter is 400000\nCounting took [..] second(s)\n");
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
        expected!("map_reduce_fast"),
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
        let merging = if binary == LISTING_6_09 { 2 } else { 0 };
        assert_eq!(timeline.most_running("merge_dictionaries"), merging);
    }
}

#[test]
fn a_malformed_line_is_one_error_that_names_its_number() {
    for malformed in [
        &b"Aardvark\t1999"[..],
        b"Aardvark\t1999\t2",
        b"Aardvark\t1999\t2\t1\t1",
        b"an Aardvark\t1999\t2\t1",
        b"Aardvark\t1999\tmany\t1",
        b"Aardvark\t1999\t-2\t1",
        b"Aardvark\t1999\t99999999999999999999\t1",
        b"Aardv\xffrk\t1999\t2\t1",
        b"",
    ] {
        let mut text = b"Aardvark\t1999\t2\t1\n".repeat(70_000);
        text.extend(malformed);
        text.push(b'\n');
        text.extend(b"Aardvark\t1999\t2\t1\n".repeat(70_000));
        let (_directory, path) = file(text);
        for binary in MAP_REDUCE {
            let error = format!("Error: line 70001 of {} is malformed\n", path.display());
            let ended = listing(binary).arg(&path).assert().code(1).stderr_eq(error);
            let stdout = String::from_utf8_lossy(&ended.get_output().stdout).into_owned();
            assert!(!stdout.contains("Aardvark"), "{stdout}");
        }
    }
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
    let mut listing = listing(LISTING_6_15).env("TMPDIR", env!("CARGO_TARGET_TMPDIR"));
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
