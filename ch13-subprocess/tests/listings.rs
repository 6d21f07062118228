//! Runs every listing of chapter 13 as a reader would. These tests are for all systems: the children
//! are programs of the same chapter. In `unix` they are programs of Unix.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[cfg(unix)]
mod unix;

use std::process::Command;
use std::time::Instant;

use ch13_subprocess::prompt::ENTER_TEXT;
use snapbox::Data;
use snapbox::cmd::OutputAssert;
use util_testing::{Server, command, lines, listing, skipped, wait_until};

util_testing::prints! {
    listing_13_10_give_name
    listing_13_12_in_turn
}

util_testing::records_timelines!();

const LISTING_13_04: &str = env!("CARGO_BIN_EXE_listing_13_04_many_lines");
const LISTING_13_05: &str = env!("CARGO_BIN_EXE_listing_13_05_full_pipe");
const LISTING_13_06: &str = env!("CARGO_BIN_EXE_listing_13_06_communicate");
const LISTING_13_08: &str = env!("CARGO_BIN_EXE_listing_13_08_limit");
const LISTING_13_09: &str = env!("CARGO_BIN_EXE_listing_13_09_ask_name");
const LISTING_13_12_OUT_OF_TURN: &str = env!("CARGO_BIN_EXE_listing_13_12_out_of_turn");
const LISTING_13_14: &str = env!("CARGO_BIN_EXE_listing_13_14_events");

fn stdout(output: &OutputAssert) -> Vec<String> {
    lines(&output.get_output().stdout)
}

fn is_random_echo(printed: &str, texts: &[&str]) {
    let parts: Vec<_> = printed.split(ENTER_TEXT).collect();
    assert_eq!(parts.len(), texts.len() + 1, "{printed}");
    assert_eq!(parts[0], "");
    for (part, text) in parts[1..].iter().zip(texts) {
        assert!(part.lines().all(|line| line == *text), "{printed}");
        assert!(part.lines().count() <= 9, "{printed}");
    }
}

/// The strings that a listing printed with `{:?}`, joined.
fn joined(printed: &[String]) -> String {
    let parts = printed.iter().filter_map(|line| {
        let part = line.strip_prefix('"')?.strip_suffix('"')?;
        Some(part.replace("\\n", "\n"))
    });
    parts.collect()
}

fn has_gpg() -> bool {
    let found = Command::new("gpg").arg("--version").output().is_ok();
    if !found {
        skipped("gpg is not installed");
    }
    found
}

#[test]
fn listing_13_04_prints_a_million_lines() {
    let output = listing(LISTING_13_04).assert().success();
    let printed = &output.get_output().stdout;
    assert_eq!(printed.len(), 14_000_000);
    assert!(lines(printed).iter().all(|line| line == "Hello there!!"));
}

#[test]
fn listing_13_05_finds_out_that_it_waits_for_ever() {
    let seconds = || {
        let start = Instant::now();
        listing(LISTING_13_05)
            .assert()
            .code(1)
            .stdout_eq("Process pid is: [..]\n")
            .stderr_eq(
                "Error: deadlock: the child waits for a reader, we for the child\n\n\
                 Caused by:\n    deadline has elapsed\n",
            );
        start.elapsed().as_secs()
    };
    // On a busy machine it may be late.
    assert!((0..3).any(|_| seconds() == 3));
}

#[test]
fn listing_13_06_reads_a_million_lines() {
    let output = listing(LISTING_13_06).assert().success().stderr_eq("");
    let printed = stdout(&output);
    assert_eq!(printed.len(), 1_000_002);
    assert!(printed[0].starts_with("Process pid is: "));
    assert!(printed[1..=1_000_000].iter().all(|l| l == "Hello there!!"));
    assert_eq!(printed[1_000_001], "Process returned: 0");
}

#[test]
fn listing_13_09_asks_for_a_name() {
    listing(LISTING_13_09)
        .stdin(Data::text("Zoë\n"))
        .assert()
        .success()
        .stdout_eq("Please enter a username: Your username is Zoë\n");
    listing(LISTING_13_09)
        .stdin(Data::text(""))
        .assert()
        .code(1)
        .stderr_eq("Error: the input has ended\n");
}

#[test]
fn input_takes_the_line_end_of_any_system() {
    let zoe = "Please enter a username: Your username is Zoë \n";
    for input in ["Zoë \r\n", "Zoë "] {
        listing(LISTING_13_09)
            .stdin(Data::text(input).raw())
            .assert()
            .success()
            .stdout_eq(zoe);
    }
}

/// After five reads it only waits for its child, which may echo for 20 s.
#[test]
fn listing_13_12_out_of_turn_talks_with_its_own_child() {
    let listing = Server::run(command(LISTING_13_12_OUT_OF_TURN));
    let reads = |printed: String| printed.lines().filter(|it| it.starts_with('"')).count();
    wait_until(|| reads(listing.stdout()) == 5, || listing.stdout());
    let printed = listing.stdout();
    assert!(
        printed.starts_with("\"Enter text to echo: \"\n"),
        "{printed}"
    );
}

#[test]
fn listing_13_14_talks_with_its_own_child() {
    let output = listing(LISTING_13_14).assert().success().stderr_eq("");
    let printed = joined(&stdout(&output));
    is_random_echo(&printed, &["one", "two", "three", "four", "quit"]);
}

#[test]
fn bad_arguments_are_one_clear_line() {
    for (wrong, name, from) in [(["100001", "1"], "TEXTS", 0), (["10", "0"], "LIMIT", 1)] {
        let error =
            format!("{name} must be a number from {from} to 100000, not [..]; usage: [..]\n");
        let output = listing(LISTING_13_08).args(wrong).assert();
        output.code(2).stdout_eq("").stderr_eq(error);
    }
}

#[test]
fn listing_13_08_encrypts_with_gpg() {
    if has_gpg() {
        listing(LISTING_13_08)
            .arg("20")
            .assert()
            .success()
            .stdout_eq("Total time: [..]\n")
            .stderr_eq("");
    }
}
