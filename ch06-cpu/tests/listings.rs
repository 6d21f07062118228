//! Runs every listing of chapter 6 as a reader would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::path::Path;

use snapbox::cmd::OutputAssert;
use util_ngrams as ngrams;
use util_testing::{expected, lines, listing};

util_testing::prints! {
    listing_6_02_apply
    listing_6_03_apply_async
    listing_6_05_event_loop
    listing_6_06_word_frequencies
    listing_6_07_sequential
    listing_6_08_map_reduce
    listing_6_09_parallel_reduce
    listing_6_10_shared_data
    listing_6_12_lock
    listing_6_13_pool_with_counter
    listing_6_14_progress
    scoped_lock
}

const LISTING_6_01: [&str; 3] = [
    env!("CARGO_BIN_EXE_listing_6_01_count_threads"),
    env!("CARGO_BIN_EXE_listing_6_01_processes"),
    env!("CARGO_BIN_EXE_listing_6_01_sequential"),
];
const LISTING_6_04: &str = env!("CARGO_BIN_EXE_listing_6_04_map");
const LISTING_6_11: &str = env!("CARGO_BIN_EXE_listing_6_11_lost_update");
const LISTING_6_15: &str = env!("CARGO_BIN_EXE_listing_6_15_five_loops");
const MAP_REDUCE: [&str; 4] = [
    env!("CARGO_BIN_EXE_listing_6_07_sequential"),
    env!("CARGO_BIN_EXE_listing_6_08_map_reduce"),
    env!("CARGO_BIN_EXE_listing_6_09_parallel_reduce"),
    env!("CARGO_BIN_EXE_listing_6_14_progress"),
];

fn sorted(output: &OutputAssert) -> String {
    let mut lines = lines(&output.get_output().stdout);
    lines.sort();
    lines.join("\n") + "\n"
}

#[test]
fn listing_6_01_counts_twice_in_threads_in_processes_and_in_turn() {
    for binary in LISTING_6_01 {
        let output = listing(binary).args(["1000", "2000"]).assert().success();
        util_testing::assert_eq(sorted(&output), expected!("listing_6_01"));
        // The total always comes last.
        let last = lines(&output.get_output().stdout).pop().unwrap();
        assert!(last.starts_with("Completed in "), "{last}");
    }
}

#[test]
fn a_count_out_of_range_is_one_clear_line() {
    for binary in LISTING_6_01 {
        let output = listing(binary).arg("-1").assert().code(2).stdout_eq("");
        let error = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        let start = "FIRST must be a number from 0 to 100000000000, not '-1'; usage: ";
        assert!(error.starts_with(start), "{error}");
        assert_eq!(error.lines().count(), 1);
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

#[test]
fn listing_6_04_keeps_the_order_of_the_numbers() {
    let results = |args: &[&str]| -> Vec<String> {
        let output = listing(LISTING_6_04).args(args).assert().success();
        let (finished, results): (Vec<_>, Vec<_>) = lines(&output.get_output().stdout)
            .into_iter()
            .partition(|line| line.starts_with("Finished counting to "));
        assert_eq!(finished.len(), 5);
        results
    };
    assert_eq!(results(&["1000000"]), ["1", "3", "5", "22", "1000000"]);
    assert_eq!(
        results(&["1000000", "big-first"]),
        ["1000000", "1", "3", "5", "22"]
    );
}

#[test]
fn listing_6_04_has_small_results_wait_behind_a_big_one() {
    let output = listing(LISTING_6_04)
        .args(["30000000", "big-first"])
        .assert()
        .success();
    let lines = lines(&output.get_output().stdout);
    let first_result = lines.iter().position(|line| !line.starts_with("Finished"));
    // All five have been counted, or at least the big one, before anything is printed.
    let before = &lines[..first_result.unwrap()];
    assert!(
        before.iter().any(|line| line.contains("to 30000000 in")),
        "{lines:?}"
    );
}

#[test]
fn listing_6_11_goes_on_until_an_update_is_lost() {
    let output = listing(LISTING_6_11).assert().success();
    let lines = lines(&output.get_output().stdout);
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
            .arg("20000")
            .assert()
            .success()
            .stdout_eq("The counter is 40000\nCounting took [..] second(s)\n");
    }
}

/// What a MapReduce listing writes as every word's total.
fn totals(binary: &str, file: &Path) -> (String, OutputAssert) {
    let directory = tempfile::tempdir().unwrap();
    let totals = directory.path().join("totals.tsv");
    let assert = listing(binary).arg(file).arg(&totals).assert();
    (fs::read_to_string(totals).unwrap(), assert)
}

#[test]
fn all_map_reduce_listings_agree_on_every_word_with_who_wrote_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("words.tsv");
    // Not a multiple of a partition.
    let written = ngrams::write_file(400_123, &file).unwrap();
    assert!(written.len() > 1_000);
    let expected: String = written
        .iter()
        .map(|(word, total)| format!("{word}\t{total}\n"))
        .collect();
    for binary in MAP_REDUCE {
        let (totals, assert) = totals(binary, &file);
        assert.success();
        assert!(totals == expected, "{binary}");
    }
}

