//! What the tests of the chapters share. They run a listing as a reader would, and check what it
//! prints.
//!
//! Expected output is in each chapter's `tests/expected/<listing>.txt`, where `[..]` matches
//! anything. `SNAPSHOTS=overwrite cargo test -p ch02-basics listing_2_09` writes it again; a
//! changed line loses its `[..]`.
//!
//! Where a test cannot go on, these functions panic and say why. What other programs use too returns
//! the error: [`wait_for`], [`hear_interrupts`], and three methods of [`Terminal`].

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that fails may panic"
)]

mod recording;
#[cfg(target_os = "linux")]
mod running;
mod server;
mod signals;
mod site;
mod terminal;
mod timed;
mod timeline;

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::ensure;
use snapbox::cmd::Command;
use snapbox::{Assert, Data, IntoData};
use socket2::SockRef;

pub use recording::every_marked_listing_records;
#[cfg(target_os = "linux")]
pub use running::{Running, computed, open_files, rests, tasks, waits_at_most};
pub use server::Server;
#[cfg(unix)]
pub use server::error_without_descriptors;
pub use signals::hear_interrupts;
pub use site::Site;
pub use terminal::Terminal;
pub use timed::assert_prints_at;
pub use timeline::Timeline;

/// How long a test waits for anything before it gives up. No listing takes a fifth of it.
///
/// `TEST_TIMEOUT`, in seconds, replaces it when the tests are compiled: `cargo xtask try --check`
/// waits for what never comes.
pub const TIMEOUT: Duration = Duration::from_secs(match option_env!("TEST_TIMEOUT") {
    Some(seconds) => match u64::from_str_radix(seconds, 10) {
        Ok(seconds) => seconds,
        Err(_) => panic!("TEST_TIMEOUT is not a number of seconds"),
    },
    None => 60,
});

/// How long a test waits before it checks again.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A proxy that is not there: port 9 is reserved. No proxy could reach a site on this machine, so
/// no listing may ask one.
const DEAD_PROXY: &str = "http://127.0.0.1:9";

/// The variables that name proxies.
const PROXIES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

/// Variables that your environment may set and a listing under test must not see.
const ENVIRONMENT: [&str; 10] = [
    // A listing must not build anything; it is built already.
    "CARGO",
    "DATABASE_URL",
    "EXAMPLE_LATENCY_MS",
    "EXAMPLE_URL",
    "NGRAMS_FILE",
    "NO_PROXY",
    "no_proxy",
    // anyhow would add a backtrace to every error.
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
    "TIMELINE",
];

/// The command that runs the built `binary`, without those variables, and behind a proxy that is
/// not there.
#[must_use]
pub fn listing(binary: impl AsRef<OsStr>) -> Command {
    let command = Command::from_std(command(binary));
    command.with_assert(assert()).timeout(TIMEOUT)
}

/// The same without snapbox, for a program that a test talks to while it runs.
#[must_use]
pub fn command(binary: impl AsRef<OsStr>) -> std::process::Command {
    let mut command = std::process::Command::new(binary);
    for variable in ENVIRONMENT {
        command.env_remove(variable);
    }
    command.envs(PROXIES.map(|variable| (variable, DEAD_PROXY)));
    command
}

/// Compares output with what is expected, and writes it again with `SNAPSHOTS=overwrite`.
#[must_use]
pub fn assert() -> Assert {
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        // A backslash in the output is a backslash, not a path separator.
        .normalize_paths(false)
}

/// Compares `actual` with `expected`, in which `[..]` matches anything.
#[track_caller]
pub fn assert_eq(actual: impl IntoData, expected: impl IntoData) {
    assert().eq(actual, expected);
}

/// The expected output in the `tests/expected` folder of the package in `manifest_dir`; tests
/// write `expected!("listing_2_09_multiple_tasks")`.
#[must_use]
pub fn expected(manifest_dir: &str, name: &str) -> Data {
    let folder = Path::new(manifest_dir).join("tests/expected");
    Data::read_from(&folder.join(format!("{name}.txt")), None)
}

/// The expected output in `tests/expected/NAME.txt` of the package under test.
#[macro_export]
macro_rules! expected {
    ($name:expr) => {
        $crate::expected(env!("CARGO_MANIFEST_DIR"), $name)
    };
}

