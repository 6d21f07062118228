//! A small workspace for the tests of `xtask` and of `xtask-measure`: one chapter.
#![allow(dead_code, reason = "neither uses all of it")]

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use snapbox::cmd::{Command, OutputAssert};
use tempfile::TempDir;

/// A chapter whose listings wait, fail, lie and hang.
const LISTINGS: [(&str, &str); 9] = [
    (
        "listing_1_01_one_by_one",
        "//! Listing 1.1: One by one.
use std::{thread::sleep, time::Duration};
fn main() {
    assert!(std::env::var_os(\"RUST_BACKTRACE\").is_none(), \"not a clean environment\");
    for _ in 0..2 {
        sleep(Duration::from_millis(100));
        println!(\"slept\");
    }
}",
    ),
    (
        "listing_1_01_together",
        "//! Listing 1.1 (together): Together.
use std::{thread, time::Duration};
fn main() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(100));
                println!(\"slept\");
            });
        }
    });
}",
    ),
    (
        "listing_1_02_arguments",
        "//! Listing 1.2: Its arguments and its exit code.
use demo_library as _;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    println!(\"{args:?}\");
    if cfg!(feature = \"tls\") { println!(\"with tls\"); }
    if args == [\"abort\"] { std::process::abort(); }
    let code = args.last().and_then(|arg| arg.parse().ok());
    std::process::exit(code.unwrap_or(0));
}
mod demo_library { pub fn shared() { ch01_demo::shared::help() } }",
    ),
    (
        "listing_1_03_fails",
        "//! Listing 1.3: A program that fails.
fn main() {
    eprintln!(\"the disk is on fire\");
    std::process::exit(3);
}",
    ),
    (
        "listing_1_04_lies",
        "//! Listing 1.4: A program that prints the wrong line.
fn main() { println!(\"dreamt\"); println!(\"slept\"); }",
    ),
    (
        "listing_1_05_hangs",
        "//! Listing 1.5: A program that hangs.
//!
//! In Python: `time.sleep`. Here: `thread::sleep`. Takes 10 min.
fn main() { eprintln!(\"waiting\"); std::thread::sleep(std::time::Duration::from_secs(600)); }",
    ),
    (
        "listing_1_06_echo",
        "//! Listing 1.6: An echo server.
//!
//! Here: `TcpListener`. Serves until Ctrl-C.
use std::io::{Read, Write};
fn main() {
    let listener = std::net::TcpListener::bind(std::env::args().nth(1).unwrap()).unwrap();
    println!(\"Listening on {}; talk to it.\", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(n @ 1..) = stream.read(&mut buffer) {
                if stream.write_all(&buffer[..n]).is_err() { break }
            }
        });
    }
}",
    ),
    (
        "listing_1_07_recorded",
        "//! Listing 1.7: A program that records what it does.
fn main() {
    println!(\"recording\");
    if let Some(path) = std::env::var_os(\"TIMELINE\") {
        let lines = [
            r#\"{\"event\":\"open\",\"span\":1,\"parent\":null,\"name\":\"delay\",\"arguments\":\"seconds=1\",\"at\":0}\"#,
            r#\"{\"event\":\"poll\",\"span\":1,\"thread\":\"main\",\"from\":0,\"to\":1000}\"#,
            r#\"{\"event\":\"poll\",\"span\":1,\"thread\":\"main\",\"from\":900000000,\"to\":1000000000}\"#,
            r#\"{\"event\":\"close\",\"span\":1,\"at\":1000000000}\"#,
        ];
        std::fs::write(path, lines.join(\"\\n\")).unwrap();
    }
    let code = std::env::args().nth(1).map_or(0, |arg| arg.parse().unwrap());
    std::process::exit(code);
}",
    ),
    (
        "listing_1_08_signals",
        "//! Listing 1.8: A program with an end of its own.
//!
//! Serves until Ctrl-C.
fn main() {
    let script = \"trap 'sleep 0.2; echo interrupted; exit 4' INT
        trap 'echo terminated; exit 5' TERM
        echo ready
        for tick in $(seq 600); do sleep 0.05; done\";
    #[cfg(unix)]
    panic!(\"{}\", std::os::unix::process::CommandExt::exec(
        std::process::Command::new(\"sh\").args([\"-c\", script]),
    ));
}",
    ),
];

const LIBRARY: &str = "//! Example: What listings share.
/// Helps.
pub fn help() {}
";

/// Writes a workspace with the chapter, whose manifest ends with `comparisons`.
pub fn write_workspace(root: &Path, comparisons: &str) {
    let chapter = root.join("ch01-demo");
    fs::create_dir_all(chapter.join("src/bin")).unwrap();
    fs::write(
        root.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"ch01-demo\"]\n",
    )
    .unwrap();
    fs::write(
        chapter.join("Cargo.toml"),
        format!(
            "[package]\nname = \"ch01-demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             description = \"Chapter 1: a demonstration\"\n[features]\ntls = []\n{comparisons}"
        ),
    )
    .unwrap();
    fs::write(chapter.join("src/lib.rs"), "pub mod shared;\n").unwrap();
    fs::write(chapter.join("src/shared.rs"), LIBRARY).unwrap();
    for (name, source) in LISTINGS {
        fs::write(chapter.join(format!("src/bin/{name}.rs")), source).unwrap();
    }
}

pub fn comparison(name: &str, baseline: &str, contender: &str, more: &str) -> String {
    format!(
        "\n[[package.metadata.bench]]\nname = \"{name}\"\nbaseline = \"{baseline}\"\n\
         contenders = [\"{contender}\"]\nbound = {{ kind = \"wait\", overlap = 2.0 }}\n\
         expect = [\"slept\", \"slept\"]\n{more}\n"
    )
}

/// One workspace, built once, for the tests that only read it.
pub fn shared() -> &'static Path {
    static SHARED: OnceLock<TempDir> = OnceLock::new();
    let folder = SHARED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = ("listing_1_01_one_by_one", "listing_1_01_together");
        let hangs = "listing_1_05_hangs";
        write_workspace(
            folder.path(),
            &[
                comparison(
                    "two sleeps",
                    one,
                    two,
                    "book = [9.0, 3.0]\npython = [\"listing_1_01_one_by_one\"]",
                ),
                comparison(
                    "beside",
                    one,
                    two,
                    "python = [\"listing_1_01_one_by_one\", \"listing_1_01_together\"]",
                ),
                comparison(
                    "needs network",
                    one,
                    two,
                    "python = [\"listing_1_01_together\"]",
                ),
                comparison("needy", one, two, "needs = \"no-such-program\""),
                comparison("failing", one, "listing_1_03_fails", ""),
                comparison("lying", one, "listing_1_04_lies", ""),
                comparison("hanging", one, hangs, ""),
                "\n[[package.metadata.load]]\nname = \"serving\"\n\
                 servers = [\"listing_1_06_echo\"]\nconnections = [1, 4]\nscale = [1, 3]\n"
                    .to_owned(),
                "\n[[package.metadata.scale]]\nname = \"arguments\"\naxis = \"arguments\"\n\
                 programs = [\"listing_1_02_arguments {} 0\", \"listing_1_02_arguments 0 {} 0\"]\n\
                 most = { \"listing_1_02_arguments 0 {} 0\" = 10 }\n\
                 steps = [1, 10, 100, 10000]\n"
                    .to_owned(),
            ]
            .concat(),
        );
        folder
    });
    folder.path()
}

/// The command that runs `binary` in `folder`, free of what the tester's environment sets.
pub fn command(binary: &str, folder: &Path) -> Command {
    Command::new(binary)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("EXAMPLE_URL")
        .env_remove("EXAMPLE_LATENCY_MS")
        .env_remove("RUST_BACKTRACE")
        .env("CARGO_NET_OFFLINE", "true")
        .timeout(Duration::from_secs(300))
}

/// What went wrong, without what cargo says while it builds.
pub fn error(output: &OutputAssert) -> String {
    let stderr = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    let start = stderr
        .find("error: ")
        .unwrap_or_else(|| panic!("no error in {stderr}"));
    stderr[start..].trim_end().to_owned()
}

/// What it printed.
pub fn stdout(output: &OutputAssert) -> String {
    String::from_utf8_lossy(&output.get_output().stdout).into_owned()
}
