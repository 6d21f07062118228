//! Runs every listing of chapter 13 as a reader would, and looks for what it leaves behind.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use snapbox::Data;
use snapbox::cmd::OutputAssert;
use tempfile::TempDir;
use util_testing::{Server, lines, listing, skipped};

util_testing::prints! {
    listing_13_02_kill
    listing_13_02_time_out
    listing_13_10_give_name
    listing_13_12_in_turn
}

const LISTING_13_01: &str = env!("CARGO_BIN_EXE_listing_13_01_ls");
const LISTING_13_02: &str = env!("CARGO_BIN_EXE_listing_13_02_time_out");
const LISTING_13_02_KILL: &str = env!("CARGO_BIN_EXE_listing_13_02_kill");
const LISTING_13_03: &str = env!("CARGO_BIN_EXE_listing_13_03_prefix");
const LISTING_13_04: &str = env!("CARGO_BIN_EXE_listing_13_04_many_lines");
const LISTING_13_05: &str = env!("CARGO_BIN_EXE_listing_13_05_full_pipe");
const LISTING_13_06: &str = env!("CARGO_BIN_EXE_listing_13_06_communicate");
const LISTING_13_07: &str = env!("CARGO_BIN_EXE_listing_13_07_encrypt");
const LISTING_13_08: &str = env!("CARGO_BIN_EXE_listing_13_08_limit");
const LISTING_13_08_ONE_BY_ONE: &str = env!("CARGO_BIN_EXE_listing_13_08_one_by_one");
const LISTING_13_09: &str = env!("CARGO_BIN_EXE_listing_13_09_ask_name");
const LISTING_13_10: &str = env!("CARGO_BIN_EXE_listing_13_10_give_name");
const LISTING_13_11: &str = env!("CARGO_BIN_EXE_listing_13_11_echo");
const LISTING_13_12: &str = env!("CARGO_BIN_EXE_listing_13_12_in_turn");
const LISTING_13_12_OUT_OF_TURN: &str = env!("CARGO_BIN_EXE_listing_13_12_out_of_turn");
const LISTING_13_13: &str = env!("CARGO_BIN_EXE_listing_13_13_random_echo");
const LISTING_13_14: &str = env!("CARGO_BIN_EXE_listing_13_14_events");

fn stdout(output: &OutputAssert) -> Vec<String> {
    lines(&output.get_output().stdout)
}

fn stderr(output: &OutputAssert) -> Vec<String> {
    lines(&output.get_output().stderr)
}

/// A folder with a program called `name` in it, and that as PATH, before the real one.
fn with_program(name: &str, script: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    // Written by another process: what is still open for writing here, in a child that another
    // test is just starting, could not be run.
    let write = "printf '#!/bin/sh\n%s\n' \"$2\" > \"$1\" && chmod +x \"$1\"";
    let written = Command::new("sh")
        .args(["-c", write, "sh"])
        .arg(&path)
        .arg(script)
        .status();
    assert!(written.unwrap().success());
    let before = std::env::var("PATH").unwrap();
    let path = format!("{}:{before}", folder.path().display());
    (folder, path)
}

fn has_gpg() -> bool {
    let found = Command::new("gpg").arg("--version").output().is_ok();
    if !found {
        skipped("gpg is not installed");
    }
    found
}

#[test]
fn listing_13_01_lists_a_folder() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    let output = listing(LISTING_13_01)
        .current_dir(folder.path())
        .assert()
        .success();
    // ls may begin before we have said its number, but has ended before its status is known.
    let mut printed = stdout(&output);
    assert_eq!(printed.pop().unwrap(), "Status code: 0");
    assert!(printed.iter().any(|l| l.starts_with("Process pid is: ")));
    assert!(printed.iter().any(|line| line.ends_with(" notes.txt")));
    assert!(!printed.iter().any(|line| line.ends_with(" ..")));
}

#[test]
fn listing_13_03_puts_the_command_before_each_line() {
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    // A name that is no UTF-8, where the file system takes one.
    let strange = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let strange = fs::write(folder.path().join(strange), "").is_ok();
    let output = listing(LISTING_13_03)
        .current_dir(folder.path())
        .assert()
        .success();
    let printed = stdout(&output);
    assert!(printed[0].starts_with("Process pid is: "));
    assert_eq!(printed.last().unwrap(), "Process returned: 0");
    let listed = &printed[1..printed.len() - 1];
    assert!(listed.iter().all(|line| line.starts_with("[ls -la]: ")));
    let ends = |end: &str| listed.iter().filter(|line| line.ends_with(end)).count();
    assert_eq!((ends(" ."), ends(" .."), ends(" notes.txt")), (1, 1, 1));
    assert!(!strange || ends(" caf\u{fffd}") == 1);
}

