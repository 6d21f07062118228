//! Records what each task did and when, for `cargo xtask timeline`.
//!
//! With `TIMELINE=FILE` set, every span is written to `FILE`, one JSON object a line: when it
//! opened, each time it was polled (from, to, on which thread), and when it closed. Times are
//! nanoseconds since recording began. Without `TIMELINE` no recorder is installed and nothing is
//! paid.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::async_timed::{AsyncTimed, arguments, is_ours};

/// Installs the recorder if `TIMELINE` asks for it; only the first call does anything.
///
/// [`delay`](crate::delay()), [`async_timed`](crate::async_timed()), [`args`](crate::args()) and
/// the example site call it, so only a listing that uses none of these has to.
pub fn init() {
    if std::env::var_os("TIMELINE").is_some() {
        install();
    }
}

/// Installs the subscriber of this process, once: the timing layer and, if asked for, the
/// recorder.
pub(crate) fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let recorder = std::env::var_os("TIMELINE").and_then(|path| {
            Recorder::create(path.as_ref())
                .inspect(Recorder::flush_at_exit)
                .inspect_err(|error| eprintln!("no timeline: {}: {error}", path.display()))
                .ok()
        });
        let subscriber = tracing_subscriber::registry()
            .with(AsyncTimed)
            .with(recorder);
        // A listing that brings a subscriber of its own has been first, and keeps it.
        let _ = tracing::subscriber::set_global_default(subscriber);
    });
}

/// A layer that writes each span's life to a file.
pub struct Recorder {
    log: Arc<Mutex<Log>>,
    epoch: Instant,
}

/// Lines on their way to the file. To write each by itself would cost more than much of what is
/// recorded.
struct Log {
    file: File,
    lines: Vec<u8>,
}

/// So much waits at the most.
const FULL: usize = 1024 * 1024;

/// And no longer than this, so that a program which is killed leaves its timeline so far.
const FLUSH: Duration = Duration::from_millis(100);

impl Log {
    /// A full disk must not stop the program that is being watched.
    fn flush(&mut self) {
        let _ = self.file.write_all(&self.lines);
        self.lines.clear();
    }
}

impl Recorder {
    /// Starts recording to `path`, replacing what was there.
    ///
    /// # Errors
    /// If the file cannot be created, or no thread be started.
    pub fn create(path: &Path) -> io::Result<Self> {
        let log = Arc::new(Mutex::new(Log {
            file: File::create(path)?,
            lines: Vec::new(),
        }));
        let watched = Arc::downgrade(&log);
        thread::Builder::new().spawn(move || {
            while let Some(log) = watched.upgrade() {
                lock(&log).flush();
                drop(log);
                thread::sleep(FLUSH);
            }
        })?;
        Ok(Self {
            log,
            epoch: Instant::now(),
        })
    }

    /// Has what is left written when this thread, the main one, ends: nobody drops the subscriber
    /// of a process.
    fn flush_at_exit(&self) {
        struct AtExit(Arc<Mutex<Log>>);
        impl Drop for AtExit {
            fn drop(&mut self) {
                lock(&self.0).flush();
            }
        }
        thread_local!(static AT_EXIT: OnceCell<AtExit> = const { OnceCell::new() });
        AT_EXIT.with(|at_exit| {
            at_exit
                .get_or_init(|| AtExit(Arc::clone(&self.log)))
                .0
                .clone()
        });
    }

    fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from((at - self.epoch).as_nanos()).unwrap_or(u64::MAX)
    }

    fn write(&self, line: fmt::Arguments<'_>) {
        let mut log = lock(&self.log);
        // Writing to memory cannot fail.
        let _ = writeln!(log.lines, "{line}");
        if log.lines.len() > FULL {
            log.flush();
        }
    }
}

/// The log, also after a panic elsewhere: whole lines are in it all the same.
fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Recorder {
    fn drop(&mut self) {
        lock(&self.log).flush();
    }
}

