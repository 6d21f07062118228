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

/// Watches a program from its start to its end.
pub struct Watcher {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Watch>,
}

/// What was seen, and the times of the last look and of this one.
#[derive(Default)]
struct Watch {
    /// Each with how many were seen before it.
    spans: BTreeMap<u32, (usize, Span)>,
    last: u64,
    at: u64,
}

impl Watcher {
    /// Begins to watch the process `pid`, which began at this time, in nanoseconds since 1970.
    pub fn start(pid: u32, begun: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut watch = Watch::default();
            while !stopped.load(Ordering::Relaxed) {
                watch.at = (now() * 1000).saturating_sub(begun);
                watch.look(pid, None);
                watch.last = watch.at;
                thread::sleep(LOOK);
            }
            watch
        });
        Self { stop, thread }
    }

    /// The timeline; `None` where there was one thread only, or too little time.
    pub fn finish(self) -> Option<Timeline> {
        self.stop.store(true, Ordering::Relaxed);
        let watch = self.thread.join().ok()?;
        let mut rows: Vec<Span> = watch.spans.into_values().map(|(_, span)| span).collect();
        // A thread that was seen once only has no length.
        rows.retain(|row| row.close > Some(row.open));
        rows.sort_by_key(|row| row.open);
        let end = rows.iter().filter_map(|row| row.close).max().unwrap_or(0);
        let threads = Vec::new();
        (rows.len() > 1 && end >= SHORTEST).then_some(Timeline { rows, threads, end })
    }
}

impl Watch {
    /// Looks at all threads of a process, and at its children. `parent` is the name of the process
    /// that started it.
    fn look(&mut self, pid: u32, parent: Option<&str>) {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        // It may have just ended.
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter();
        for entry in tasks.flatten().flatten() {
            let Some(id) = entry.file_name().to_str().and_then(|it| it.parse().ok()) else {
                continue;
            };
            if let Some((own, runs)) = thread_of(&entry.path()) {
                // Threads without a name have that of their process, and so has a copy of it.
                let number = self.spans.get(&id).map_or(self.spans.len(), |it| it.0);
                let name = match (id == pid, parent) {
                    (true, None) => "main".to_owned(),
                    (true, Some(parent)) if parent.trim() == own => format!("child {number}"),
                    (false, _) if name.trim() == own => format!("thread {number}"),
                    _ => own,
                };
                self.add(id, number, name, runs);
            }
            let children = fs::read_to_string(entry.path().join("children")).unwrap_or_default();
            for child in children.split_whitespace().filter_map(|it| it.parse().ok()) {
                self.look(child, Some(&name));
            }
        }
    }

    /// Adds a thread that was seen, and whether it ran or was ready to.
    fn add(&mut self, id: u32, number: usize, name: String, runs: bool) {
        let (last, to) = (self.last, self.at);
        let begun = || Span {
            name: String::new(),
            depth: 0,
            open: to,
            close: None,
            polls: Vec::new(),
        };
        let (_, span) = self.spans.entry(id).or_insert_with(|| (number, begun()));
        // A thread gets its own name a moment after it has begun.
        span.name = name;
        span.close = Some(to);
        // The colour of its row.
        let thread = id as usize;
        let from = last.max(span.open);
        match span.polls.last_mut().filter(|poll| poll.to == last) {
            Some(poll) if runs => poll.to = to,
            _ if runs => span.polls.push(Poll { from, to, thread }),
            _ => {}
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
        // As every thread does, but so late that the one without a name is surely seen.
        let named = thread::spawn(|| {
            thread::sleep(Duration::from_millis(25));
            fs::write("/proc/thread-self/comm", "named").unwrap_or_default();
            thread::sleep(Duration::from_millis(25));
        });
        let watcher = Watcher::start(std::process::id(), now() * 1000);
        named.join().unwrap();
        let rows = watcher.finish().map_or(Vec::new(), |it| it.rows);
        let found = rows.iter().any(|row| row.name == "named");
        assert_eq!(found, cfg!(target_os = "linux"), "{rows:?}");
    }
}