/// A test for each listing named. Without arguments, the listing must succeed, print what is in
/// `tests/expected/<listing>.txt`, and print nothing on stderr.
#[macro_export]
macro_rules! prints {
    ($($listing:ident)*) => {$(
        #[test]
        fn $listing() {
            $crate::listing(env!(concat!("CARGO_BIN_EXE_", stringify!($listing))))
                .assert()
                .success()
                .stdout_eq($crate::expected!(stringify!($listing)))
                .stderr_eq("");
        }
    )*};
}

/// Checks that the listing `binary` starts threads, because it cannot end well if the system
/// refuses them.
#[track_caller]
pub fn needs_threads(binary: &str, args: &[&str]) {
    let too_large = (1_u64 << 46).to_string();
    let listing = listing(binary).args(args).env("RUST_MIN_STACK", too_large);
    listing.assert().failure();
}

/// Checks that the listing `binary` has two threads at once. With stacks of a gibibyte, two do not
/// fit into its address space.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn needs_two_threads_at_once(binary: &str) {
    let fails = || {
        let output = listing("sh")
            .args(["-c", "ulimit -v 2000000 && exec \"$0\"", binary])
            .env("RUST_MIN_STACK", "1073741824")
            .assert();
        let error = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        error.contains("failed to spawn thread")
    };
    // On a busy machine the first may have ended before the second starts.
    assert!((0..50).any(|_| fails()), "{binary}");
}

/// What the system says of a process in the line that begins with `field`, such as `VmSize:`;
/// `None` if it does not say (Linux does), or if there is no such process.
#[cfg(unix)]
#[must_use]
pub fn status(pid: u32, field: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.map(|value| value.trim().to_owned())
}

/// The lines of a program's output.
#[must_use]
pub fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    text.lines().map(String::from).collect()
}

/// The number of the first line that begins with `start`.
#[must_use]
#[track_caller]
pub fn position(lines: &[String], start: &str) -> usize {
    let found = lines.iter().position(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no line starts with '{start}': {lines:#?}"))
}

/// The PostgreSQL database that the tests may fill, from `POSTGRES_URL`. Without that variable,
/// says on stderr that a test was skipped.
#[must_use]
pub fn postgresql() -> Option<String> {
    let url = std::env::var("POSTGRES_URL").ok();
    if url.is_none() {
        skipped("POSTGRES_URL names no PostgreSQL database");
    }
    url
}

/// Says on stderr, even if the output of tests is captured, that the calling test was skipped.
pub fn skipped(why: &str) {
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(io::stderr(), "skipped {test}: {why}");
}

/// Lets this process and its children open as many files as the system allows, and returns that
/// number.
#[must_use]
pub fn raise_limit() -> usize {
    let limit = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Closes a connection as a crashing client does: with a reset.
pub fn reset(client: TcpStream) {
    let socket = SockRef::from(&client);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
    drop(client);
}

/// Waits until `look` finds something, and returns it.
///
/// # Errors
/// If that takes longer than [`TIMEOUT`], with what was awaited.
pub fn wait_for<T>(
    mut look: impl FnMut() -> Option<T>,
    awaited: impl Fn() -> String,
) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        ensure!(
            start.elapsed() < TIMEOUT,
            "after {TIMEOUT:?} still waiting for {}",
            awaited()
        );
        thread::sleep(POLL_INTERVAL);
    }
}

/// Waits until `done`. After [`TIMEOUT`] it panics with what was awaited.
#[track_caller]
pub fn wait_until(mut done: impl FnMut() -> bool, awaited: impl Fn() -> String) {
    wait_for(|| done().then_some(()), awaited).unwrap();
}

/// Reads `stream` to its end in a thread, and passes on what it reads.
fn read(
    mut stream: impl Read + Send + 'static,
    collect: impl Fn(&[u8]) + Send + 'static,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            collect(&buffer[..length]);
        }
    })
}

/// What a thread has collected so far, even if it has panicked.
fn lock<T>(collected: &Mutex<T>) -> MutexGuard<'_, T> {
    collected.lock().unwrap_or_else(PoisonError::into_inner)
}