impl<S> Layer<S> for Recorder
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = ours(id, &context) else {
            return;
        };
        let open = json!({
            "event": "open",
            "span": id.into_u64(),
            "parent": span.parent().map(|parent| parent.id().into_u64()),
            "name": span.name(),
            "arguments": arguments(attributes),
            "at": self.nanoseconds(Instant::now()),
        });
        self.write(format_args!("{open}"));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if ours(id, &context).is_some() {
            let entered = (id.into_u64(), Instant::now());
            ENTERED.with_borrow_mut(|stack| stack.push(entered));
        }
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        let span = id.into_u64();
        // The innermost span is left first; whatever is not ours was never put there.
        let left = ENTERED.with_borrow_mut(|stack| stack.pop_if(|(entered, _)| *entered == span));
        let Some((_, from)) = left else {
            return;
        };
        let (from, to) = (self.nanoseconds(from), self.nanoseconds(Instant::now()));
        THREAD.with(|thread| {
            self.write(format_args!(
                r#"{{"event":"poll","span":{span},"thread":{thread},"from":{from},"to":{to}}}"#
            ));
        });
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if ours(&id, &context).is_some() {
            let (span, at) = (id.into_u64(), self.nanoseconds(Instant::now()));
            self.write(format_args!(
                r#"{{"event":"close","span":{span},"at":{at}}}"#
            ));
        }
    }
}

thread_local! {
    /// This thread's name, as JSON.
    static THREAD: String = Value::from(thread_name()).to_string();

    /// The spans that this thread is in, and since when.
    static ENTERED: RefCell<Vec<(u64, Instant)>> = const { RefCell::new(Vec::new()) };
}

/// A name that no other thread of this process has: pools give all theirs the same.
fn thread_name() -> String {
    let thread = thread::current();
    let id = format!("{:?}", thread.id());
    let number = id.trim_matches(|c: char| !c.is_ascii_digit());
    match thread.name() {
        Some("main") => "main".to_owned(),
        Some(name) => format!("{name} {number}"),
        None => format!("thread {number}"),
    }
}

fn ours<'a, S>(id: &Id, context: &'a Context<'_, S>) -> Option<SpanRef<'a, S>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    context.span(id).filter(|span| is_ours(span.metadata()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tracing::{Instrument, debug_span, info_span};

    use super::*;

    fn recorded(path: &Path) -> Vec<Value> {
        let lines = std::fs::read_to_string(path).unwrap();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_span_has_a_life_and_a_poll_for_each_time_it_ran() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("timeline.jsonl");
        let subscriber =
            tracing_subscriber::registry().with(Some(Recorder::create(&path).unwrap()));
        let guard = tracing::subscriber::set_default(subscriber);

        tokio::time::sleep(Duration::from_secs(1))
            .instrument(info_span!("sleep", seconds = 1))
            .await;
        drop(guard);

        let events = recorded(&path);
        assert_eq!(events[0]["event"], "open");
        assert_eq!(events[0]["name"], "sleep");
        assert_eq!(events[0]["arguments"], "seconds=1");
        assert_eq!(events[0]["parent"], Value::Null);
        let polls: Vec<_> = events.iter().filter(|e| e["event"] == "poll").collect();
        // The first poll starts the timer, the last finds it done; dropping the future enters
        // the span once more.
        assert_eq!(polls[0]["from"], 0);
        assert_eq!(polls[0]["to"], 0);
        assert_eq!(polls[1]["from"], 1_000_000_000);
        let last = events.last().unwrap();
        assert_eq!(last["event"], "close");
        assert_eq!(last["at"], 1_000_000_000);
    }

    #[test]
    fn a_child_names_its_parent_and_library_spans_are_left_out() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("timeline.jsonl");
        let subscriber = tracing_subscriber::registry().with(Recorder::create(&path).unwrap());
        tracing::subscriber::with_default(subscriber, || {
            let parent = info_span!("parent").entered();
            debug_span!("library").in_scope(|| ());
            info_span!("child").in_scope(|| ());
            drop(parent);
        });

        let events = recorded(&path);
        let opened: Vec<_> = events.iter().filter(|e| e["event"] == "open").collect();
        assert_eq!(opened.len(), 2);
        assert_eq!(opened[1]["name"], "child");
        assert_eq!(opened[1]["parent"], opened[0]["span"]);
        assert!(events.iter().any(|e| e["event"] == "poll"
            && e["span"] == opened[1]["span"]
            && e["thread"].as_str().is_some_and(|name| !name.is_empty())));
    }

    #[test]
    fn a_file_that_cannot_be_created_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        assert!(Recorder::create(directory.path()).is_err());
    }
}
