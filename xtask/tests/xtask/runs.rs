//! Runs the built xtask in small workspaces of its own, as a reader would in the real one.

use std::fs;
use std::path::Path;

use snapbox::cmd::{Command, OutputAssert};

use crate::demo::{self, said, shared, workspace};

fn xtask(folder: &Path) -> Command {
    demo::command(env!("CARGO_BIN_EXE_xtask"), folder)
}

/// What words do.
fn run(folder: &Path, words: &str) -> OutputAssert {
    xtask(folder).args(words.split(' ')).assert()
}

#[test]
fn list_shows_numbers_names_and_titles() {
    let everything = "\
ch01-demo: Chapter 1: a demonstration
  1.1             listing_1_01_one_by_one  0.2 s    One by one
  1.1 (together)  listing_1_01_together    at once  Together
  1.2             listing_1_02_arguments   at once  Its arguments and its exit code
  1.3             listing_1_03_echo        server   An echo server
                  ch01-demo/src/shared.rs  library  What listings share
                  recorded                 at once  A program that records what it does
";
    for words in ["list", "list 1", "list ch01"] {
        run(shared(), words).success().stdout_eq(everything);
    }
    let unknown = "error: there is no chapter '5'; there are ch01-demo\n";
    run(shared(), "list 5").code(1).stderr_eq(unknown);
    let narrow = xtask(shared()).arg("list").env("COLUMNS", "60").assert();
    let [narrow, _] = said(&narrow);
    assert!(narrow.lines().all(|line| line.chars().count() <= 60));
}

#[test]
fn run_takes_a_number_or_part_of_a_name_and_passes_arguments_on() {
    for wanted in ["1.2", "1.02", "arguments", "listing_1_02_arguments"] {
        let ended = run(shared(), &format!("run {wanted} -- --flag 7"));
        ended.code(7).stdout_eq("[\"--flag\", \"7\"]\n");
    }
    // A number is the book's own listing.
    run(shared(), "run 1.1")
        .success()
        .stdout_eq("slept\nslept\n");
    for (wanted, expected) in [
        (
            "1_01",
            "'1_01' is ambiguous; it may be\n  listing_1_01_one_by_one\n  listing_1_01_together",
        ),
        (
            "7.7",
            "there is no listing '7.7'; `cargo xtask list` shows them all",
        ),
        (
            "togehter",
            "there is no listing 'togehter'; did you mean listing_1_01_together?",
        ),
    ] {
        let ended = run(shared(), &format!("run {wanted}"));
        ended.code(1).stderr_eq(format!("error: {expected}\n"));
    }
    let library = "What listings share is library code: ch01-demo/src/shared.rs\n";
    run(shared(), "run shared").success().stdout_eq(library);
    for (url, tls) in [
        ("https://127.0.0.1", "with tls\n"),
        ("http://127.0.0.1", ""),
    ] {
        let command = xtask(shared()).args(["run", "1.2"]).env("EXAMPLE_URL", url);
        command.assert().stdout_eq(format!("[]\n{tls}"));
    }
}

#[test]
fn run_compiles_only_the_features_that_a_listing_needs() {
    let needs = "[[bin]]\nname = \"listing_1_01_one_by_one\"\nrequired-features = [\"tls\"]\n";
    let root = workspace(&format!("default = [\"tls\"]\n{needs}"));
    run(root.path(), "run 1.1").success();
    // It says with which features it was compiled.
    run(root.path(), "run 1.2").stdout_eq("[]\n");
}

#[cfg(unix)]
#[test]
fn ctrl_c_goes_to_the_listing_and_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt;

    let mut command = util_testing::command(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(shared()).env_remove("CARGO_TARGET_DIR");
    command.args(["run", "1.3", "127.0.0.1:0"]);
    let mut listing = util_testing::Server::spawn(command);
    listing.interrupt();
    assert_eq!(listing.wait().signal(), Some(2));
}

