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

/// A line of the recording: a span opens, runs or closes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    event: String,
    span: u64,
    parent: Option<u64>,
    name: String,
    arguments: String,
    thread: String,
    at: u64,
    from: u64,
    to: u64,
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
    /// Reads a recording. It skips an incomplete line, such as the last line of a killed program.
    pub fn read(text: &str) -> Self {
        let mut timeline = Self::default();
        // A span's number may be used again when it has closed.
        let mut open: HashMap<u64, usize> = HashMap::new();
        // Each with the places of those that have called it, and its own.
        let mut rows: Vec<(Vec<usize>, Span)> = Vec::new();
        let event = |line| serde_json::from_str::<Event>(line).ok();
        for it in text.lines().filter_map(event) {
            timeline.end = timeline.end.max(it.at).max(it.to);
            if it.event == "open" {
                let parent = it.parent.and_then(|parent| open.get(&parent));
                let mut path = parent.map_or_else(Vec::new, |row| rows[*row].0.clone());
                let span = Span {
                    name: format!("{}({})", it.name, it.arguments),
                    depth: path.len(),
                    open: it.at,
                    close: None,
                    polls: Vec::new(),
                };
                open.insert(it.span, rows.len());
                path.push(rows.len());
                rows.push((path, span));
            } else if let Some(&row) = open.get(&it.span) {
                let (_, span) = &mut rows[row];
                if it.event == "close" {
                    span.close = Some(it.at);
                    open.remove(&it.span);
                } else {
                    let (from, to, thread) = (it.from, it.to, timeline.thread(it.thread));
                    span.polls.push(Poll { from, to, thread });
                }
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

    const RECORDING: &str = r#"
{"event":"open","span":1,"parent":null,"name":"main","arguments":"","at":0}
{"event":"open","span":2,"parent":null,"name":"delay","arguments":"seconds=1","at":1000}
{"event":"open","span":3,"parent":1,"name":"inner","arguments":"","at":2000}
{"event":"poll","span":3,"thread":"worker","from":2000,"to":3000}
{"event":"close","span":3,"at":3000}
{"event":"poll","span":1,"thread":"main","from":0,"to":4000}
{"event":"poll","span":9,"thread":"main","from":0,"to":4000}
{"event":"open","span":3,"parent":2,"name":"again","arguments":"","at":5000}
{"event":"poll","span":1,"thread":"main","from":8000,"to":9000}
{"event":"clo"#;

    #[test]
    fn what_a_span_has_called_comes_after_it() {
        let timeline = Timeline::read(RECORDING);
        let rows = timeline.rows.iter().map(|row| (&*row.name, row.depth));
        let expected = [
            ("main()", 0),
            ("inner()", 1),
            ("delay(seconds=1)", 0),
            ("again()", 1),
        ];
        assert_eq!(Vec::from_iter(rows), expected);
        assert_eq!(timeline.threads, ["worker", "main"]);
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
