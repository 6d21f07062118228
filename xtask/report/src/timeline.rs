//! The recording of a listing, as rows of a timeline.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::text::time;

/// The largest number of rows to draw; a trace has them all.
const MOST: usize = 64;

/// The life of each span of a run.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Timeline {
    /// The spans, sorted by start; the calls of a span come after it.
    pub rows: Vec<Span>,
    /// The threads on which they ran, in the order of their first appearance.
    pub threads: Vec<String>,
    /// The time of the last event, in nanoseconds.
    pub end: u64,
}

/// One span: a task, a future within one, or a function call. Times are in nanoseconds since
/// recording began.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Span {
    /// The name of the function and its arguments.
    pub name: String,
    /// How many spans enclose it.
    pub depth: usize,
    /// When it began.
    pub open: u64,
    /// When it ended; `None` if the recording ended first.
    pub close: Option<u64>,
    /// When it ran.
    pub polls: Vec<Poll>,
}

/// A period in which a span ran.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Poll {
    /// The start.
    pub from: u64,
    /// The end.
    pub to: u64,
    /// The index of the thread in the timeline's list.
    pub thread: usize,
}

impl Span {
    /// The name of its function, without the arguments.
    pub fn function(&self) -> &str {
        self.name.split('(').next().unwrap_or_default()
    }

    /// How long it ran, in nanoseconds.
    pub fn ran(&self) -> u64 {
        self.polls.iter().map(|poll| poll.to - poll.from).sum()
    }

    /// How long it lived, in nanoseconds, in a recording that ended at `end`.
    pub fn lived(&self, end: u64) -> u64 {
        self.close.unwrap_or(end).saturating_sub(self.open)
    }
}

impl Timeline {
    /// Reads what `util::timeline` has recorded. A killed program may have left half a line at the
    /// end, which is skipped.
    pub fn read(text: &str) -> Self {
        let mut timeline = Self::default();
        // A span's number may be used again when it has closed.
        let mut open: HashMap<&str, usize> = HashMap::new();
        // Each with the places of those that have called it, and its own.
        let mut rows: Vec<(Vec<usize>, Span)> = Vec::new();
        let (text, _) = text.rsplit_once('\n').unwrap_or_default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["open", span, parent, at, name, ref arguments @ ..] => {
                    let parent = open.get(parent);
                    let mut path = parent.map_or_else(Vec::new, |row| rows[*row].0.clone());
                    open.insert(span, rows.len());
                    let opened = Span {
                        name: format!("{name}({})", arguments.join(" ")),
                        depth: path.len(),
                        open: timeline.at(at),
                        close: None,
                        polls: Vec::new(),
                    };
                    path.push(rows.len());
                    rows.push((path, opened));
                }
                ["poll", span, from, to, ref thread @ ..] => {
                    let (from, to) = (timeline.at(from), timeline.at(to));
                    let thread = timeline.thread(thread.join(" "));
                    if let Some(&row) = open.get(span) {
                        rows[row].1.polls.push(Poll { from, to, thread });
                    }
                }
                ["close", span, at] => {
                    let at = timeline.at(at);
                    if let Some(row) = open.remove(span) {
                        rows[row].1.close = Some(at);
                    }
                }
                _ => {}
            }
        }
        // What a span has called comes after it.
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        timeline.rows = rows.into_iter().map(|(_, row)| row).collect();
        timeline
    }

    /// The rows to draw, and the number of the rest.
    pub fn shown(&self) -> (&[Span], usize) {
        let shown = self.rows.len().min(MOST);
        (&self.rows[..shown], self.rows.len() - shown)
    }

    /// The time of an event, in nanoseconds.
    fn at(&mut self, word: &str) -> u64 {
        let at = word.parse().unwrap_or(0);
        self.end = self.end.max(at);
        at
    }

    fn thread(&mut self, name: String) -> usize {
        let known = self.threads.iter().position(|thread| *thread == name);
        known.unwrap_or_else(|| {
            self.threads.push(name);
            self.threads.len() - 1
        })
    }
}

/// Nanoseconds as people say them.
pub fn human(nanoseconds: u64) -> String {
    time(nanoseconds as f64 / 1e9)
}

/// The ticks of an axis that ends at `end` nanoseconds, about five to ten, at multiples of 1, 2 or
/// 5 times a power of ten.
pub fn ticks(end: u64) -> Vec<u64> {
    let power = 10_u64.pow(end.max(1).ilog10());
    let step = match end / power {
        0..2 => power / 5,
        2..5 => power / 2,
        _ => power,
    };
    let step = step.max(1);
    (0..=end / step).map(|tick| tick * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDING: &str = "begin 100
open 1 0 0 main 
open 2 0 1000 delay seconds=1, name=\"a b\"
open 3 1 2000 inner 
poll 3 2000 3000 worker 2
close 3 3000
poll 1 0 4000 main
poll 9 0 4000 main
open 3 2 5000 again 
poll 1 8000 9000 main
close 1 9";

    #[test]
    fn what_a_span_has_called_comes_after_it() {
        let timeline = Timeline::read(RECORDING);
        let rows = timeline.rows.iter().map(|row| (&*row.name, row.depth));
        let expected = [
            ("main()", 0),
            ("inner()", 1),
            ("delay(seconds=1, name=\"a b\")", 0),
            ("again()", 1),
        ];
        assert_eq!(Vec::from_iter(rows), expected);
        assert_eq!(timeline.threads, ["worker 2", "main"]);
        assert_eq!(timeline.end, 9000);
        // It never closed, because the recording ended first.
        let [main, inner] = [0, 1].map(|it| &timeline.rows[it]);
        assert_eq!((main.ran(), main.lived(timeline.end)), (5000, 9000));
        assert_eq!((inner.close, inner.ran()), (Some(3000), 1000));
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(3_000_000_000).len(), 7);
        assert_eq!(ticks(9).len(), 10);
        assert_eq!(ticks(0), [0]);
        for end in [1, 10, 99, 12_345, 1_234_567_890, u64::MAX / 2] {
            let ticks = ticks(end);
            assert!((2..=10).contains(&ticks.len()), "{end}: {ticks:?}");
        }
    }
}
