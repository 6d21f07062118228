//! How far the bench is, and about how long it will take.

use std::collections::HashMap;
use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the terminal; nothing where stderr is none.
///
/// What each part takes is known from the last time, which is kept beside the binaries; a part
/// that was never measured is taken for as long as its budget.
pub struct Progress {
    bar: ProgressBar,
    file: PathBuf,
    /// Seconds that each part took the last time.
    known: HashMap<String, f64>,
    /// The parts that are left, the one under way first, with their seconds.
    left: Vec<(String, f64)>,
    total: f64,
    since: Instant,
}

impl Progress {
    /// All `parts`, each with the seconds that it may take, and the file that knows better.
    pub fn new(parts: Vec<(String, f64)>, file: PathBuf) -> Self {
        // Without what was known, budgets must do.
        let known: HashMap<String, f64> = fs::read(&file)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        let left: Vec<_> = parts
            .into_iter()
            .map(|(name, budget)| {
                let seconds = known.get(&name).copied().unwrap_or(budget);
                (name, seconds)
            })
            .collect();
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(1000)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg}") {
            bar.set_style(style);
        }
        Self {
            bar,
            file,
            known,
            total: left.iter().map(|(_, seconds)| seconds).sum(),
            left,
            since: Instant::now(),
        }
    }

    /// Says what is run next.
    pub fn step(&self, what: &str) {
        let passed = self.since.elapsed().as_secs_f64();
        let left = self.seconds_left(passed);
        let done = 1.0 - left / self.total.max(0.001);
        self.bar
            .set_position((done.clamp(0.0, 1.0) * 1000.0) as u64);
        let part = self.left.first().map_or("", |(name, _)| name);
        self.bar
            .set_message(format!("{part}: {what} (about {} left)", human(left)));
    }

    fn seconds_left(&self, passed: f64) -> f64 {
        let mut parts = self.left.iter().map(|(_, seconds)| seconds);
        let current = parts
            .next()
            .map_or(0.0, |seconds| (seconds - passed).max(0.0));
        current + parts.sum::<f64>()
    }

    /// The part under way is done.
    pub fn done(&mut self) {
        if !self.left.is_empty() {
            let (name, _) = self.left.remove(0);
            self.known.insert(name, self.since.elapsed().as_secs_f64());
        }
        self.since = Instant::now();
    }

    /// Takes the bar away and keeps what was learnt.
    pub fn finish(self) {
        self.bar.finish_and_clear();
        if let Ok(text) = serde_json::to_vec(&self.known) {
            // Not worth an error: the next estimate is a little worse.
            let _ = fs::write(&self.file, text);
        }
    }
}

/// `40 s`, `3 min`.
fn human(seconds: f64) -> String {
    let whole = Duration::from_secs_f64(seconds.max(0.0)).as_secs();
    match whole {
        0..100 => format!("{whole} s"),
        _ => format!("{} min", whole.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_shrinks_with_time_and_with_what_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("times.json");
        let parts = || vec![("a".to_owned(), 10.0), ("b".to_owned(), 20.0)];
        let mut progress = Progress::new(parts(), file.clone());
        assert_eq!(progress.seconds_left(0.0), 30.0);
        assert_eq!(progress.seconds_left(4.0), 26.0);
        // Longer than thought, but never less than nothing.
        assert_eq!(progress.seconds_left(15.0), 20.0);
        progress.done();
        assert_eq!(progress.seconds_left(0.0), 20.0);
        progress.finish();
        // The next time it is known how long "a" takes.
        assert!(Progress::new(parts(), file).seconds_left(0.0) < 21.0);
    }

    #[test]
    fn times_are_said_as_people_do() {
        assert_eq!(human(0.4), "0 s");
        assert_eq!(human(99.0), "99 s");
        assert_eq!(human(130.0), "3 min");
    }
}
