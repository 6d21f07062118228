//! A recorded run as a picture, and as a table that says the same.

use maud::{Markup, PreEscaped, html};
use xtask_report::svg::timeline::{Mark, inline};
use xtask_report::timeline::{Timeline, human};

use crate::html::{scrolls, table};
use crate::recording::{Line, Recording, Source};

/// Timelines that are shown together share an axis unless one is this many times as long as
/// another.
const SAME_AXIS: u64 = 40;

/// At most this many rows of a timeline are kept.
pub const ROWS: usize = 48;

/// An argument that is longer than this, and the same in all rows of a function, is left out.
const LONG: usize = 20;

/// At most this many lines of output are marked in a picture, and events listed in a table.
const MARKS: usize = 60;
const EVENTS: usize = 160;

/// What the bars of a figure are.
const TASKS: &str = "A bar is a task, or a call, that runs; a thin line is one that waits. Each \
                     thread has a colour.";
const THREADS: &str = "A bar is a thread or process that runs, or is ready to; a thin line is one \
                       that waits. They were looked at from outside, each millisecond.";

/// Something that happened in a run: when, in nanoseconds, what, and the row or the line that it
/// happened to.
type Event = (u64, String, Option<usize>, Option<usize>);

/// A timeline as it is shown: without long arguments that are the same in all rows of a function.
fn labelled(timeline: &Timeline) -> Timeline {
    let mut shown = timeline.clone();
    for (row, full) in shown.rows.iter_mut().zip(&timeline.rows) {
        let same = timeline.rows.iter();
        let same = same.filter(|it| it.function() == full.function());
        let (_, arguments) = full.name.split_once('(').unwrap_or_default();
        let (arguments, _) = arguments.rsplit_once(')').unwrap_or_default();
        for argument in arguments.split(", ").filter(|it| it.len() > LONG) {
            if same.clone().all(|it| it.name.contains(argument)) {
                row.name = row.name.replacen(argument, "", 1);
            }
        }
        row.name = row.name.replace("(, ", "(").replace(", )", ")");
    }
    shown
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

/// Where the axis ends that the figures of `recordings` share, if they share one.
pub fn shared_end<'a>(recordings: impl Iterator<Item = &'a Recording>) -> Option<u64> {
    let ends = Vec::from_iter(recordings.filter_map(end));
    let (longest, shortest) = (*ends.iter().max()?, *ends.iter().min()?);
    (longest <= SAME_AXIS * shortest.max(1)).then_some(longest)
}

/// Whether there were more rows than were kept.
fn is_cut(timeline: &Timeline) -> bool {
    timeline.rows.len() >= ROWS
}

/// The picture of a recording, whose axis ends at `end` nanoseconds or with it, if a timeline was
/// recorded.
pub fn picture(recording: &Recording, title: &str, end: Option<u64>) -> Option<Markup> {
    let timeline = labelled(recording.timeline.as_ref()?);
    let end = end.or_else(|| self::end(recording))?;
    let lines = recording.lines.iter();
    let marks = lines.filter(|line| does(line.source).is_some());
    let marks = marks.map(|line| Mark {
        at: line.at * 1000,
        is_error: line.source == Source::Error,
    });
    let mut marks: Vec<Mark> = marks.filter(|mark| mark.at <= end).collect();
    marks.sort_by_key(|mark| mark.at);
    marks.truncate(MARKS);
    let svg = PreEscaped(inline(&timeline, title, end, &marks));
    Some(scrolls("picture", title, &svg))
}

/// The picture with its events, to step through.
pub fn figure(recording: &Recording, name: &str, end: Option<u64>) -> Option<Markup> {
    let title = format!("Timeline of {name}");
    let picture = picture(recording, &title, end)?;
    let timeline = &labelled(recording.timeline.as_ref()?);
    let events = events(timeline, &recording.lines);
    let rows = events.iter().map(|(at, what, row, line)| {
        let at = html! { span.at data-row=[row] data-line=[line] { (human(*at)) } };
        vec![at, html! { (what) }]
    });
    let rows: Vec<Vec<Markup>> = rows.collect();
    Some(html! {
        figure.timeline tabindex="0" role="group" aria-label=(title) {
            (picture)
            p.event role="status" {}
            figcaption {
                @if timeline.threads.is_empty() { (THREADS) } @else { (TASKS) }
                @if is_cut(timeline) { " There were more; these are the first." }
                " The dots at the bottom are lines of output. "
                span.needs-js {
                    "Focus the figure and press " kbd { "→" } " to step from event to event."
                }
            }
            details {
                summary { "The same as a table: " (rows.len()) " events" }
                (table(&format!("Events of {name}"), &["time", "event"], &rows))
            }
        }
    })
}

/// What happened, in order.
fn events(timeline: &Timeline, lines: &[Line]) -> Vec<Event> {
    let mut events = Vec::new();
    for (index, row) in timeline.rows.iter().enumerate() {
        let mut add = |at, what| events.push((at, what, Some(index), None));
        for (number, poll) in row.polls.iter().enumerate() {
            let thread = timeline.threads.get(poll.thread);
            let thread = thread.map_or(String::new(), |it| format!(" on {it}"));
            let does = if number == 0 { "begins" } else { "goes on" };
            let ran = human(poll.to - poll.from);
            add(poll.from, format!("{} {does}{thread}, for {ran}", row.name));
        }
        if let Some(close) = row.close {
            let (ran, lived) = (human(row.ran()), human(row.lived(timeline.end)));
            let what = format!("{} ends; it ran for {ran} of {lived}", row.name);
            add(close, what);
        }
    }
    for (index, line) in lines.iter().enumerate() {
        if let Some(does) = does(line.source) {
            let what = format!("{does}: {}", line.plain());
            events.push((line.at * 1000, what, None, Some(index)));
        }
    }
    events.sort_by_key(|(at, ..)| *at);
    events.truncate(EVENTS);
    events
}

/// What a line says that the program does.
fn does(source: Source) -> Option<&'static str> {
    match source {
        Source::Output => Some("prints"),
        Source::Error => Some("prints on stderr"),
        Source::Sent => Some("is told"),
        Source::Received => Some("answers"),
        Source::Caption | Source::Screen => None,
    }
}