#[test]
fn a_program_that_is_not_there_is_one_clear_line() {
    let nothing = TempDir::new().unwrap();
    for (binary, program) in [
        (LISTING_13_01, "ls"),
        (LISTING_13_02, "sleep"),
        (LISTING_13_02_KILL, "sh"),
        (LISTING_13_03, "ls"),
        (LISTING_13_07, "gpg"),
        (LISTING_13_08, "gpg"),
        (LISTING_13_08_ONE_BY_ONE, "gpg"),
    ] {
        listing(binary)
            .env("PATH", nothing.path())
            .assert()
            .code(1)
            .stdout_eq("")
            .stderr_eq(format!(
                "Error: cannot start {program}: No such file or directory (os error 2)\n"
            ));
    }
}

#[test]
fn a_child_that_is_not_built_is_one_clear_line() {
    for binary in [
        LISTING_13_05,
        LISTING_13_06,
        LISTING_13_10,
        LISTING_13_12,
        LISTING_13_12_OUT_OF_TURN,
        LISTING_13_14,
    ] {
        let binary = Path::new(binary);
        // On the same file system, so that it can be a link.
        let folder = TempDir::new_in(binary.parent().unwrap()).unwrap();
        let alone = folder.path().join(binary.file_name().unwrap());
        fs::hard_link(binary, &alone).unwrap();
        let output = listing(&alone).assert().code(1).stdout_eq("");
        let error = stderr(&output);
        assert_eq!(error.len(), 1, "{error:?}");
        assert!(error[0].starts_with("Error: there is no "), "{error:?}");
        assert!(error[0].ends_with("build it with: cargo build -p ch13-subprocess"));
    }
}

#[test]
fn listing_13_04_prints_a_million_lines() {
    let output = listing(LISTING_13_04).assert().success();
    let printed = &output.get_output().stdout;
    assert_eq!(printed.len(), 14_000_000);
    assert!(lines(printed).iter().all(|line| line == "Hello there!!"));
    listing(LISTING_13_04)
        .arg("2")
        .assert()
        .success()
        .stdout_eq("Hello there!!\nHello there!!\n");
}

#[test]
fn listing_13_05_finds_out_that_it_waits_for_ever() {
    listing(LISTING_13_05)
        .assert()
        .code(3)
        .stdout_eq("Process pid is: [..]\nProcess returned: -15\n")
        .stderr_eq(
            "Deadlock: the child waits to write to a pipe with [..] bytes in it that nobody \
             reads, and we wait for the child to end\n",
        );
}

#[test]
fn listing_13_05_ends_where_the_pipe_has_room() {
    listing(LISTING_13_05)
        .arg("100")
        .assert()
        .success()
        .stdout_eq("Process pid is: [..]\nProcess returned: 0\n")
        .stderr_eq("");
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

/// Decrypts what a listing has kept, and compares.
fn encrypts(binary: &str, texts: usize) {
    if !has_gpg() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let kept = folder.path().join("kept");
    let output = listing(binary)
        .arg(texts.to_string())
        .arg(&kept)
        .assert()
        .success()
        .stderr_eq("");
    let printed = stdout(&output);
    assert!(printed[0].starts_with("Total time: "), "{printed:?}");
    assert_eq!(printed[1], format!("Encrypted {texts} texts"));
    let home = TempDir::new().unwrap();
    let mut seen = Vec::new();
    for number in 0..texts {
        let text = fs::read(kept.join(format!("{number}.txt"))).unwrap();
        assert!(text.len() == 1000 && text.iter().all(u8::is_ascii_alphabetic));
        let encrypted = kept.join(format!("{number}.txt.gpg"));
        let decrypted = Command::new("gpg")
            .args(["--no-autostart", "--homedir"])
            .arg(home.path())
            .args(["--batch", "--passphrase", "3ncryptm3", "--decrypt"])
            .arg(&encrypted)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&decrypted.stderr);
        assert!(decrypted.status.success(), "{told}");
        assert!(told.contains("TWOFISH"), "{told}");
        assert_eq!(decrypted.stdout, text);
        assert!(!seen.contains(&text), "a text came twice");
        seen.push(text);
    }
    assert_eq!(fs::read_dir(kept).unwrap().count(), 2 * texts);
}

#[test]
fn listing_13_07_encrypts_a_hundred_texts() {
    encrypts(LISTING_13_07, 100);
}

#[test]
fn listing_13_08_encrypts_with_a_limit() {
    encrypts(LISTING_13_08, 20);
}