#[test]
fn all_map_reduce_listings_leave_malformed_lines_out_and_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("words.tsv");
    let mut text = Vec::new();
    for line in 1..=130_000 {
        match line {
            // In the second partition, and in the third.
            70_001 => text.extend(b"Aardvark\t1999\n"),
            125_000 => text.extend(b"Aardv\xffrk\t1999\t1\t1\n"),
            125_001 => text.extend(b"Aardvark\t1999\tmany\t1\n"),
            125_002 => text.extend(b"Aardvark\t1999\t99999999999999999999\t1\n"),
            _ => text.extend(b"Aardvark\t1999\t2\t1\n"),
        }
    }
    fs::write(&file, text).unwrap();
    for binary in MAP_REDUCE {
        let (totals, assert) = totals(binary, &file);
        assert_eq!(totals, "Aardvark\t259992\n");
        let error = format!(
            "Error: 4 lines of {} were left out, the first is line 70001: \
             it has not four columns\n",
            file.display()
        );
        let assert = assert.code(1).stderr_eq(error);
        let stdout = lines(&assert.get_output().stdout).join("\n");
        assert!(
            stdout.contains("Aardvark has appeared 259992 times."),
            "{stdout}"
        );
    }
}

#[test]
fn a_file_may_be_empty_or_end_in_the_middle_of_a_line() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("words.tsv");
    for (text, expected) in [("", ""), ("Aardvark\t1999\t2\t1", "Aardvark\t2\n")] {
        fs::write(&file, text).unwrap();
        for binary in MAP_REDUCE {
            let (totals, assert) = totals(binary, &file);
            assert.success();
            assert_eq!(totals, expected);
        }
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
            .stderr_eq("Error: cannot open /no/such/file: No such file or directory[..]\n");
        // A folder opens, but cannot be read.
        listing(binary)
            .arg("/")
            .assert()
            .code(1)
            .stderr_eq("Error: [..]\n");
    }
}

fn queries(database: Option<&str>) {
    let mut listing = listing(LISTING_6_15);
    if let Some(url) = database {
        listing = listing.env("DATABASE_URL", url);
    }
    let output = listing.arg("200").assert().success();
    let sorted = {
        let mut lines = lines(&output.get_output().stdout);
        assert!(lines.last().unwrap().starts_with("Retrieved "), "{lines:?}");
        // Five loops start and finish as they please.
        lines.sort_by_key(|line| (!line.starts_with("starting"), line.starts_with("Retrieved")));
        lines.join("\n") + "\n"
    };
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
        .stdout_eq("")
        .stderr_eq(
            "Error: DATABASE_URL 'mysql://localhost/products' is not a PostgreSQL one \
             (postgres://user@host/name)\n",
        );
}
