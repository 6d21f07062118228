//! Runs the built xtask in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;

use std::fs;
use std::path::Path;

use snapbox::cmd::Command;

use demo::{error, shared, stdout, write_workspace};

fn xtask(folder: &Path) -> Command {
    demo::command(env!("CARGO_BIN_EXE_xtask"), folder)
}

#[test]
fn list_shows_numbers_names_and_titles() {
    let everything = "\
ch01-demo: Chapter 1: a demonstration
  1.1             listing_1_01_one_by_one  at once  One by one
  1.1 (together)  listing_1_01_together    at once  Together
  1.2             listing_1_02_arguments   at once  Its arguments and its exit code
  1.3             listing_1_03_fails       at once  A program that fails
  1.4             listing_1_04_lies        at once  A program that prints the wrong line
  1.5             listing_1_05_hangs       10 min   A program that hangs
  1.6             listing_1_06_echo        server   An echo server
  1.7             listing_1_07_recorded    at once  A program that records what it does
                  ch01-demo/src/shared.rs  library  What listings share
";
    for args in [&["list"][..], &["list", "1"], &["list", "ch01"]] {
        let output = xtask(shared()).args(args).assert().success();
        output.stdout_eq(everything);
    }
    xtask(shared())
        .args(["list", "5"])
        .assert()
        .code(1)
        .stderr_eq("error: there is no chapter '5'; there are ch01-demo\n");
}

#[test]
fn list_is_json_too() {
    let output = xtask(shared()).args(["list", "--json"]).assert().success();
    let list: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 9);
    let hangs = &list[5];
    assert_eq!(hangs["number"], "1.5");
    assert_eq!(hangs["title"], "A program that hangs");
    assert_eq!(
        (&hangs["kind"], &hangs["takes"]),
        (&"runs".into(), &"10 min".into())
    );
    assert_eq!(hangs["rust"], "`thread::sleep`");
    assert_eq!(list[1]["variant"], "together");
    assert_eq!(list[6]["kind"], "server");
    let library = &list[8];
    assert_eq!(library["source"], "ch01-demo/src/shared.rs");
    assert_eq!(
        (&library["kind"], &library["binary"]),
        (&"library".into(), &().into())
    );
}

