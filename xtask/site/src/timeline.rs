//! A recorded run as a picture, and as a table that says the same.

use std::collections::BTreeSet;
use std::fmt::Write;

use xtask::output::shorten;
use xtask::timeline::{Span, Timeline, human, label, ticks};

use crate::html::{escape, table};
use crate::recording::{Line, ROWS, Recording, Source};

const WIDTH: f64 = 760.0;
const RIGHT: f64 = 12.0;
const ROW: f64 = 22.0;
const TOP: f64 = 8.0;

/// The width of a character of a name, about.
const CHARACTER: f64 = 7.3;

/// What a span has called is this much to the right.
const INDENT: f64 = 12.0;

/// The narrowest bar that can be seen.
const NARROWEST: f64 = 3.0;

/// At most this many lines of output are marked in a picture, and events listed in a table.
const MARKS: usize = 60;
const EVENTS: usize = 160;

/// What the bars of a figure are.
const TASKS: &str = "A bar is a task, or a call, that runs; a thin line is one that waits. Each \
                     thread has a colour.";
const THREADS: &str = "A bar is a thread or process that runs, or is ready to; a thin line is one \
                       that waits. They were looked at from outside, each millisecond.";

const FIRST: &str = " There were more; these are the first.";

/// Something that happened in a run.
struct Event {
    at: u64,
    what: String,
    /// The row of the timeline.
    row: Option<usize>,
    /// The line of the output.
    line: Option<usize>,
}

/// The names of the functions that a timeline shows.
pub fn functions(timeline: &Timeline) -> BTreeSet<String> {
    timeline
        .rows
        .iter()
        .map(|row| function(row).to_owned())
        .collect()
}

fn function(row: &Span) -> &str {
    row.name.split('(').next().unwrap_or_default()
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

/// Whether there were more rows than are drawn.
fn is_cut(timeline: &Timeline) -> bool {
    timeline.rows.len() >= ROWS
}

/// The figure of a recording, whose axis ends at `end` nanoseconds; empty where nothing was
/// recorded.
pub fn figure(recording: &Recording, name: &str, end: u64) -> String {
    let Some(timeline) = &recording.timeline else {
        return String::new();
    };
    let mut timeline = timeline.clone();
    if recording.is_watched {
        // Each thread has the colour of its row.
        for (index, row) in timeline.rows.iter_mut().enumerate() {
            row.polls.iter_mut().for_each(|poll| poll.thread = index);
        }
    }
    let timeline = &timeline;
    let events = events(timeline, &recording.lines);
    let title = format!("Timeline of {name}");
    let mut html = format!(
        "<figure class=\"timeline\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n",
        escape(&title)
    );
    html += "<div class=\"picture\">";
    html += &picture(timeline, &recording.lines, &events, &title, end);
    html += "</div>\n";
    html += "<p class=\"event\" role=\"status\"></p>\n";
    let bars = if recording.is_watched { THREADS } else { TASKS };
    let cut = if is_cut(timeline) { FIRST } else { "" };
    let _ = writeln!(
        html,
        "<figcaption>{bars}{cut} The dots at the bottom are lines of output. <span class=\"needs-js\">\
         Focus the figure and press <kbd>→</kbd> to step from event to event.</span></figcaption>"
    );
    let rows: Vec<Vec<String>> = events.iter().map(cells).collect();
    let _ = write!(
        html,
        "<details><summary>The same as a table: {} events</summary>\n{}\n</details>\n</figure>\n",
        rows.len(),
        table(&format!("Events of {name}"), &["time", "event"], &rows)
    );
    html
}

fn cells(event: &Event) -> Vec<String> {
    let data = |name: &str, value: Option<usize>| {
        value.map_or(String::new(), |value| format!(" data-{name}=\"{value}\""))
    };
    let (row, line) = (data("row", event.row), data("line", event.line));
    vec![
        format!("<span class=\"at\"{row}{line}>{}</span>", human(event.at)),
        escape(&event.what),
    ]
}

/// What happened, in order.
fn events(timeline: &Timeline, lines: &[Line]) -> Vec<Event> {
    let mut events = Vec::new();
    for (index, row) in timeline.rows.iter().enumerate() {
        let mut add = |at, what: String| {
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
        let what = format!("{does}: {}", line.plain());
        events.push(Event {
            at: line.at * 1000,
            what,
            row: None,
            line: Some(index),
        });
    }
    events.sort_by_key(|event| event.at);
    events.truncate(EVENTS);
    events
}

fn picture(timeline: &Timeline, lines: &[Line], events: &[Event], title: &str, end: u64) -> String {
    let longest = timeline
        .rows
        .iter()
        .map(|row| row.name.chars().count() as f64 * CHARACTER + row.depth as f64 * INDENT)
        .fold(0.0, f64::max);
    let left = 12.0 + longest.min(260.0);
    let x = |time: u64| left + time.min(end) as f64 * (WIDTH - left - RIGHT) / end.max(1) as f64;
    let bottom = TOP + ROW * timeline.rows.len() as f64;
    let several = timeline.threads.len() > 1;
    let height = bottom + if several { 64.0 } else { 40.0 };
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">\n",
        escape(title)
    );
    for tick in ticks(end) {
        let at = x(tick);
        let text = label(tick);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text>",
            bottom + 32.0
        );
    }
    // Which event begins each run, and each line of output.
    let event = |row: usize, at: u64| {
        events
            .iter()
            .position(|event| event.row == Some(row) && event.at == at)
    };
    for (index, row) in timeline.rows.iter().enumerate() {
        let middle = TOP + ROW * index as f64 + ROW / 2.0;
        let indent = 8.0 + row.depth as f64 * INDENT;
        let shown = shorten(&row.name, ((left - indent) / CHARACTER) as usize);
        let close = x(row.close.unwrap_or(timeline.end));
        let _ = writeln!(
            svg,
            "<g class=\"row\" data-row=\"{index}\" data-function=\"{}\">\
             <rect class=\"back\" x=\"0\" y=\"{:.1}\" width=\"{WIDTH:.0}\" height=\"{ROW}\"/>\
             <text class=\"name\" x=\"{indent:.1}\" y=\"{:.1}\">{}</text>\
             <line class=\"wait\" x1=\"{:.1}\" y1=\"{middle:.1}\" x2=\"{close:.1}\" y2=\"{middle:.1}\"/>",
            escape(function(row)),
            middle - ROW / 2.0,
            middle + 4.0,
            escape(&shown),
            x(row.open),
        );
        for poll in &row.polls {
            let width = (x(poll.to) - x(poll.from)).max(NARROWEST);
            let from = x(poll.from).min(WIDTH - RIGHT - NARROWEST);
            let number =
                event(index, poll.from).map_or(String::new(), |it| format!(" data-event=\"{it}\""));
            let _ = write!(
                svg,
                "<rect class=\"s{}\"{number} x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\"/>",
                poll.thread % 7,
                middle - 7.0,
            );
        }
        svg += "</g>\n";
    }
    for (number, event) in events
        .iter()
        .enumerate()
        .filter(|(_, it)| it.line.is_some() && it.at <= end)
        .take(MARKS)
    {
        let moves = event
            .line
            .and_then(|line| lines.get(line))
            .map_or("", |line| {
                if line.source == Source::Error {
                    " error"
                } else {
                    ""
                }
            });
        let _ = writeln!(
            svg,
            "<circle class=\"mark{moves}\" data-event=\"{number}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"/>",
            x(event.at),
            bottom + 10.0
        );
    }
    if several {
        svg += &legend(&timeline.threads, left, bottom + 46.0);
    }
    svg + "</svg>\n"
}

