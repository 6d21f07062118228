//! Runs `cargo xtask try` in a small workspace, as a reader and an author of experiments would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;

use std::fs;
use std::path::Path;

use snapbox::cmd::{Command, OutputAssert};
use tempfile::TempDir;

use demo::{error, stdout, write_workspace};

const LISTING: &str = "listing_1_01_one_by_one";

/// An experiment with that listing: one line of it is another.
fn patch(words: &str, before: &str, after: &str) -> String {
    let file = format!("ch01-demo/src/bin/{LISTING}.rs");
    format!("{words}\n\n--- a/{file}\n+++ b/{file}\n@@ -5 +5 @@\n-{before}\n+{after}\n")
}

/// A workspace with one test and these experiments, `(name, patch)`.
fn workspace(experiments: &[(&str, String)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write_workspace(root.path(), "");
    let chapter = root.path().join("ch01-demo");
    fs::create_dir_all(chapter.join("tests")).unwrap();
    fs::create_dir_all(chapter.join("what-if")).unwrap();
    let program = format!("env!(\"CARGO_BIN_EXE_{LISTING}\")");
    let test = format!(
        "#[test] fn it_sleeps_twice() {{
            let output = std::process::Command::new({program}).output().unwrap();
            assert_eq!(output.stdout, b\"slept\\nslept\\n\");
        }}"
    );
    fs::write(chapter.join("tests/listings.rs"), test).unwrap();
    for (name, patch) in experiments {
        fs::write(chapter.join(format!("what-if/{name}.patch")), patch).unwrap();
    }
    root
}

fn attempt(root: &TempDir, args: &[&str]) -> OutputAssert {
    let xtask: Command = demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    xtask.arg("try").args(args).assert()
}

fn stderr(output: &OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

const LOOP: &str = "    for _ in 0..2 {";

fn three() -> String {
    let words =
        "What if it\nloops three times?\n\nIt sleeps thrice.\n\nnoticed by: it_sleeps_twice";
    patch(words, LOOP, "    for _ in 0..3 {")
}

#[test]
fn a_reader_lists_and_tries_and_nothing_of_his_changes() {
    let for_ever = patch("noticed by: it_sleeps_twice", LOOP, "    loop {");
    let refused = patch(
        "Why?\n\nSo.\n\nnoticed by: the compiler, E0425",
        LOOP,
        "    for _ in n {",
    );
    let root = workspace(&[
        ("1_01_for_ever", for_ever),
        ("1_01_refused", refused),
        ("1_01_three", three()),
    ]);
    let list =
        "1.1: One by one\n  1  1_01_for_ever\n  2  Why?\n  3  What if it loops three times?\n";
    attempt(&root, &[]).success().stdout_eq(list);
    attempt(&root, &["1.1"]).success().stdout_eq(list);
    attempt(&root, &["1.3"]).success().stdout_eq("");
    attempt(&root, &["1.1", "4"])
        .code(1)
        .stderr_eq("error: there are 3 experiments\n");

    let shown = "\
What if it loops three times?

ch01-demo/src/bin/listing_1_01_one_by_one.rs
@@ -5 +5 @@
-    for _ in 0..2 {
+    for _ in 0..3 {

the listing: 0.2[..] s
slept
slept

changed: 0.3[..] s
slept
slept
slept

It sleeps thrice.
";
    attempt(&root, &["1.1", "3"]).success().stdout_eq(shown);
    let output = attempt(&root, &["1.1", "2"]).success();
    assert!(
        stderr(&output).contains("error[E0425]"),
        "{}",
        stderr(&output)
    );
    assert!(
        stdout(&output).ends_with("\n\nSo.\n"),
        "{}",
        stdout(&output)
    );
    let output = attempt(&root, &["1.1", "1"]).success();
    let text = stdout(&output);
    assert!(text.contains("more lines …\nslept\n"), "{text}");
    assert!(text.contains(" s, and then it was ended\n"), "{text}");

    let run = demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    run.args(["run", "1.1"])
        .assert()
        .success()
        .stdout_eq("slept\nslept\n");
}

#[test]
fn a_check_says_what_is_not_noticed_does_not_apply_or_compiles() {
    let root = workspace(&[("1_01_three", three())]);
    attempt(&root, &["--check"]).success().stdout_eq(
        "\
chapter            experiments  questions  wrong
ch01-demo                    1          1      0
",
    );
    let seen = |words: &str, after: &str| patch(words, LOOP, after);
    let root = workspace(&[
        (
            "1_01_compiles",
            seen("noticed by: the compiler, E0425", "    for _ in 0..3 {"),
        ),
        (
            "1_01_moved",
            patch("noticed by: it_sleeps_twice", "    for _ in 2..4 {", ""),
        ),
        (
            "1_01_refused",
            seen("noticed by: the compiler, E0425", "    for _ in n {"),
        ),
        (
            "1_01_same",
            seen("noticed by: it_sleeps_twice", "    for _ in 1..3 {"),
        ),
        ("1_01_three", three()),
        (
            "1_01_unknown",
            seen("noticed by: no_such", "    for _ in 0..1 {"),
        ),
    ]);
    let output = attempt(&root, &["--check", "1.1"]).code(1);
    let said = stderr(&output);
    for wrong in [
        "compiles.patch: the compiler says no E0425\n",
        "moved.patch: it no longer applies to ch01-demo/src/bin/listing_1_01_one_by_one.rs",
        "same.patch: no test it_sleeps_twice fails with the change\n",
        "unknown.patch: no test no_such passes without the change\n",
    ] {
        assert!(said.contains(wrong), "{wrong} is not in {said}");
    }
    assert!(
        !said.contains("refused.patch") && !said.contains("three.patch"),
        "{said}"
    );
    assert!(stdout(&output).ends_with("ch01-demo                    6          1      4\n"));
    let output = attempt(&root, &["--check", "9.9"]).code(1);
    assert_eq!(error(&output), "error: there is no such experiment");
}

#[test]
fn a_patch_that_cannot_be_read_is_named() {
    let root = workspace(&[("1_01_three", "What if?\n\nnoticed by: x\n".to_owned())]);
    let output = attempt(&root, &[]).code(1);
    let path = Path::new("what-if").join("1_01_three.patch");
    let said = error(&output);
    assert!(
        said.contains(&format!("{}: it has no '--- a/'", path.display())),
        "{said}"
    );
}