#[test]
fn readme_writes_the_table_and_checks_it() {
    let root = tempfile::tempdir().unwrap();
    write_workspace(root.path(), "");
    let readme = root.path().join("ch01-demo/README.md");
    fs::write(
        &readme,
        "# Demo\n\n<!-- listings: -->\n<!-- end of listings -->\n\nlast\n",
    )
    .unwrap();
    let run = |args: &[&str]| xtask(root.path()).arg("readme").args(args).assert();
    let output = run(&["--check"]).code(1);
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(stderr.contains("ch01-demo/README.md is stale"), "{stderr}");
    run(&[]).success();
    run(&["--check"]).success();
    let text = fs::read_to_string(&readme).unwrap();
    for row in [
        "| listing | title | Python | Rust | takes | binary |",
        "| 1.1 | One by one |  |  |  | `listing_1_01_one_by_one`, `listing_1_01_together` |",
        "| 1.5 | A program that hangs | `time.sleep` | `thread::sleep` | 10 min | ",
        "|  | What listings share |  |  |  | library: `ch01-demo/src/shared.rs` |",
    ] {
        assert!(text.contains(row), "{row} is not in {text}");
    }
    assert!(
        text.starts_with("# Demo\n") && text.ends_with("\n\nlast\n"),
        "{text}"
    );
    fs::write(&readme, "# Demo\n").unwrap();
    let output = run(&[]).code(1);
    assert!(error(&output).contains("it has no '<!-- listings: …'"));

    // A new chapter gets a README of its own, and its manifest a line for each listing.
    fs::remove_file(&readme).unwrap();
    run(&[]).success().stderr_eq("ch01-demo/README.md\n");
    let text = fs::read_to_string(&readme).unwrap();
    assert!(text.starts_with("# Chapter 1: a demonstration\n"), "{text}");
    assert!(text.contains("| 1.1 | One by one |"), "{text}");
    let manifest = fs::read_to_string(root.path().join("ch01-demo/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("    { name = \"listing_1_03_fails\", test = false },\n"),
        "{manifest}"
    );
}

#[test]
fn completions_are_scripts_that_their_shells_take() {
    for shell in ["bash", "zsh", "fish"] {
        let output = xtask(shared())
            .args(["completions", shell])
            .assert()
            .success();
        let script = stdout(&output);
        for word in ["timeline", "bench", "cargo xtask", "listing_1_02_arguments"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    // bash is there wherever these tests run; it has the last word on its own script.
    let output = xtask(shared()).args(["completions", "bash"]).assert();
    let complete = "complete -p xtask
        COMP_WORDS=(xtask run listing_1_02) COMP_CWORD=2
        _xtask xtask listing_1_02 run
        echo \"${COMPREPLY[@]}\"";
    let script = format!("{}\n{complete}\n", stdout(&output));
    let bash = Command::new("bash").stdin(snapbox::Data::text(script));
    let completion = stdout(&bash.assert().success());
    assert!(completion.contains("-F _xtask"), "{completion}");
    assert!(
        completion.ends_with("\nlisting_1_02_arguments\n"),
        "{completion}"
    );
    xtask(shared())
        .args(["completions", "tcsh"])
        .assert()
        .code(2);
}

#[test]
fn run_passes_arguments_and_the_exit_code_through() {
    for wanted in ["1.2", "1.02", "arguments", "listing_1_02_arguments"] {
        xtask(shared())
            .args(["run", wanted, "--", "--flag", "7"])
            .assert()
            .code(7)
            .stdout_eq("[\"--flag\", \"7\"]\n");
    }
    xtask(shared())
        .args(["run", "1.2", "-x", "0"])
        .assert()
        .success()
        .stdout_eq("[\"-x\", \"0\"]\n");
}

#[test]
fn run_takes_a_number_for_the_books_own_listing() {
    xtask(shared())
        .args(["run", "1.1"])
        .assert()
        .success()
        .stdout_eq("slept\nslept\n");
}

#[test]
fn run_says_what_is_ambiguous_unknown_or_a_library() {
    xtask(shared())
        .args(["run", "1_01"])
        .assert()
        .code(1)
        .stderr_eq(
            "error: '1_01' is ambiguous; it may be\n  listing_1_01_one_by_one\n  \
             listing_1_01_together\n",
        );
    xtask(shared())
        .args(["run", "7.7"])
        .assert()
        .code(1)
        .stderr_eq("error: there is no listing '7.7'; `cargo xtask list` shows them all\n");
    xtask(shared())
        .args(["run", "togehter"])
        .assert()
        .code(1)
        .stderr_eq("error: there is no listing 'togehter'; did you mean listing_1_01_together?\n");
    xtask(shared())
        .args(["run", "shared"])
        .assert()
        .success()
        .stdout_eq("What listings share is library code: ch01-demo/src/shared.rs\n");
}

#[test]
fn a_binary_without_a_header_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path(), "");
    fs::write(
        folder.path().join("ch01-demo/src/bin/odd.rs"),
        "fn main() {}",
    )
    .unwrap();
    let output = xtask(folder.path()).arg("list").assert().code(1);
    let message = error(&output);
    assert!(
        message.contains("odd.rs does not begin with '//! Listing"),
        "{message}"
    );
}

#[test]
fn a_folder_that_is_no_chapter_is_named() {
    for (folder, name) in [("ch12", "ch12"), ("ch12-queue", "ch12-queues")] {
        let root = tempfile::tempdir().unwrap();
        write_workspace(root.path(), "");
        let top = "[workspace]\nresolver = \"3\"\nmembers = [\"ch*\"]\n";
        fs::write(root.path().join("Cargo.toml"), top).unwrap();
        let chapter = root.path().join(folder);
        fs::create_dir_all(chapter.join("src")).unwrap();
        fs::write(chapter.join("src/lib.rs"), "").unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        fs::write(chapter.join("Cargo.toml"), &manifest).unwrap();
        let output = xtask(root.path()).arg("list").assert().code(1);
        assert_eq!(
            error(&output),
            format!(
                "error: the package '{name}' in the folder '{folder}' is no chapter: both must \
                 have the same name, such as ch02-basics"
            )
        );
        // What Cargo cannot read it explains itself.
        let manifest = format!("{manifest}[dependencies]\ntokio.workspace = true\n");
        fs::write(chapter.join("Cargo.toml"), manifest).unwrap();
        let output = xtask(root.path()).arg("list").assert().code(1);
        let message = error(&output);
        assert!(message.contains("`workspace.dependencies`"), "{message}");
    }
}

#[test]
fn outside_a_workspace_there_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    xtask(folder.path())
        .arg("list")
        .assert()
        .code(1)
        .stderr_eq("error: cannot read the workspace: could not find `Cargo.toml` in [..]\n");
}

#[test]
fn the_part_that_measures_has_its_help_and_its_completions_here() {
    let help = |args: &[&str]| stdout(&xtask(shared()).args(args).assert().success());
    let text = help(&["--help"]);
    for command in ["bench", "scale", "results", "timeline", "figures", "ngrams"] {
        assert!(text.contains(&format!("\n  {command} ")), "{text}");
    }
    assert!(help(&["bench", "--help"]).contains("--precision <PERCENT>"));
    let script = help(&["completions", "bash"]);
    for option in ["--precision", "--trace", "--restart", "--check", "--lines"] {
        assert!(script.contains(option), "{option}");
    }
    // A wrong option is named before anything is built.
    xtask(shared())
        .args(["bench", "--runs", "0"])
        .assert()
        .code(2);
}

#[test]
fn list_counts_lines_beside_the_book() {
    let book = tempfile::tempdir().unwrap();
    let folder = book.path().join("chapter_01");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("listing_1_3.py"), "import sys\n\nsys.exit(3)\n").unwrap();
    let output = xtask(shared())
        .args(["list", "--lines", "--book"])
        .arg(book.path())
        .assert()
        .success();
    let text = stdout(&output);
    assert!(
        text.contains("\n1.3          3     1   3.00  listing_1_03_fails\n"),
        "{text}"
    );
    assert!(text.ends_with("median 3.00\n"), "{text}");
}

#[test]
fn list_fits_the_terminal() {
    let output = xtask(shared()).arg("list").env("COLUMNS", "60").assert();
    let text = stdout(&output.success());
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
    );
}

#[test]
fn run_shows_which_lines_move() {
    xtask(shared())
        .args(["run", "1.2", "--times", "3", "a", "0"])
        .assert()
        .success()
        .stdout_eq("  1             [\"a\", \"0\"]\n");
}
