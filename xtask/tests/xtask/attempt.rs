//! Runs `cargo xtask try` in a small workspace, as a reader and an author of experiments would.

use std::fs;

use snapbox::cmd::{Command, OutputAssert};
use tempfile::TempDir;

use crate::demo::{self, said};

const LOOP: &str = "for _ in 0..2 {";

const TEST: &str = "#[test] fn it_sleeps_twice() {
    let listing = env!(\"CARGO_BIN_EXE_listing_1_01_one_by_one\");
    let output = std::process::Command::new(listing).output().unwrap();
    assert_eq!(output.stdout, b\"slept\\nslept\\n\");
}";

/// An experiment with listing 1.1: its loop begins with another line.
fn patch(words: &str, before: &str, after: &str) -> String {
    let file = "ch01-demo/src/bin/listing_1_01_one_by_one.rs";
    format!("{words}\n\n--- a/{file}\n+++ b/{file}\n@@ -9 +9 @@\n-    {before}\n+    {after}\n")
}

fn three() -> String {
    let words = "What if it\nloops thrice?\n\nSo it sleeps.\n\nnoticed by: it_sleeps_twice";
    patch(words, LOOP, "for _ in 0..3 {")
}

/// A workspace with one test, and these experiments: their names, and their patches.
fn workspace(experiments: &[(&str, String)]) -> TempDir {
    let root = demo::workspace("");
    let chapter = root.path().join("ch01-demo");
    fs::create_dir_all(chapter.join("tests")).unwrap();
    fs::create_dir_all(chapter.join("what-if")).unwrap();
    fs::write(chapter.join("tests/listings.rs"), TEST).unwrap();
    for (name, patch) in experiments {
        fs::write(chapter.join(format!("what-if/{name}.patch")), patch).unwrap();
    }
    root
}

fn xtask(root: &TempDir, args: &[&str]) -> Command {
    demo::command(env!("CARGO_BIN_EXE_xtask"), root.path()).args(args)
}

fn attempt(root: &TempDir, args: &[&str]) -> OutputAssert {
    xtask(root, &[&["try"], args].concat()).assert()
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
        let error = "error: there [..] experiment[..]\n";
        attempt(&root, &args).code(1).stderr_eq(error);
    }
    attempt(&root, &["1.1", "2"]).success().stdout_eq(
        "What if it loops thrice?\n\nch01-demo/src/bin/listing_1_01_one_by_one.rs\n@@ -9 +9 @@\n\
         -    for _ in 0..2 {\n+    for _ in 0..3 {\n\nthe listing: [..] s\nslept\nslept\n\n\
         changed: [..] s\nslept\nslept\nslept\n\nSo it sleeps.\n",
    );
    let wide = xtask(&root, &["try", "1.1", "2"]).env("COLUMNS", "80");
    let [wide, _] = said(&wide.assert());
    assert!(wide.contains("\nslept               │ slept\n"), "{wide}");
    // The reader's own program is as it was.
    let own = xtask(&root, &["run", "1.1"]).assert().success();
    own.stdout_eq("slept\nslept\n");
}

#[test]
fn a_check_names_the_changes_that_nothing_notices() {
    let compiler = "What if?\n\nNo.\n\nnoticed by: the compiler, E0425";
    let same = patch("noticed by: it_sleeps_twice", LOOP, "for _ in 1..3 {");
    let root = workspace(&[
        ("1_01_compiles", patch(compiler, LOOP, "for _ in 0..3 {")),
        ("1_01_refused", patch(compiler, LOOP, "for _ in 0..n {")),
        ("1_01_same", same),
        ("1_01_three", three()),
    ]);
    attempt(&root, &["--check"]).code(1).stdout_eq(
        "chapter            experiments\nch01-demo                    4\n\
         ch01-demo/what-if/1_01_compiles.patch: not noticed by the compiler, E0425\n\
         ch01-demo/what-if/1_01_same.patch: not noticed by it_sleeps_twice\n",
    );
    attempt(&root, &["--check", "refused"]).success();
    let [_, words] = said(&attempt(&root, &["1.1", "2"]).success());
    assert!(words.contains("error[E0425]"), "{words}");
}

#[test]
fn a_check_names_what_has_changed_since() {
    let other = patch("noticed by: x", "other", "");
    let no_change = "What if?\n\nnoticed by: x\n".to_owned();
    for (patch, problem) in [
        (
            other,
            "because ch01-demo/src/bin/listing_1_01_one_by_one.rs has",
        ),
        (no_change, "1_01_x.patch: it has no '--- a/'"),
    ] {
        let output = attempt(&workspace(&[("1_01_x", patch)]), &["--check"]).code(1);
        let [_, error] = said(&output);
        assert!(error.contains(problem), "{error}");
    }
}
