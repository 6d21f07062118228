//! Records what each task did and when, for `cargo xtask timeline`.
//!
//! With `TIMELINE=FILE`, every span is written to `FILE`, a line for each event:
//!
//! ```text
//! begin NANOSECONDS                       the first line: recording begins, so long after 1970
//! open SPAN PARENT AT NAME ARGUMENTS      a marked function is called; without a parent, 0
//! poll SPAN FROM TO THREAD                a span has run on a thread
//! close SPAN AT                           a span closes; its number may be used again
//! ```
//!
//! `AT`, `FROM` and `TO` are nanoseconds since recording began. Without `TIMELINE` there is no
//! recorder, and no cost.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::fields::arguments;

/// A layer that writes each span's life to a file.
pub struct Recorder {
    log: Arc<Log>,
    flusher: Once,
    epoch: Instant,
}

type Log = Mutex<BufWriter<File>>;

/// Lines wait at most this long in memory, so that a killed program leaves its timeline so far.
const FLUSH: Duration = Duration::from_millis(10);

fn flush(log: &Log) {
    // A full disk must not stop the program that is being watched.
    let _ = lock(log).flush();
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
        let mut file = BufWriter::new(File::create(path)?);
        let epoch = Instant::now();
        // Whoever watches the program's output can place it on the same axis.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let unix = since_1970.map_or(0, |since| since.as_nanos() as u64);
        writeln!(file, "begin {unix}")?;
        file.flush()?;
        Ok(Self {
            log: Arc::new(Mutex::new(file)),
            flusher: Once::new(),
            epoch,
        })
    }

    fn add(&self, line: fmt::Arguments<'_>) {
        let _ = writeln!(lock(&self.log), "{line}");
    }

    /// Starts the thread that flushes, at the first span. Until then a program may do what is cheap
    /// only with one thread, such as making room for its connections.
    fn start_flusher(&self) {
        let watched = Arc::downgrade(&self.log);
        let flusher = move || {
            while let Some(log) = watched.upgrade() {
                flush(&log);
                drop(log);
                thread::sleep(FLUSH);
            }
        };
        // Without the thread, lines are written when a span closes.
        let _ = thread::Builder::new()
            .name("timeline".into())
            .spawn(flusher);
    }

    fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from((at - self.epoch).as_nanos()).unwrap_or(u64::MAX)
    }
}

impl<S> Layer<S> for Recorder
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.flusher.call_once(|| self.start_flusher());
        let parent = context.span(id).and_then(|span| span.parent());
        let parent = parent.map_or(0, |parent| parent.id().into_u64());
        let (span, at) = (id.into_u64(), self.nanoseconds(Instant::now()));
        let name = attributes.metadata().name();
        let arguments = arguments(attributes).replace('\n', " ");
        self.add(format_args!("open {span} {parent} {at} {name} {arguments}"));
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
            let [from, to] = [from, Instant::now()].map(|at| self.nanoseconds(at));
            THREAD.with(|thread| self.add(format_args!("poll {span} {from} {to} {thread}")));
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let (span, at) = (id.into_u64(), self.nanoseconds(Instant::now()));
        self.add(format_args!("close {span} {at}"));
        // It may be the last span of the program, and nothing drops the subscriber of a process.
        flush(&self.log);
    }
}

thread_local! {
    static THREAD: String = thread_name();

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

    /// The lines of the file are what `cargo xtask timeline` reads.
    #[tokio::test(start_paused = true)]
    async fn a_span_has_a_parent_a_life_and_a_poll_for_each_time_it_ran() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("timeline.txt");
        let recorder = Recorder::create(&path).unwrap();
        let guard = tracing::subscriber::set_default(subscriber(Some(recorder)));
        let parent = info_span!("parent");
        let child = info_span!(parent: &parent, "sleep", seconds = 1);
        let (parent_id, id) = (parent.id().unwrap(), child.id().unwrap());
        let library = debug_span!("library");
        let sleep = tokio::time::sleep(Duration::from_secs(1));
        sleep.instrument(library).instrument(child).await;
        drop((parent, guard));

        let lines = std::fs::read_to_string(&path).unwrap();
        let (begin, lines) = lines.split_once('\n').unwrap();
        assert!(begin.starts_with("begin 1"), "{begin}");
        let (parent, span, thread) = (parent_id.into_u64(), id.into_u64(), thread_name());
        let at = 1_000_000_000;
        // The first poll starts the timer and the last finds it done. Dropping the future enters
        // the span once more.
        let wanted = format!(
            "open {parent} 0 0 parent \n\
             open {span} {parent} 0 sleep seconds=1\n\
             poll {span} 0 0 {thread}\n\
             poll {span} {at} {at} {thread}\n\
             poll {span} {at} {at} {thread}\n\
             close {span} {at}\n\
             close {parent} {at}\n"
        );
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_file_that_cannot_be_created_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        assert!(Recorder::create(directory.path()).is_err());
    }
}
