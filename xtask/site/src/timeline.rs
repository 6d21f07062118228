//! A recorded run as a picture, and as a table that says the same.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, html};
use xtask_report::svg::timeline::{Mark, inline};
use xtask_report::timeline::{Timeline, human};

use crate::html::table;
use crate::recording::{Line, Recording, Source};

/// At most this many rows of a timeline are kept.
pub const ROWS: usize = 48;

/// At most this many lines of output are marked in a picture, and events listed in a table.
const MARKS: usize = 60;
const EVENTS: usize = 160;

/// What the bars of a figure are.
const TASKS: &str = "A bar is a task, or a call, that runs; a thin line is one that waits. Each \
                     thread has a colour.";
const THREADS: &str = "A bar is a thread or process that runs, or is ready to; a thin line is one \
                       that waits. They were looked at from outside, each millisecond.";

/// Something that happened in a run.
struct Event {
    /// In nanoseconds.
    at: u64,
    what: String,
    /// The row of the timeline.
    row: Option<usize>,
    /// The line of the output, and whether it is an error.
    line: Option<(usize, bool)>,
}

/// The names of the functions that a timeline shows.
pub fn functions(timeline: &Timeline) -> BTreeSet<String> {
    let names = timeline.rows.iter().map(|row| row.function().to_owned());
    names.collect()
}

/// Where the axis of a recording's figure ends, in nanoseconds: with the run, or with the rows that
/// are drawn.
pub fn end(recording: &Recording) -> Option<u64> {
    let timeline = recording.timeline.as_ref()?;
    if is_cut(timeline) {
        return timeline.rows.iter().filter_map(|row| row.close).max();
    }
    let last = recording.lines.iter().map(|line| line.at * 1000).max();
    Some(timeline.end.max(last.unwrap_or(0)))
}

/// Whether there were more rows than were kept.
fn is_cut(timeline: &Timeline) -> bool {
    timeline.rows.len() >= ROWS
}

/// The figure of a recording, whose axis ends at `end` nanoseconds, if a timeline was recorded.
pub fn figure(recording: &Recording, name: &str, end: u64) -> Option<Markup> {
    let timeline = recording.timeline.as_ref()?;
    let events = events(timeline, &recording.lines);
    let marks = events.iter().filter_map(|event| {
        let (_, is_error) = event.line?;
        let at = event.at;
        (at <= end).then_some(Mark { at, is_error })
    });
    let marks: Vec<Mark> = marks.take(MARKS).collect();
    let title = format!("Timeline of {name}");
    let rows: Vec<[Markup; 2]> = events.iter().map(cells).collect();
    Some(html! {
        figure.timeline tabindex="0" role="group" aria-label=(title) {
            div.picture { (PreEscaped(inline(timeline, &title, end, &marks))) }
            p.event role="status" {}
            figcaption {
                @if recording.is_watched { (THREADS) } @else { (TASKS) }
                @if is_cut(timeline) { " There were more; these are the first." }
                " The dots at the bottom are lines of output. "
                span.needs-js {
                    "Focus the figure and press " kbd { "→" } " to step from event to event."
                }
            }
            details {
                summary { "The same as a table: " (rows.len()) " events" }
                (table(&format!("Events of {name}"), ["time", "event"], &rows))
            }
        }
    })
}

fn cells(event: &Event) -> [Markup; 2] {
    let (row, line) = (event.row, event.line.map(|(line, _)| line));
    let at = html! { span.at data-row=[row] data-line=[line] { (human(event.at)) } };
    [at, html! { (event.what) }]
}

/// What happened, in order.
fn events(timeline: &Timeline, lines: &[Line]) -> Vec<Event> {
    let mut events = Vec::new();
    for (index, row) in timeline.rows.iter().enumerate() {
        let mut add = |at, what| {
            events.push(Event {
                at,
                what,
                row: Some(index),
                line: None,
            });
        };
        for (number, poll) in row.polls.iter().enumerate() {
            let thread = timeline.threads.get(poll.thread);
            let thread = thread.map_or(String::new(), |it| format!(" on {it}"));
            let does = if number == 0 { "begins" } else { "goes on" };
            let ran = human(poll.to - poll.from);
            add(poll.from, format!("{} {does}{thread}, for {ran}", row.name));
        }
        if let Some(close) = row.close {
            let (ran, lived) = (human(row.ran()), human(row.lived(timeline.end)));
            add(close, format!("{} ends; it ran for {ran} of {lived}", row.name));
        }
    }
    for (index, line) in lines.iter().enumerate() {
        let does = match line.source {
            Source::Output => "prints",
            Source::Error => "prints on stderr",
            Source::Sent => "is told",
            Source::Received => "answers",
            Source::Caption | Source::Screen => continue,
        };
        events.push(Event {
            at: line.at * 1000,
            what: format!("{does}: {}", line.plain()),
            row: None,
            line: Some((index, line.source == Source::Error)),
        });
    }
    events.sort_by_key(|event| event.at);
    events.truncate(EVENTS);
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask_report::timeline::{Poll, Span};

    #[test]
    fn a_figure_has_bars_marks_and_the_same_events_as_a_table() {
        let poll = |from, to| Poll {
            from,
            to,
            thread: 0,
        };
        let recording = Recording {
            lines: vec![Line {
                at: 1500,
                text: "a < b".into(),
                ..Line::default()
            }],
            timeline: Some(Timeline {
                rows: vec![Span {
                    name: "delay(seconds=1)".into(),
                    depth: 0,
                    open: 0,
                    close: Some(3_000_000),
                    polls: vec![poll(0, 100_000), poll(2_900_000, 3_000_000)],
                }],
                threads: vec!["main".into()],
                end: 4_000_000,
            }),
            ..Recording::default()
        };
        assert_eq!(end(&recording), Some(4_000_000));
        let html = figure(&recording, "2.9", 8_000_000).unwrap_or_default();
        let html = html.into_string();
        assert_eq!(html.matches("class=\"bar ").count(), 2, "{html}");
        assert_eq!(html.matches("<circle class=\"mark\"").count(), 1);
        assert!(html.contains("delay(seconds=1) begins on main, for 100 µs"));
        assert!(html.contains("data-line=\"0\">2 ms</span></td><td>prints: a &lt; b"));
        assert!(html.contains("The same as a table: 4 events"));
        assert!(figure(&Recording::default(), "2.1", 1).is_none());
    }
}
