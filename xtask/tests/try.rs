//! Runs `cargo xtask try` in a small workspace, as a reader and an author of experiments would.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;

use std::fs;

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
fn a_reader_lists_experiments_and_tries_one() {
    let root = workspace(&[
        (
            "1_01_other",
            patch("noticed by: it_sleeps_twice", LOOP, "    for _ in 0..1 {"),
        ),
        ("1_01_three", three()),
    ]);
    let list = "\
listing_1_01_one_by_one: One by one
  1  ch01-demo/what-if/1_01_other.patch
  2  What if it loops three times?
";
    attempt(&root, &[]).success().stdout_eq(list);
    attempt(&root, &["1.1"]).success().stdout_eq(list);
    attempt(&root, &["1.3"])
        .code(1)
        .stderr_eq("error: there is no such experiment\n");
    attempt(&root, &["1.1", "3"])
        .code(1)
        .stderr_eq("error: there are 2 experiments\n");
    attempt(&root, &["1.1", "2"]).success().stdout_eq(
        "\
What if it loops three times?

ch01-demo/src/bin/listing_1_01_one_by_one.rs
@@ -5 +5 @@
-    for _ in 0..2 {
+    for _ in 0..3 {

the listing: 0.[..] s
slept
slept

changed: 0.[..] s
slept
slept
slept

It sleeps thrice.
",
    );
    // In a wide terminal, both are side by side.
    let xtask = demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    let wide = xtask
        .args(["try", "1.1", "2"])
        .env("COLUMNS", "80")
        .assert();
    assert!(
        stdout(&wide).contains("\nslept               │ slept\n"),
        "{}",
        stdout(&wide)
    );
    // The reader's own program is as it was.
    let run = demo::command(env!("CARGO_BIN_EXE_xtask"), root.path());
    run.args(["run", "1.1"])
        .assert()
        .success()
        .stdout_eq("slept\nslept\n");
}

#[test]
fn a_program_that_hangs_is_ended() {
    let words = "What if it loops?\n\nIt hangs.\n\nnoticed by: it_sleeps_twice";
    let root = workspace(&[("1_01_for_ever", patch(words, LOOP, "    loop {"))]);
    let text = stdout(&attempt(&root, &["1.1", "1"]).success());
    assert!(
        text.contains(" s, and then it was ended\nslept\n"),
        "{text}"
    );
    assert!(text.contains("more lines …\nslept\n"), "{text}");
}

#[test]
fn the_compiler_has_the_word() {
    let refused = patch(
        "Why?\n\nSo.\n\nnoticed by: the compiler, E0425",
        LOOP,
        "    for _ in n {",
    );
    let root = workspace(&[("1_01_refused", refused)]);
    let output = attempt(&root, &["1.1", "1"]).success();
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
    let table = "\
chapter            experiments  questions
ch01-demo                    1          1
";
    attempt(&root, &["--check"]).success().stdout_eq(table);
}

#[test]
fn a_check_names_the_changes_that_nothing_notices() {
    let compiles = patch(
        "noticed by: the compiler, E0425",
        LOOP,
        "    for _ in 0..3 {",
    );
    let same = patch("noticed by: it_sleeps_twice", LOOP, "    for _ in 1..3 {");
    let root = workspace(&[
        ("1_01_compiles", compiles),
        ("1_01_same", same),
        ("1_01_three", three()),
    ]);
    attempt(&root, &["--check", "1_01"]).code(1).stdout_eq(
        "\
chapter            experiments  questions
ch01-demo                    3          1
ch01-demo/what-if/1_01_same.patch: not noticed by it_sleeps_twice
ch01-demo/what-if/1_01_compiles.patch: not noticed by the compiler, E0425
",
    );
}

#[test]
fn a_check_names_what_has_changed_since() {
    let name = "1_01_three";
    let moved = patch("noticed by: it_sleeps_twice", "    for _ in 2..4 {", "");
    let unknown = patch("noticed by: no_such", LOOP, "    for _ in 0..1 {");
    let no_patch = "What if?\n\nnoticed by: x\n".to_owned();
    for (patch, problem) in [
        (
            moved,
            "patch no longer applies, because ch01-demo/src/bin/listing_1_01_one_by_one.rs has",
        ),
        (
            unknown,
            "without a change, there is no test that passes: {\"no_such\"}",
        ),
        (no_patch, "patch: it has no '--- a/'"),
    ] {
        let output = attempt(&workspace(&[(name, patch)]), &["--check"]).code(1);
        assert!(error(&output).contains(problem), "{}", error(&output));
    }
}
