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
  1.8             listing_1_08_signals     server   A program with an end of its own
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
fn list_fits_the_terminal() {
    let output = xtask(shared()).arg("list").env("COLUMNS", "60").assert();
    let text = stdout(&output.success());
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
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

    // A new chapter gets a README of its own.
    fs::remove_file(&readme).unwrap();
    run(&[]).success().stderr_eq("ch01-demo/README.md\n");
    let text = fs::read_to_string(&readme).unwrap();
    assert!(text.starts_with("# Chapter 1: a demonstration\n"), "{text}");
    assert!(text.contains("| 1.1 | One by one |"), "{text}");
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
fn https_needs_tls() {
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path(), "");
    let run = |url| {
        let command = xtask(folder.path()).args(["run", "1.2", "0"]);
        stdout(&command.env("EXAMPLE_URL", url).assert().success())
    };
    assert_eq!(run("https://127.0.0.1"), "[\"0\"]\nwith tls\n");
    assert_eq!(run("http://127.0.0.1"), "[\"0\"]\n");
}

/// Adds a package to a workspace.
fn write_package(folder: &Path, name: &str, more: &str, main: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{more}");
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let file = if main.contains("fn main") {
        "main"
    } else {
        "lib"
    };
    fs::write(folder.join(format!("src/{file}.rs")), main).unwrap();
}

#[test]
fn after_a_full_build_nothing_is_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let library = |more| format!("\n[dependencies]\nlibrary = {{ path = \"../library\"{more} }}\n");
    write_workspace(root, &library(""));
    let top = "[workspace]\nresolver = \"3\"\nmembers = [\"*-*\", \"library\"]\n";
    fs::write(root.join("Cargo.toml"), top).unwrap();
    write_package(
        &root.join("library"),
        "library",
        "[features]\nmore = []\n",
        "",
    );
    // Another package wants more of the library.
    let more = library(", features = [\"more\"]");
    write_package(&root.join("other-one"), "other-one", &more, "fn main() {}");
    let cargo = demo::command(env!("CARGO"), root);
    cargo
        .args(["build", "--release", "--workspace"])
        .assert()
        .success();
    // Then Cargo would say what it compiles.
    fs::remove_file(root.join("target/release/listing_1_02_arguments")).unwrap();
    let output = xtask(root).args(["run", "1.2", "0"]).assert().success();
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(
        stderr.contains("Finished") && !stderr.contains("Compiling"),
        "{stderr}"
    );
}

#[test]
fn other_packages_get_their_commands_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_workspace(root, "");
    let top = "[workspace]\nresolver = \"3\"\nmembers = [\"ch01-demo\", \"measure\"]\nexclude = [\"xtask/site\"]\n";
    fs::write(root.join("Cargo.toml"), top).unwrap();
    let main = "fn main() { let args: Vec<String> = std::env::args().skip(1).collect();
        println!(\"{} {args:?}\", env!(\"CARGO_PKG_NAME\")); std::process::exit(9) }";
    write_package(&root.join("measure"), "xtask-measure", "", main);
    let site = root.join("xtask/site");
    write_package(&site, "xtask-site", "[workspace]\n", main);
    let lock = "version = 4\n[[package]]\nname = \"xtask-site\"\nversion = \"0.0.0\"\n";
    fs::write(site.join("Cargo.lock"), lock).unwrap();
    let help = stdout(&xtask(root).arg("--help").assert().success());
    for (command, package) in [
        ("bench", "xtask-measure"),
        ("scale", "xtask-measure"),
        ("results", "xtask-measure"),
        ("timeline", "xtask-measure"),
        ("figures", "xtask-measure"),
        ("book", "xtask-site"),
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let args = [command, "--help", "-x", "a b", "--", "--runs=0"];
        let output = xtask(root).args(args).assert().code(9);
        assert_eq!(stdout(&output), format!("{package} {args:?}\n"));
    }
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    use super::{shared, xtask};

    fn kill(signal: &str, whom: &str) -> bool {
        let kill = format!("kill -s {signal} {whom}");
        let status = Command::new("sh").args(["-c", &kill]).status();
        status.unwrap().success()
    }

    /// Ends all of a group, should the test fail.
    struct Group(u32);

    impl Drop for Group {
        fn drop(&mut self) {
            kill("KILL", &format!("-{} 2>/dev/null", self.0));
        }
    }

    /// Runs a listing that ends in its own way at a signal, sends one to `whom`, and gives the
    /// exit code and what was printed last.
    fn end_with(signal: &str, whom: impl Fn(u32) -> String) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["run", "1.8"]).current_dir(shared());
        command
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_NET_OFFLINE", "true");
        let xtask = command.process_group(0).stdout(Stdio::piped()).spawn();
        let mut xtask = xtask.unwrap();
        let _group = Group(xtask.id());
        let mut output = BufReader::new(xtask.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        assert!(kill(signal, &whom(xtask.id())));
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        (xtask.wait().unwrap().code(), rest)
    }

    #[test]
    fn a_listing_decides_how_ctrl_c_ends_it() {
        // The terminal sends it to all of the group.
        let end = end_with("INT", |id| format!("-{id}"));
        assert_eq!(end, (Some(4), "interrupted\n".to_owned()));
    }

    #[test]
    fn whoever_ends_xtask_ends_the_listing() {
        let end = end_with("TERM", |id| id.to_string());
        assert_eq!(end, (Some(5), "terminated\n".to_owned()));
    }

    #[test]
    fn a_signal_counts_as_shells_count_it() {
        xtask(shared())
            .args(["run", "1.2", "abort"])
            .assert()
            .code(134);
    }
}
