//! The recorded timeline of a listing, which shows a test the overlap without a clock.

use std::collections::{HashMap, HashSet};

use snapbox::cmd::{Command, OutputAssert};

/// The spans that a run of a listing recorded.
#[derive(Debug)]
pub struct Timeline {
    spans: Vec<Span>,
}

#[derive(Debug)]
struct Span {
    name: String,
    arguments: String,
    opened: u64,
    closed: u64,
    polls: Vec<Poll>,
}

#[derive(Debug)]
struct Poll {
    thread: String,
    from: u64,
    to: u64,
}

impl Timeline {
    /// Runs `listing` and returns its recording and its outcome.
    #[must_use]
    #[track_caller]
    pub fn record(listing: Command) -> (Self, OutputAssert) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("timeline.txt");
        let ended = listing.env("TIMELINE", &path).assert();
        let recorded = std::fs::read_to_string(path).unwrap();
        (Self::read(&recorded), ended)
    }

    fn read(recorded: &str) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        // A number may be used again when its span has closed.
        let mut open: HashMap<&str, usize> = HashMap::new();
        for line in recorded.lines() {
            let number = |word: &str| word.parse::<u64>().unwrap();
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["begin", _] => {}
                ["open", span, _, at, name, ref arguments @ ..] => {
                    open.insert(span, spans.len());
                    spans.push(Span {
                        name: name.to_owned(),
                        arguments: arguments.join(" "),
                        opened: number(at),
                        closed: u64::MAX,
                        polls: Vec::new(),
                    });
                }
                ["poll", span, from, to, ref thread @ ..] => {
                    let (from, to, thread) = (number(from), number(to), thread.join(" "));
                    spans[open[span]].polls.push(Poll { thread, from, to });
                }
                ["close", span, at] => spans[open[span]].closed = number(at),
                _ => panic!("not a line of a timeline: {line}"),
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
        spans.map(|span| &*span.arguments).collect()
    }

    /// The largest number of spans with this name that were open at once. Tasks that wait together
    /// count.
    #[must_use]
    pub fn most_open(&self, name: &str) -> usize {
        most(self.named(name).map(|span| (span.opened, span.closed)))
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
        let opened = self.named(second).map(|span| span.opened).min();
        closed
            .zip(opened)
            .is_some_and(|(closed, opened)| closed <= opened)
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(move |span| span.name == name)
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
            "open 1 0 0 delay seconds=3
poll 1 0 1 main
open 2 0 1 delay seconds=2
poll 2 1 2 main
close 2 5
close 1 5
open 1 0 5 delay seconds=1
poll 1 5 6 worker 2",
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
