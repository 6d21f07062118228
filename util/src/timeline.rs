//! Records what each task did and when, for `cargo xtask timeline`.
//!
//! With `TIMELINE=FILE`, every span is written to `FILE`, one JSON object a line. The objects say
//! when the span opened, each time it was polled (from, to, on which thread), and when it closed.
//! Times are nanoseconds since recording began; the first line says when that was. Without
//! `TIMELINE` there is no recorder, and no cost.

use std::cell::{OnceCell, RefCell};
use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::fields::arguments;

/// A layer that writes each span's life to a file.
pub struct Recorder {
    log: Arc<Log>,
    writer: Once,
    epoch: Instant,
}

/// A line of the file. Times are in nanoseconds since the epoch of the recorder.
enum Event {
    Open {
        span: u64,
        parent: Option<u64>,
        name: &'static str,
        arguments: String,
        at: u64,
    },
    Poll {
        span: u64,
        thread: Arc<str>,
        from: u64,
        to: u64,
    },
    Close {
        span: u64,
        at: u64,
    },
}

impl Event {
    fn to_json(&self) -> Value {
        match self {
            Self::Open {
                span,
                parent,
                name,
                arguments,
                at,
            } => json!({
                "event": "open", "span": span, "parent": parent, "name": name,
                "arguments": arguments, "at": at,
            }),
            Self::Poll {
                span,
                thread,
                from,
                to,
            } => {
                json!({ "event": "poll", "span": span, "thread": &**thread, "from": from, "to": to })
            }
            Self::Close { span, at } => json!({ "event": "close", "span": span, "at": at }),
        }
    }
}

/// Events on their way to the file. Writing each one at once would cost more than many of the
/// recorded calls, so a separate thread writes.
struct Log {
    events: Mutex<Vec<Event>>,
    file: Mutex<File>,
}

/// At most this many events wait to be written.
const FULL: usize = 1 << 16;

/// Events wait at most this long, so that a killed program leaves its timeline so far.
const FLUSH: Duration = Duration::from_millis(10);

impl Log {
    fn add(&self, event: Event) {
        let mut events = lock(&self.events);
        events.push(event);
        if events.len() >= FULL {
            drop(events);
            self.flush();
        }
    }

    fn flush(&self) {
        // Lock the file first, so that no other thread writes later events before these.
        let mut file = lock(&self.file);
        let events = mem::take(&mut *lock(&self.events));
        let mut lines = Vec::new();
        for event in &events {
            // Writing to memory cannot fail.
            let _ = writeln!(lines, "{}", event.to_json());
        }
        // A full disk must not stop the program that is being watched.
        let _ = file.write_all(&lines);
    }
}

/// The data in the mutex is whole, even after a panic elsewhere.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Starts recording to `path`, replacing what was there.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut file = File::create(path)?;
        let epoch = Instant::now();
        // Whoever watches the program's output can place it on the same axis.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let unix = since_1970.map_or(0, |since| since.as_nanos() as u64);
        writeln!(file, "{}", json!({ "event": "begin", "unix": unix }))?;
        let log = Arc::new(Log {
            events: Mutex::default(),
            file: Mutex::new(file),
        });
        Ok(Self {
            log,
            writer: Once::new(),
            epoch,
        })
    }

    /// Starts the thread that writes, at the first span. Until then a program may do what is cheap
    /// only with one thread, such as making room for its connections.
    fn start_writer(&self) {
        let watched = Arc::downgrade(&self.log);
        let write = move || {
            while let Some(log) = watched.upgrade() {
                log.flush();
                drop(log);
                thread::sleep(FLUSH);
            }
        };
        // Without the thread, events are written in batches, and at the end.
        let _ = thread::Builder::new().name("timeline".into()).spawn(write);
    }

    /// Writes the rest when this thread, the main thread, ends, because nothing drops the
    /// subscriber of a process.
    pub(crate) fn flush_at_exit(&self) {
        struct AtExit(Arc<Log>);
        impl Drop for AtExit {
            fn drop(&mut self) {
                self.0.flush();
            }
        }
        thread_local!(static AT_EXIT: OnceCell<AtExit> = const { OnceCell::new() });
        AT_EXIT.with(|at_exit| {
            at_exit.get_or_init(|| AtExit(Arc::clone(&self.log)));
        });
    }

    fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from((at - self.epoch).as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.log.flush();
    }
}

impl<S> Layer<S> for Recorder
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.writer.call_once(|| self.start_writer());
        let parent = context.span(id).and_then(|span| span.parent());
        self.log.add(Event::Open {
            span: id.into_u64(),
            parent: parent.map(|parent| parent.id().into_u64()),
            name: attributes.metadata().name(),
            arguments: arguments(attributes),
            at: self.nanoseconds(Instant::now()),
        });
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        let entered = (id.into_u64(), Instant::now());
        ENTERED.with_borrow_mut(|stack| stack.push(entered));
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        let span = id.into_u64();
        // The innermost span is exited first.
        let left = ENTERED.with_borrow_mut(|stack| stack.pop_if(|(entered, _)| *entered == span));
        if let Some((_, from)) = left {
            self.log.add(Event::Poll {
                span,
                thread: THREAD.with(Arc::clone),
                from: self.nanoseconds(from),
                to: self.nanoseconds(Instant::now()),
            });
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.log.add(Event::Close {
            span: id.into_u64(),
            at: self.nanoseconds(Instant::now()),
        });
    }
}

thread_local! {
    static THREAD: Arc<str> = thread_name().into();

    /// The spans that this thread is in, and since when.
    static ENTERED: RefCell<Vec<(u64, Instant)>> = const { RefCell::new(Vec::new()) };
}

/// A name that no other thread of this process has. Pools give all their threads the same name.
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

#[cfg(test)]
mod tests {
    use tracing::{Instrument, debug_span, info_span};

    use super::*;
    use crate::subscriber::subscriber;

    fn recorded(path: &Path) -> Vec<Value> {
        let lines = std::fs::read_to_string(path).unwrap();
        lines
            .lines()
            .skip(1)
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_span_has_a_life_and_a_poll_for_each_time_it_ran() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("timeline.jsonl");
        let recorder = Recorder::create(&path).unwrap();
        let guard = tracing::subscriber::set_default(subscriber(Some(recorder)));

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
        // The first poll starts the timer and the last finds it done. Dropping the future enters
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
        let recorder = Recorder::create(&path).unwrap();
        tracing::subscriber::with_default(subscriber(Some(recorder)), || {
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