#[test]
fn listing_13_08_one_by_one_encrypts_too() {
    if has_gpg() {
        listing(LISTING_13_08_ONE_BY_ONE)
            .arg("3")
            .assert()
            .success()
            .stdout_eq("Total time: [..]\nEncrypted 3 texts\n");
    }
}

#[test]
fn listing_13_08_has_no_more_processes_than_cores() {
    // Each notes that it runs and how many do; a directory can be made by one only.
    let script = r#"mkdir "$0.$$"; ls -d "$0".* | grep -c '\.[0-9]*$' >> "$0.counts"
        sleep 0.05; cat > /dev/null; rmdir "$0.$$"; echo encrypted"#;
    let (folder, path) = with_program("gpg", script);
    listing(LISTING_13_08)
        .arg("40")
        .env("PATH", path)
        .assert()
        .success()
        .stdout_eq("Total time: [..]\nEncrypted 40 texts\n");
    let counts = fs::read_to_string(folder.path().join("gpg.counts")).unwrap();
    let most = counts.lines().map(|count| count.parse::<usize>().unwrap());
    let cores = std::thread::available_parallelism().unwrap().get();
    let most = most.max().unwrap();
    assert!(most <= cores, "{most} on {cores} cores");
    assert_eq!(counts.lines().count(), 40);
}

#[test]
fn a_gpg_that_fails_is_one_clear_line() {
    let complaints = "echo keybox created >&2; echo 'gpg: no such cipher' >&2";
    for (script, status) in [
        // Without having read its text, after a part of it, and after all of it.
        (format!("{complaints}; exit 2"), "exit status: 2"),
        (
            format!("head -c 10 >&2; {complaints}; exit 2"),
            "exit status: 2",
        ),
        (
            format!("cat > /dev/null; {complaints}; kill -9 $$"),
            "signal: 9 (SIGKILL)",
        ),
    ] {
        let (_folder, path) = with_program("gpg", &script);
        for binary in [LISTING_13_07, LISTING_13_08, LISTING_13_08_ONE_BY_ONE] {
            listing(binary)
                .arg("5")
                .env("PATH", &path)
                .assert()
                .code(1)
                .stdout_eq("")
                .stderr_eq(format!(
                    "Error: gpg failed with {status}: gpg: no such cipher\n"
                ));
        }
    }
}

