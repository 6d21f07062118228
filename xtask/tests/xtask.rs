//! Runs the built xtask in small workspaces of its own, as a reader would in the real one.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;

use std::fs;
use std::path::Path;
use std::process::Command;

use demo::{shared, write_workspace};
use tempfile::TempDir;

/// `command` in `folder`, free of what the tester's environment sets.
fn command(command: &str, folder: &Path) -> Command {
    let mut command = Command::new(command);
    for name in [
        "CARGO_TARGET_DIR",
        "EXAMPLE_URL",
        "RUST_BACKTRACE",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command.current_dir(folder).env("CARGO_NET_OFFLINE", "true");
    command
}

fn xtask(folder: &Path) -> Command {
    command(env!("CARGO_BIN_EXE_xtask"), folder)
}

/// The exit code, what it printed, and what it complained.
fn ended(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

/// What words do.
fn run(folder: &Path, words: &str) -> (i32, String, String) {
    ended(xtask(folder).args(words.split(' ')))
}

/// A workspace of its own.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path(), "");
    folder
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
  1.8             listing_1_08_signals     server   A program with an end of its own
                  ch01-demo/src/shared.rs  library  What listings share
";
    for words in ["list", "list 1", "list ch01"] {
        assert_eq!(
            run(shared(), words),
            (0, everything.to_owned(), String::new())
        );
    }
    let (code, _, error) = run(shared(), "list 5");
    assert_eq!(
        error,
        "error: there is no chapter '5'; there are ch01-demo\n"
    );
    assert_eq!(code, 1);
    let (_, narrow, _) = ended(xtask(shared()).arg("list").env("COLUMNS", "60"));
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 60),
        "{narrow}"
    );
}

#[test]
fn readme_writes_the_pages_and_checks_them() {
    let root = workspace();
    let root = root.path();
    let path = root.join("ch01-demo/README.md");
    // A new chapter gets a README of its own.
    assert_eq!(
        run(root, "readme"),
        (0, String::new(), "ch01-demo/README.md\n".to_owned())
    );
    let begun = fs::read_to_string(&path).unwrap();
    assert!(
        begun.starts_with("# Chapter 1: a demonstration\n"),
        "{begun}"
    );
    for row in [
        "| listing | title | Python | Rust | takes | binary |",
        "| 1.1 | One by one |  |  |  | `listing_1_01_one_by_one`, `listing_1_01_together` |",
        "| 1.5 | A program that hangs | `time.sleep` | `thread::sleep` | 10 min | ",
        "|  | What listings share |  |  |  | library: `ch01-demo/src/shared.rs` |",
    ] {
        assert!(begun.contains(row), "{row} is not in {begun}");
    }
    // What is between markers is replaced, and nothing else.
    let changed = begun.replace("One by one", "Two by two") + "\nlast\n";
    fs::write(&path, changed).unwrap();
    let (code, _, stale) = run(root, "readme --check");
    let expected = "ch01-demo/README.md is stale; write it again with: cargo xtask readme\n";
    assert_eq!((code, &*stale), (1, expected));
    assert_eq!(run(root, "readme").0, 0);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        begun.clone() + "\nlast\n"
    );
    assert_eq!(run(root, "readme --check").0, 0);
    // RUST.md says what is new in the chapter.
    let rust =
        "# Rust\n\n## Macros\n\nThey end with `!`.\n\nFirst in [1.1].\n\n[1.1]: ch01-demo/x.rs\n";
    fs::write(root.join("RUST.md"), rust).unwrap();
    assert_eq!(run(root, "readme").0, 0);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("[Macros](../RUST.md#macros)"), "{text}");
    // Without its markers it is not touched.
    fs::write(&path, "# Demo\n").unwrap();
    let (code, _, error) = run(root, "readme");
    let expected = "error: ch01-demo/README.md: it has no '<!-- listings: …'";
    assert!(code == 1 && error.starts_with(expected), "{error}");
}

