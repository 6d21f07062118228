//! What the threads and child processes of a program do, seen from outside: for listings that mark
//! no function for their timeline.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use xtask_report::timeline::{Poll, Span, Timeline};

use crate::running::now;

/// How often the system is asked.
const LOOK: Duration = Duration::from_millis(1);

/// A program that ends sooner was not seen often enough.
const SHORTEST: u64 = 10_000_000;

/// What processes and threads without names of their own are called, with a number.
const UNNAMED: [&str; 2] = ["child", "thread"];

/// The threads and processes of one look: their names, and whether they run or are ready to.
type Seen = BTreeMap<u32, (String, bool)>;

/// Watches a program from its start to its end.
pub struct Watcher {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeMap<u32, Span>>,
}

impl Watcher {
    /// Begins to watch the process `pid`. Times count from 1970, in nanoseconds.
    pub fn start(pid: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut spans = BTreeMap::new();
            let mut last = now() * 1000;
            while !stopped.load(Ordering::Relaxed) {
                let mut seen = Seen::new();
                look(pid, None, &mut seen);
                let at = now() * 1000;
                add(&mut spans, seen, last, at);
                last = at;
                thread::sleep(LOOK);
            }
            spans
        });
        Self { stop, thread }
    }

    /// The timeline, in times since `begun`; `None` where there was one thread only, or too little
    /// time.
    pub fn finish(self, begun: u64) -> Option<Timeline> {
        self.stop.store(true, Ordering::Relaxed);
        let spans = self.thread.join().ok()?;
        let since = |time: u64| time.saturating_sub(begun);
        let mut rows: Vec<Span> = spans.into_values().collect();
        // A thread that was seen once only has no length.
        rows.retain(|row| row.close > Some(row.open));
        rows.sort_by_key(|row| row.open);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows.iter_mut().filter(|row| UNNAMED.contains(&&*row.name)) {
            let count = counts.entry(row.name.clone()).or_default();
            *count += 1;
            row.name = format!("{} {count}", row.name);
        }
        for (index, row) in rows.iter_mut().enumerate() {
            row.open = since(row.open);
            row.close = row.close.map(since);
            for poll in &mut row.polls {
                (poll.from, poll.to) = (since(poll.from), since(poll.to));
                // The colour of its row.
                poll.thread = index;
            }
        }
        let end = rows.iter().filter_map(|row| row.close).max().unwrap_or(0);
        let threads = Vec::new();
        (rows.len() > 1 && end >= SHORTEST).then_some(Timeline { rows, threads, end })
    }
}

/// Adds what was seen `at` a time, when the look before was `last`.
fn add(spans: &mut BTreeMap<u32, Span>, seen: Seen, last: u64, at: u64) {
    for (id, (name, runs)) in seen {
        let span = spans.entry(id).or_insert_with(|| Span {
            name,
            depth: 0,
            open: at,
            close: None,
            polls: Vec::new(),
        });
        span.close = Some(at);
        match span.polls.last_mut().filter(|poll| poll.to == last) {
            Some(poll) if runs => poll.to = at,
            _ if runs => span.polls.push(Poll {
                from: last.max(span.open),
                to: at,
                thread: 0,
            }),
            _ => {}
        }
    }
}

/// Looks at all threads of a process, and at its children. `parent` is the name of the process that
/// started it.
fn look(pid: u32, parent: Option<&str>, seen: &mut Seen) {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    // It may have just ended.
    for entry in fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let Some(id) = entry.file_name().to_str().and_then(|it| it.parse().ok()) else {
            continue;
        };
        if let Some((own, runs)) = thread_of(&entry.path()) {
            // Threads without a name have that of their process, and so has a copy of it.
            let name = match (id == pid, parent) {
                (true, None) => "main".to_owned(),
                (true, Some(parent)) if parent.trim() == own => UNNAMED[0].to_owned(),
                (false, _) if name.trim() == own => UNNAMED[1].to_owned(),
                _ => own,
            };
            seen.insert(id, (name, runs));
        }
        let children = fs::read_to_string(entry.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|it| it.parse().ok()) {
            look(child, Some(&name), seen);
        }
    }
}

/// The name of a thread, and whether it runs or is ready to; none where it has ended.
fn thread_of(folder: &Path) -> Option<(String, bool)> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let (head, rest) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let state = rest.trim_start().chars().next()?;
    // A zombie has ended; its parent has not asked yet.
    (state != 'Z').then(|| (name.to_owned(), state == 'R'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_and_its_threads_are_seen() {
        let sleep = || thread::sleep(Duration::from_millis(50));
        let named = thread::Builder::new().name("named".into()).spawn(sleep);
        let watcher = Watcher::start(std::process::id());
        drop(named.map(JoinHandle::join));
        let rows = watcher.finish(0).map_or(Vec::new(), |it| it.rows);
        let found = rows.iter().any(|row| row.name == "named");
        assert_eq!(found, cfg!(target_os = "linux"), "{rows:?}");
    }
}