#[test]
fn texts_that_cannot_be_kept_are_named() {
    let (folder, path) = with_program("gpg", "cat > /dev/null; echo encrypted");
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    listing(LISTING_13_07)
        .arg("1")
        .arg(&file)
        .env("PATH", path)
        .assert()
        .code(1)
        .stderr_eq("Error: cannot write to [..]/file: [..]\n");
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
fn listing_13_10_takes_the_name_as_argument() {
    listing(LISTING_13_10)
        .arg("Zoë")
        .assert()
        .success()
        .stdout_eq("\"Please enter a username: Your username is Zoë\\n\"\n\"\"\n");
}

#[test]
fn listing_13_11_echoes_until_quit() {
    listing(LISTING_13_11)
        .stdin(Data::text("one\n\nquit\nmore\n"))
        .assert()
        .success()
        .stdout_eq("Enter text to echo: one\nEnter text to echo: \nEnter text to echo: quit\n");
    listing(LISTING_13_11)
        .stdin(Data::text("one\n"))
        .assert()
        .code(1)
        .stderr_eq("Error: the input has ended\n");
}

/// What the child of 13.13 prints with this seed.
fn random_echo(seed: &str) -> String {
    let output = listing(LISTING_13_13)
        .args(["0", seed])
        .stdin(Data::text("one\ntwo\nthree\nfour\nquit\n"))
        .assert()
        .success();
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

#[test]
fn listing_13_13_echoes_each_text_up_to_nine_times() {
    let printed = random_echo("7");
    assert_eq!(printed, random_echo("7"));
    let parts: Vec<_> = printed.split("Enter text to echo: ").collect();
    assert_eq!(parts.len(), 6);
    for (part, text) in parts[1..]
        .iter()
        .zip(["one", "two", "three", "four", "quit"])
    {
        assert!(part.lines().all(|line| line == text));
        assert!(part.lines().count() <= 9);
    }
    assert!((0..10).any(|seed| random_echo(&seed.to_string()) != printed));
}

/// The strings that a listing has printed as `{:?}` does, joined.
fn joined(printed: &[String]) -> String {
    let parts = printed.iter().filter_map(|line| {
        let part = line.strip_prefix('"')?.strip_suffix('"')?;
        Some(part.replace("\\n", "\n"))
    });
    parts.collect()
}

#[test]
fn listing_13_12_out_of_turn_sends_texts_unasked() {
    // With seed 1 the child echoes the first text seven times.
    let output = listing(LISTING_13_12_OUT_OF_TURN)
        .args(["20", "1"])
        .assert()
        .success();
    let printed = stdout(&output);
    assert_eq!(printed[0], "\"Enter text to echo: \"");
    let unasked = printed.iter().filter(|l| l.ends_with(" unasked."));
    assert!(unasked.count() > 0, "{printed:?}");
}

#[test]
fn listing_13_14_sends_each_text_when_it_is_asked_for() {
    for seed in ["1", "2", "3"] {
        let output = listing(LISTING_13_14)
            .args(["5", seed])
            .assert()
            .success()
            .stderr_eq("");
        // All that the child prints arrives, and it prints what it would print to a patient
        // reader.
        assert_eq!(joined(&stdout(&output)), random_echo(seed));
    }
}

#[test]
fn listing_13_14_hands_wrong_arguments_to_its_child_and_fails_with_it() {
    let output = listing(LISTING_13_14).arg("soon").assert().code(1);
    let error = stderr(&output);
    assert!(
        error[0].starts_with("PAUSE_MS must be a number"),
        "{error:?}"
    );
    assert!(
        error[1].starts_with("Error: the child has ended and did not ask for \"one\\n\""),
        "{error:?}"
    );
}

#[test]
fn bad_arguments_are_one_clear_line() {
    for (binary, wrong) in [
        (LISTING_13_04, "many"),
        (LISTING_13_05, "-1"),
        (LISTING_13_06, "1.5"),
        (LISTING_13_07, "all"),
        (LISTING_13_08, "100001"),
        (LISTING_13_08_ONE_BY_ONE, ""),
        (LISTING_13_13, "soon"),
    ] {
        let output = listing(binary).arg(wrong).assert().code(2).stdout_eq("");
        assert_eq!(stderr(&output).len(), 1);
    }
}

/// The processes whose environment holds `mark`, so the descendants of one that was started with
/// it.
#[cfg(target_os = "linux")]
fn marked(mark: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark.as_bytes())
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_behind_after_ctrl_c_or_kill() {
    let (_folder, slow_gpg) = with_program("gpg", "exec sleep 60");
    for (number, (binary, args, children)) in [
        (LISTING_13_02, vec![], 1),
        (LISTING_13_02_KILL, vec![], 1),
        (LISTING_13_05, vec![], 1),
        (LISTING_13_07, vec!["5"], 5),
        (LISTING_13_08, vec!["50"], 1),
        (LISTING_13_12_OUT_OF_TURN, vec!["60000"], 1),
        (LISTING_13_14, vec!["60000"], 1),
    ]
    .into_iter()
    .enumerate()
    {
        for terminate in [false, true] {
            let mark = format!("CH13_TEST={}-{number}-{terminate}", std::process::id());
            let (name, value) = mark.split_once('=').unwrap();
            let mut command = Command::new(binary);
            command
                .args(&args)
                .env(name, value)
                .env("PATH", &slow_gpg)
                .env_remove("CARGO")
                .stdout(Stdio::null());
            let mut program = Server::run(command);
            util_testing::wait_until(
                || marked(&mark).len() > children,
                || format!("the children of {binary}, not {:?}", marked(&mark)),
            );
            if terminate {
                program.terminate();
            } else {
                program.interrupt();
            }
            let code = if terminate { 143 } else { 130 };
            assert_eq!(program.wait().code(), Some(code), "{binary}");
            assert_eq!(program.stderr(), "", "{binary}");
            util_testing::wait_until(
                || marked(&mark).is_empty(),
                || format!("{:?} of {binary} to end", marked(&mark)),
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_behind_after_the_end() {
    let (_folder, failing_gpg) = with_program("gpg", "exit 1");
    for (number, (binary, code)) in [
        (LISTING_13_01, 0),
        (LISTING_13_02, 0),
        (LISTING_13_02_KILL, 0),
        (LISTING_13_05, 3),
        (LISTING_13_07, 1),
        (LISTING_13_08, 1),
        (LISTING_13_12, 0),
    ]
    .into_iter()
    .enumerate()
    {
        let mark = format!("CH13_TEST={}-end-{number}", std::process::id());
        let (name, value) = mark.split_once('=').unwrap();
        listing(binary)
            .env(name, value)
            .env("PATH", &failing_gpg)
            .assert()
            .code(code);
        assert!(marked(&mark).is_empty(), "{binary}");
    }
}
