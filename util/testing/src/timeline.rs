//! The recorded timeline of a listing, which shows a test the overlap without a clock.

use std::collections::{HashMap, HashSet};

use snapbox::cmd::{Command, OutputAssert};
use util::timeline::{Event, Open, Poll};

/// The spans that a run of a listing recorded.
#[derive(Debug)]
pub struct Timeline {
    spans: Vec<Span>,
}

#[derive(Debug)]
struct Span {
    opened: Open,
    closed: u64,
    polls: Vec<Poll>,
}

impl Timeline {
    /// Runs `listing` and returns its recording and its outcome.
    #[must_use]
    #[track_caller]
    pub fn record(listing: Command) -> (Self, OutputAssert) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("timeline.jsonl");
        let ended = listing.env("TIMELINE", &path).assert();
        let recorded = std::fs::read_to_string(path).unwrap();
        (Self::read(&recorded), ended)
    }

    fn read(recorded: &str) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        // A number may be used again when its span has closed.
        let mut open: HashMap<u64, usize> = HashMap::new();
        for line in recorded.lines() {
            match serde_json::from_str(line).unwrap() {
                Event::Begin { .. } => {}
                Event::Open(opened) => {
                    open.insert(opened.span, spans.len());
                    let (closed, polls) = (u64::MAX, Vec::new());
                    spans.push(Span {
                        opened,
                        closed,
                        polls,
                    });
                }
                Event::Poll(poll) => spans[open[&poll.span]].polls.push(poll),
                Event::Close { span, at } => spans[open[&span]].closed = at,
            }
        }
        Self { spans }
    }

    /// How many spans with this name there are.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.named(name).count()
    }

    /// The arguments of the spans with this name, in the order in which they opened.
    #[must_use]
    pub fn arguments(&self, name: &str) -> Vec<&str> {
        let spans = self.named(name);
        spans.map(|span| &*span.opened.arguments).collect()
    }

    /// The largest number of spans with this name that were open at once. Tasks that wait together
    /// count.
    #[must_use]
    pub fn most_open(&self, name: &str) -> usize {
        most(self.named(name).map(|span| (span.opened.at, span.closed)))
    }

    /// The largest number of spans with this name that ran at once, which needs threads.
    #[must_use]
    pub fn most_running(&self, name: &str) -> usize {
        most(self.polls(name).map(|poll| (poll.from, poll.to)))
    }

    /// On how many threads spans with this name ran.
    #[must_use]
    pub fn threads(&self, name: &str) -> usize {
        let threads: HashSet<_> = self.polls(name).map(|poll| &poll.thread).collect();
        threads.len()
    }

    /// How often each span with this name was polled, in the order in which they opened.
    #[must_use]
    pub fn polls_of_each(&self, name: &str) -> Vec<usize> {
        self.named(name).map(|span| span.polls.len()).collect()
    }

    /// Whether every span named `first` closed before any span named `second` opened.
    #[must_use]
    pub fn in_turn(&self, first: &str, second: &str) -> bool {
        let closed = self.named(first).map(|span| span.closed).max();
        let opened = self.named(second).map(|span| span.opened.at).min();
        closed
            .zip(opened)
            .is_some_and(|(closed, opened)| closed <= opened)
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Span> {
        self.spans
            .iter()
            .filter(move |span| span.opened.name == name)
    }

    fn polls(&self, name: &str) -> impl Iterator<Item = &Poll> {
        self.named(name).flat_map(|span| &span.polls)
    }
}

/// The largest number of these periods that overlap.
fn most(stretches: impl Iterator<Item = (u64, u64)>) -> usize {
    // An end sorts before a beginning at the same time, because those do not overlap.
    let mut changes: Vec<(u64, isize)> = stretches
        .flat_map(|(from, to)| [(from, 1), (to, -1)])
        .collect();
    changes.sort_unstable();
    let mut now = 0;
    let most = changes.iter().map(|(_, change)| {
        now += change;
        now
    });
    most.max().unwrap_or(0).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_together_is_not_running_together() {
        let timeline = Timeline::read(
            r#"{"event":"open","span":1,"parent":null,"name":"delay","arguments":"seconds=3","at":0}
{"event":"poll","span":1,"thread":"main","from":0,"to":1}
{"event":"open","span":2,"parent":null,"name":"delay","arguments":"seconds=2","at":1}
{"event":"poll","span":2,"thread":"main","from":1,"to":2}
{"event":"close","span":2,"at":5}
{"event":"close","span":1,"at":5}
{"event":"open","span":1,"parent":null,"name":"delay","arguments":"seconds=1","at":5}
{"event":"poll","span":1,"thread":"worker 2","from":5,"to":6}"#,
        );
        assert_eq!(timeline.count("delay"), 3);
        assert_eq!(
            timeline.arguments("delay"),
            ["seconds=3", "seconds=2", "seconds=1"]
        );
        assert_eq!(timeline.most_open("delay"), 2);
        assert_eq!(timeline.most_running("delay"), 1);
        assert_eq!(timeline.threads("delay"), 2);
        assert_eq!(timeline.polls_of_each("delay"), [1, 1, 1]);
        assert_eq!(timeline.most_open("none"), 0);
        assert!(!timeline.in_turn("delay", "delay") && !timeline.in_turn("none", "delay"));
    }
}
