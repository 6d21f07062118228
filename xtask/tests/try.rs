//! Runs `cargo xtask try` in a small workspace, as a reader and an author of experiments would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;

use std::fs;

use snapbox::cmd::OutputAssert;
use tempfile::TempDir;

use demo::{error, stdout, write_workspace};

const LOOP: &str = "for _ in 0..2 {";

/// An experiment with listing 1.1: its loop begins with another line.
fn patch(words: &str, before: &str, after: &str) -> String {
    let file = "ch01-demo/src/bin/listing_1_01_one_by_one.rs";
    format!("{words}\n\n--- a/{file}\n+++ b/{file}\n@@ -5 +5 @@\n-    {before}\n+    {after}\n")
}

fn three() -> String {
    let words = "What if it\nloops thrice?\n\nSo it sleeps.\n\nnoticed by: it_sleeps_twice";
    patch(words, LOOP, "for _ in 0..3 {")
}

/// A workspace with one test, and these experiments: their names, and their patches.
fn workspace(experiments: &[(&str, String)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write_workspace(root.path(), "");
    let chapter = root.path().join("ch01-demo");
    fs::create_dir_all(chapter.join("tests")).unwrap();
    fs::create_dir_all(chapter.join("what-if")).unwrap();
    let test = "#[test] fn it_sleeps_twice() {
        let listing = env!(\"CARGO_BIN_EXE_listing_1_01_one_by_one\");
        let output = std::process::Command::new(listing).output().unwrap();
        assert_eq!(output.stdout, b\"slept\\nslept\\n\");
    }";
    fs::write(chapter.join("tests/listings.rs"), test).unwrap();
    for (name, patch) in experiments {
        fs::write(chapter.join(format!("what-if/{name}.patch")), patch).unwrap();
    }
    root
}

fn attempt(root: &TempDir, args: &[&str]) -> OutputAssert {
    let xtask = demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    xtask.arg("try").args(args).assert()
}

#[test]
fn a_reader_lists_experiments_and_tries_one() {
    let once = patch("noticed by: it_sleeps_twice", LOOP, "for _ in 0..1 {");
    let root = workspace(&[("1_01_once", once), ("1_01_three", three())]);
    for args in [&[][..], &["1.1"]] {
        attempt(&root, args).success().stdout_eq(
            "listing_1_01_one_by_one: One by one\n  1  ch01-demo/what-if/1_01_once.patch\n  \
             2  What if it loops thrice?\n",
        );
    }
    for args in [["1.3", "1"], ["1.1", "3"]] {
        attempt(&root, &args)
            .code(1)
            .stderr_eq("error: there [..] experiment[..]\n");
    }
    attempt(&root, &["1.1", "2"]).success().stdout_eq(
        "What if it loops thrice?\n\nch01-demo/src/bin/listing_1_01_one_by_one.rs\n@@ -5 +5 @@\n\
         -    for _ in 0..2 {\n+    for _ in 0..3 {\n\nthe listing: [..] s\nslept\nslept\n\n\
         changed: [..] s\nslept\nslept\nslept\n\nSo it sleeps.\n",
    );
    let xtask = || demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    let wide = xtask()
        .args(["try", "1.1", "2"])
        .env("COLUMNS", "80")
        .assert();
    assert!(
        stdout(&wide).contains("\nslept               │ slept\n"),
        "{}",
        stdout(&wide)
    );
    // The reader's own program is as it was.
    xtask()
        .args(["run", "1.1"])
        .assert()
        .success()
        .stdout_eq("slept\nslept\n");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let words = "What if it loops?\n\nFor ever.\n\nnoticed by: it_sleeps_twice";
    let root = workspace(&[("1_01_for_ever", patch(words, LOOP, "loop {"))]);
    let text = stdout(&attempt(&root, &["1.1", "1"]).success());
    assert!(
        text.contains(" s, and then it was ended\nslept\n"),
        "{text}"
    );
    assert!(text.contains("more lines …\nslept\n"), "{text}");
}

#[test]
fn a_check_names_the_changes_that_nothing_notices() {
    let compiler = "What if?\n\nNo.\n\nnoticed by: the compiler, E0425";
    let compiles = patch(compiler, LOOP, "for _ in 0..3 {");
    let same = patch("noticed by: it_sleeps_twice", LOOP, "for _ in 1..3 {");
    let root = workspace(&[
        ("1_01_compiles", compiles),
        ("1_01_refused", patch(compiler, LOOP, "for _ in 0..n {")),
        ("1_01_same", same),
        ("1_01_three", three()),
    ]);
    attempt(&root, &["--check"]).code(1).stdout_eq(
        "chapter            experiments  questions\nch01-demo                    4          3\n\
         ch01-demo/what-if/1_01_same.patch: not noticed by it_sleeps_twice\n\
         ch01-demo/what-if/1_01_compiles.patch: not noticed by the compiler, E0425\n",
    );
    attempt(&root, &["--check", "refused", "three"]).success();
    let refused = attempt(&root, &["1.1", "2"]).success();
    let words = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(words.contains("error[E0425]"), "{words}");
}

#[test]
fn a_check_names_what_has_changed_since() {
    for (patch, problem) in [
        (
            patch("noticed by: x", "other", ""),
            "because ch01-demo/src/bin/listing_1_01_one_by_one.rs has",
        ),
        (
            patch("noticed by: x", LOOP, "loop {"),
            "no such test passes: {\"x\"}",
        ),
        (
            "What if?\n\nnoticed by: x\n".to_owned(),
            "1_01_x.patch: it has no '--- a/'",
        ),
    ] {
        let output = attempt(&workspace(&[("1_01_x", patch)]), &["--check"]).code(1);
        assert!(error(&output).contains(problem), "{}", error(&output));
    }
}
