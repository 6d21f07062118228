//! Example: A watch that finds threads waiting for each other forever.
//!
//! Here: `parking_lot::deadlock`.

use std::io::{self, Write};
use std::path::Path;
use std::thread::ThreadId;
use std::time::Duration;
use std::{env, process, thread};

use parking_lot::deadlock::check_deadlock;

/// The exit code of a program that has deadlocked.
pub const EXIT_DEADLOCK: i32 = 3;

/// How often the watch looks.
const INTERVAL: Duration = Duration::from_millis(500);

/// Starts to look, every half second, for threads that wait for each other's [`parking_lot`] locks.
/// If there are any, reports on stderr which thread waits where, and ends the program with
/// [`EXIT_DEADLOCK`].
///
/// # Errors
/// If no thread can be started.
pub fn watch() -> io::Result<()> {
    thread::Builder::new()
        .name("deadlock-watch".into())
        .spawn(|| {
            loop {
                thread::sleep(INTERVAL);
                // `check_deadlock` reports a deadlock only once.
                let deadlocks = check_deadlock();
                let Some(threads) = deadlocks.first() else {
                    continue;
                };
                let waiting = threads.iter().map(|thread| {
                    let frames = thread.backtrace().frames().iter();
                    let places = frames
                        .flat_map(|frame| frame.symbols())
                        .filter_map(|symbol| {
                            let name = format!("{:#}", symbol.name()?);
                            place(&name, symbol.filename(), symbol.lineno())
                        });
                    (thread.thread_id(), places.collect())
                });
                let report = report(&waiting.collect::<Vec<_>>());
                // If stdout or stderr is closed, the report has nowhere to go.
                let _ = io::stdout().flush();
                let _ = io::stderr().write_all(report.as_bytes());
                process::exit(EXIT_DEADLOCK);
            }
        })?;
    Ok(())
}

/// Says which threads wait, and each one's functions, the innermost first.
fn report(threads: &[(ThreadId, Vec<String>)]) -> String {
    let who = match threads.len() {
        1 => "a thread waits for a lock that it holds itself".to_owned(),
        n => format!("{n} threads wait for each other's locks"),
    };
    let mut report = format!("Deadlock: {who}\n");
    for (thread, places) in threads {
        let places = match places.as_slice() {
            [] => "a function that the optimiser has merged into another".into(),
            places => places.join(", called by "),
        };
        report += &format!("{thread:?} waits in {places}\n");
    }
    report
}

/// A function of this program, with its line where known; `None` for any other function.
fn place(function: &str, file: Option<&Path>, line: Option<u32>) -> Option<String> {
    let program = env::current_exe().ok()?;
    let program = format!("{}::", program.file_stem()?.to_string_lossy());
    let function = function.strip_prefix(&program)?;
    Some(match (file.and_then(Path::file_name), line) {
        (Some(file), Some(line)) => format!("{function} ({}:{line})", file.to_string_lossy()),
        _ => function.to_owned(),
    })
}