#[test]
fn readme_writes_the_pages_and_checks_them() {
    let root = workspace("");
    let root = root.path();
    let path = root.join("ch01-demo/README.md");
    // A new chapter gets a README of its own.
    run(root, "readme")
        .success()
        .stderr_eq("ch01-demo/README.md\n");
    let begun = fs::read_to_string(&path).unwrap();
    for part in [
        "# Chapter 1: a demonstration\n",
        "| listing | title | Python | Rust | takes | binary |",
        "| 1.1 | One by one | `time.sleep` | `thread::sleep` | 0.2 s | \
         `listing_1_01_one_by_one`, `listing_1_01_together` |",
        "|  | What listings share |  |  |  | library: `ch01-demo/src/shared.rs` |",
    ] {
        assert!(begun.contains(part), "{part} is not in {begun}");
    }
    // What is between markers is replaced, and nothing else.
    fs::write(
        &path,
        begun.replace("One by one", "Two by two") + "\nlast\n",
    )
    .unwrap();
    let stale = "ch01-demo/README.md is stale; write it again with: cargo xtask readme\n";
    run(root, "readme --check").code(1).stderr_eq(stale);
    run(root, "readme").success();
    assert_eq!(fs::read_to_string(&path).unwrap(), begun + "\nlast\n");
    run(root, "readme --check").success();
    // RUST.md says what is new in the chapter.
    let rust = "# Rust\n\n## New `a!`\n\nIt is.\n\nFirst in [1.1].\n\n[1.1]: ch01-demo/x.rs\n";
    fs::write(root.join("RUST.md"), rust).unwrap();
    run(root, "readme").success();
    let text = fs::read_to_string(&path).unwrap();
    let new = "New Rust, in 1.1: [New `a!`](../RUST.md#new-a).";
    assert!(text.contains(new), "{text}");
    // Without its markers it is not touched.
    fs::write(&path, "# Demo\n").unwrap();
    let error = "error: ch01-demo/README.md: it has no '<!-- listings: …'[..]\n";
    run(root, "readme").code(1).stderr_eq(error);
}

#[test]
fn mistakes_of_a_workspace_are_named() {
    let complains = |root: &Path, expected: &str| {
        run(root, "list")
            .code(1)
            .stderr_eq(format!("error: {expected}\n"));
    };
    let outside = tempfile::tempdir().unwrap();
    complains(
        outside.path(),
        "cannot read the workspace: could not find `Cargo.toml` in [..]",
    );
    let root = workspace("");
    for (text, expected) in [
        (
            "fn main() {}",
            " does not begin with '//! Listing 1.2: Title.' [..]",
        ),
        (
            "//! Example: Odd.\n//!\n//! Here: `a`. Tkes 3 s.",
            ": line 3: 'Tkes 3 s' is not a fact; facts begin with In Python: [..]",
        ),
        (
            "//! Example: Odd.\n//!\n//! Here: `a`. Here: `b`.",
            ": line 3: 'Here: ' occurs twice",
        ),
    ] {
        fs::write(root.path().join("ch01-demo/src/bin/odd.rs"), text).unwrap();
        complains(root.path(), &format!("[..]odd.rs{expected}"));
    }
    let root = workspace("");
    let manifest = root.path().join("ch01-demo/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(manifest, text.replace("\"ch01-demo\"", "\"ch01-other\"")).unwrap();
    let expected = "the package 'ch01-other' in the folder 'ch01-demo' is no chapter: [..]";
    complains(root.path(), expected);
}

#[test]
fn other_packages_get_their_commands_as_they_are() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let write = |file: &str, text: &str| {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let main = "fn main() { let args: Vec<String> = std::env::args().skip(1).collect();
        println!(\"{} {args:?}\", env!(\"CARGO_PKG_NAME\")); std::process::exit(9) }";
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
    write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"measure\"]\n",
    );
    write("measure/Cargo.toml", &package("xtask-measure"));
    write("measure/src/main.rs", main);
    write("measure/src/bin/xtask-launch.rs", "fn main() {}");
    write(
        "xtask/site/Cargo.toml",
        &(package("xtask-site") + "[workspace]\n"),
    );
    write("xtask/site/src/main.rs", main);
    let lock = "version = 4\n[[package]]\nname = \"xtask-site\"\nversion = \"0.0.0\"\n";
    write("xtask/site/Cargo.lock", lock);
    for command in ["bench", "scale", "results", "timeline", "figures", "book"] {
        let package = if command == "book" { "site" } else { "measure" };
        let args = [command, "--help", "-x", "a b", "--", "--runs=0"];
        let printed = format!("xtask-{package} {args:?}\n");
        xtask(root).args(args).assert().code(9).stdout_eq(printed);
    }
}