#[test]
fn pages_are_painted_from_the_report() {
    let root = workspace();
    let root = root.path();
    let report = xtask_report::Report::new(Default::default(), None);
    fs::create_dir_all(root.join("xtask")).unwrap();
    fs::write(root.join("xtask/results.json"), report.json().unwrap()).unwrap();
    let pages = xtask_report::pages::pages(&report);
    for page in &pages {
        let part = page.part.unwrap();
        let text = format!("<!-- {part}: -->\n<!-- end of {part} -->\n");
        fs::write(root.join(&page.path), text).unwrap();
    }
    let written = run(root, "readme").2;
    for page in &pages {
        let path = page.path.to_str().unwrap();
        let text = fs::read_to_string(root.join(path)).unwrap();
        assert!(
            written.contains(path) && text.contains(page.text.trim()),
            "{text}"
        );
    }
    fs::write(root.join("xtask/results.json"), "{\"schema\": 3}").unwrap();
    let (code, _, error) = run(root, "readme --check");
    assert!(
        code == 1 && error.contains("it is not a report of this version"),
        "{error}"
    );
}

#[test]
fn run_passes_arguments_and_the_exit_code_through() {
    for wanted in ["1.2", "1.02", "arguments", "listing_1_02_arguments"] {
        let (code, printed, _) = run(shared(), &format!("run {wanted} -- --flag 7"));
        assert_eq!((code, &*printed), (7, "[\"--flag\", \"7\"]\n"));
    }
    assert_eq!(run(shared(), "run 1.2 -x 0").1, "[\"-x\", \"0\"]\n");
    // A number is the book's own listing.
    assert_eq!(run(shared(), "run 1.1").1, "slept\nslept\n");
}

#[test]
fn run_says_what_is_ambiguous_unknown_or_a_library() {
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
        let (code, _, error) = run(shared(), &format!("run {wanted}"));
        assert_eq!((code, error), (1, format!("error: {expected}\n")));
    }
    let (code, printed, _) = run(shared(), "run shared");
    let expected = "What listings share is library code: ch01-demo/src/shared.rs\n";
    assert_eq!((code, &*printed), (0, expected));
}

#[test]
fn mistakes_of_a_workspace_are_named() {
    let error = |root: &Path| {
        let (code, _, error) = run(root, "list");
        assert_eq!(code, 1);
        error
    };
    let outside = tempfile::tempdir().unwrap();
    let message = error(outside.path());
    let expected = "error: cannot read the workspace: could not find `Cargo.toml` in ";
    assert!(message.starts_with(expected), "{message}");

    let root = workspace();
    let source = root.path().join("ch01-demo/src/bin/odd.rs");
    for (text, expected) in [
        (
            "fn main() {}",
            "odd.rs does not begin with '//! Listing 1.2: Title.'",
        ),
        (
            "//! Example: Odd.\n//!\n//! Here: `a`. Tkes 3 s.\nfn main() {}",
            "odd.rs: line 3: 'Tkes 3 s' is not a fact; facts begin with In Python: ",
        ),
        (
            "//! Example: Odd.\n//!\n//! Here: `a`. Here: `b`.\nfn main() {}",
            "odd.rs: line 3: 'Here: ' occurs twice",
        ),
    ] {
        fs::write(&source, text).unwrap();
        let message = error(root.path());
        assert!(message.contains(expected), "{message}");
    }

    let root = workspace();
    let top = "[workspace]\nresolver = \"3\"\nmembers = [\"ch*\"]\n";
    fs::write(root.path().join("Cargo.toml"), top).unwrap();
    write_package(&root.path().join("ch12"), "ch12-queues", "", "");
    assert_eq!(
        error(root.path()),
        "error: the package 'ch12-queues' in the folder 'ch12' is no chapter: both must have the \
         same name, such as ch02-basics\n"
    );
}

#[test]
fn https_needs_tls() {
    let root = workspace();
    let printed = |url| {
        let mut command = xtask(root.path());
        ended(command.args(["run", "1.2", "0"]).env("EXAMPLE_URL", url)).1
    };
    assert_eq!(printed("https://127.0.0.1"), "[\"0\"]\nwith tls\n");
    assert_eq!(printed("http://127.0.0.1"), "[\"0\"]\n");
}

/// Adds a package to a workspace.
fn write_package(folder: &Path, name: &str, more: &str, main: &str) {
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{more}");
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let file = if main.is_empty() { "lib" } else { "main" };
    fs::write(folder.join(format!("src/{file}.rs")), main).unwrap();
}

