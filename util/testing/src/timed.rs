//! When a listing prints its lines.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{TIMEOUT, command, expected};

/// How much later a line may come. Half a second is enough to tell one second from the next.
const LATE: Duration = Duration::from_millis(500);

/// Runs `binary`, which must print what is in `tests/expected/<name>.txt` of the package in
/// `manifest_dir`, and each line when as many seconds have passed as `seconds` has for it. Meanwhile it
/// waits, in one thread, and hardly computes.
///
/// A line is never early. On a busy machine it may be late, so a listing has five tries.
///
/// # Panics
/// If it does not.
#[track_caller]
pub fn assert_prints_at(binary: &str, manifest_dir: &str, name: &str, seconds: &[u64]) {
    let mut lines = Vec::new();
    for _ in 0..5 {
        lines = timed_lines(binary);
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        crate::assert_eq(text, expected(manifest_dir, name));
        let due = seconds.iter().map(|seconds| Duration::from_secs(*seconds));
        let in_time =
            |(due, (at, _)): (Duration, &(Duration, String))| (due..due + LATE).contains(at);
        if lines.len() == seconds.len() && due.zip(&lines).all(in_time) {
            return;
        }
    }
    panic!("not at the seconds {seconds:?}: {lines:#?}");
}

/// What a program prints until it ends, with the time at which it prints each line.
#[track_caller]
fn timed_lines(binary: &str) -> Vec<(Duration, String)> {
    let start = Instant::now();
    let mut child = command(binary)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (sender, printed) = mpsc::channel();
    thread::spawn(move || {
        for line in stdout.lines() {
            // This fails if the test has given up.
            let _ = sender.send((start.elapsed(), line.unwrap()));
        }
    });
    let mut lines = Vec::new();
    loop {
        match printed.recv_timeout(TIMEOUT) {
            Ok(line) => {
                #[cfg(target_os = "linux")]
                has_one_thread(child.id());
                lines.push(line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                panic!("{binary} does not end: {lines:#?}");
            }
        }
    }
    // What waits does not compute.
    #[cfg(target_os = "linux")]
    assert!(crate::computed(child.id()) < Some(15), "{binary} computes");
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{lines:#?}");
    crate::assert_eq(ended.stderr, "");
    lines
}

/// A test for each listing named. Without arguments, the listing must succeed, and print what is in
/// `tests/expected/<listing>.txt`, each line at its second.
#[macro_export]
macro_rules! prints_at {
    ($($listing:ident $seconds:expr;)*) => {$(
        #[test]
        fn $listing() {
            $crate::assert_prints_at(
                env!(concat!("CARGO_BIN_EXE_", stringify!($listing))),
                env!("CARGO_MANIFEST_DIR"),
                stringify!($listing),
                &$seconds,
            );
        }
    )*};
}

/// Beside its main thread, a listing may have that of the example site.
#[cfg(target_os = "linux")]
#[track_caller]
fn has_one_thread(pid: u32) {
    let mut names = Vec::new();
    // A thread begins with the name of the one that has started it.
    for _ in 0..20 {
        let threads = crate::tasks(pid).map(|it| std::fs::read_to_string(it.join("comm")));
        names = threads.filter_map(Result::ok).collect();
        if names.iter().filter(|it| *it != "example-site\n").count() <= 1 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("threads: {names:?}");
}