/// The colours of the threads, as many as there is room for.
fn legend(threads: &[String], left: f64, top: f64) -> String {
    let mut svg = String::new();
    let mut at = left;
    for (index, thread) in threads.iter().enumerate() {
        let width = 26.0 + 6.2 * thread.chars().count() as f64;
        if at + width > WIDTH {
            let _ = write!(
                svg,
                "<text class=\"small\" x=\"{at:.1}\" y=\"{:.1}\">…</text>",
                top + 9.0
            );
            break;
        }
        let _ = writeln!(
            svg,
            "<rect class=\"s{}\" x=\"{at:.1}\" y=\"{top:.1}\" width=\"10\" height=\"10\"/>\
             <text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            index % 7,
            at + 14.0,
            top + 9.0,
            escape(thread)
        );
        at += width;
    }
    svg
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_figure_has_bars_marks_and_the_same_events_as_a_table() -> anyhow::Result<()> {
        let text = "code a\nruns 1\norders 1\nstatus 0\n\n     1.500 o  a < b\n\n\
                    timeline 4000 main worker\n0 1000 3000 delay(seconds=1): 0 1000-1100 1 2900-3000\n";
        let recording: Recording = text.parse()?;
        let timeline = recording.timeline.as_ref().context("a timeline")?;
        assert_eq!(functions(timeline), ["delay".to_owned()].into());
        let html = figure(&recording, "2.9", 8_000_000);
        assert_eq!(html.matches("height=\"14\"").count(), 2, "{html}");
        assert_eq!(html.matches("<circle").count(), 1);
        assert!(html.contains("delay(seconds=1) begins on main, for 100 µs"));
        assert!(html.contains("prints: a &lt; b"));
        // The second event is the line, the first the bar before it.
        assert!(html.contains("<circle class=\"mark\" data-event=\"1\""));
        assert!(html.contains("The same as a table: 4 events"));
        Ok(())
    }

    #[test]
    fn without_a_timeline_there_is_no_figure() {
        assert_eq!(figure(&Recording::default(), "2.1", 1), "");
    }
}
