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
    to: To,
}

/// What it happened to, by its place.
#[derive(Clone, Copy)]
enum To {
    Row(usize),
    Line(usize, Source),
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
    let marks = events.iter().filter_map(|event| match event.to {
        To::Line(_, source) if event.at <= end => Some(Mark {
            at: event.at,
            is_error: source == Source::Error,
        }),
        _ => None,
    });
    let marks: Vec<Mark> = marks.take(MARKS).collect();
    let title = format!("Timeline of {name}");
    let rows = events.iter().map(|event| {
        let (row, line) = match event.to {
            To::Row(row) => (Some(row), None),
            To::Line(line, _) => (None, Some(line)),
        };
        let at = html! { span.at data-row=[row] data-line=[line] { (human(event.at)) } };
        [at, html! { (event.what) }]
    });
    let rows: Vec<[Markup; 2]> = rows.collect();
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

/// What happened, in order.
fn events(timeline: &Timeline, lines: &[Line]) -> Vec<Event> {
    let mut events = Vec::new();
    for (index, row) in timeline.rows.iter().enumerate() {
        let to = To::Row(index);
        let mut add = |at, what| events.push(Event { at, what, to });
        for (number, poll) in row.polls.iter().enumerate() {
            let thread = timeline.threads.get(poll.thread);
            let thread = thread.map_or(String::new(), |it| format!(" on {it}"));
            let does = if number == 0 { "begins" } else { "goes on" };
            let ran = human(poll.to - poll.from);
            add(poll.from, format!("{} {does}{thread}, for {ran}", row.name));
        }
        if let Some(close) = row.close {
            let (ran, lived) = (human(row.ran()), human(row.lived(timeline.end)));
            add(
                close,
                format!("{} ends; it ran for {ran} of {lived}", row.name),
            );
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
        let (at, to) = (line.at * 1000, To::Line(index, line.source));
        let what = format!("{does}: {}", line.plain());
        events.push(Event { at, what, to });
    }
    events.sort_by_key(|event| event.at);
    events.truncate(EVENTS);
    events
}