#[test]
fn after_a_full_build_nothing_is_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let wants = |features| {
        format!("[dependencies]\nlibrary = {{ path = \"../library\", features = [{features}] }}\n")
    };
    write_workspace(root, &wants(""));
    let top = "[workspace]\nresolver = \"3\"\nmembers = [\"*-*\", \"library\"]\n";
    fs::write(root.join("Cargo.toml"), top).unwrap();
    write_package(
        &root.join("library"),
        "library",
        "[features]\nmore = []\n",
        "",
    );
    // Another package wants more of the library.
    write_package(
        &root.join("other-one"),
        "other-one",
        &wants("\"more\""),
        "fn main() {}",
    );
    let mut cargo = command(env!("CARGO"), root);
    assert_eq!(
        ended(cargo.args(["build", "--release", "--workspace"])).0,
        0
    );
    // Without the binary, Cargo says what it compiles.
    fs::remove_file(root.join("target/release/listing_1_02_arguments")).unwrap();
    let (_, _, said) = run(&root.join("ch01-demo"), "run 1.2 0");
    assert!(
        said.contains("Finished") && !said.contains("Compiling"),
        "{said}"
    );
}

#[test]
fn other_packages_get_their_commands_as_they_are() {
    let root = workspace();
    let root = root.path();
    let top =
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"xtask\", \"target\"]\n";
    fs::write(root.join("Cargo.toml"), top).unwrap();
    let main = "fn main() { let args: Vec<String> = std::env::args().skip(1).collect();
        println!(\"{} {args:?}\", env!(\"CARGO_PKG_NAME\")); std::process::exit(9) }";
    write_package(&root.join("measure"), "xtask-measure", "", main);
    fs::write(root.join("measure/src/bin/xtask-launch.rs"), "fn main() {}").unwrap();
    let site = root.join("xtask/site");
    write_package(&site, "xtask-site", "[workspace]\n", main);
    let lock = "version = 4\n[[package]]\nname = \"xtask-site\"\nversion = \"0.0.0\"\n";
    fs::write(site.join("Cargo.lock"), lock).unwrap();
    let help = run(root, "--help").1;
    for command in ["bench", "scale", "results", "timeline", "figures", "book"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let package = if command == "book" {
            "xtask-site"
        } else {
            "xtask-measure"
        };
        let args = [command, "--help", "-x", "a b", "--", "--runs=0"];
        let (code, printed, _) = ended(xtask(root).args(args));
        assert_eq!((code, printed), (9, format!("{package} {args:?}\n")));
    }
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use super::{run, shared, xtask};

    fn kill(signal: &str, whom: &str) {
        let kill = format!("kill -s {signal} -- {whom}");
        let status = Command::new("sh").args(["-c", &kill]).status();
        assert!(status.unwrap().success());
    }

    /// Runs a listing that ends in its own way at a signal, sends one to `whom`, and gives the
    /// exit code and what was printed then.
    fn end_with(signal: &str, whom: impl Fn(u32) -> String) -> (Option<i32>, String) {
        let mut xtask = xtask(shared());
        let xtask = xtask.args(["run", "1.8"]).process_group(0);
        let mut xtask = xtask.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(xtask.stdout.take().unwrap());
        let mut text = String::new();
        output.read_line(&mut text).unwrap();
        kill(signal, &whom(xtask.id()));
        output.read_to_string(&mut text).unwrap();
        (xtask.wait().unwrap().code(), text)
    }

    #[test]
    fn a_listing_decides_how_ctrl_c_ends_it() {
        // The terminal sends it to all of the group.
        let end = end_with("INT", |id| format!("-{id}"));
        assert_eq!(end, (Some(4), "ready\ninterrupted\n".to_owned()));
    }

    #[test]
    fn whoever_ends_xtask_ends_the_listing() {
        let end = end_with("TERM", |id| id.to_string());
        assert_eq!(end, (Some(5), "ready\nterminated\n".to_owned()));
    }

    #[test]
    fn a_signal_counts_as_shells_count_it() {
        assert_eq!(run(shared(), "run 1.2 abort").0, 134);
    }
}
