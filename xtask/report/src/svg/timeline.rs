//! A timeline as a figure: a bar where a span ran, a line where it waited, a colour for each
//! thread.

use super::kit::{self, ROW, TOP, WIDTH, escape, line, rect, series, text};
use crate::text::{length, shorten};
use crate::timeline::{Span, Timeline, human, ticks};

/// Where the axis ends.
const RIGHT: f64 = WIDTH - 40.0;

/// The height of the title, and of the axis.
const TITLE: f64 = 32.0;
const LABELS: f64 = 16.0;

/// The widest column of names.
const WIDEST: f64 = 300.0;

/// The width of a character of a name, about.
const CHARACTER: f64 = 7.4;

/// The legend has room for this many threads.
const THREADS: usize = 6;

/// What a span has called is this much to the right.
const INDENT: f64 = 14.0;

/// What ran for less can still be seen.
const LEAST: f64 = 3.0;

/// Something that happened beside the spans, such as a line of output: a dot below them.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// When, in nanoseconds.
    pub at: u64,
    /// Whether it was an error.
    pub is_error: bool,
}

/// A figure that is a file of its own.
pub fn file(timeline: &Timeline, title: &str) -> String {
    let (height, body) = paint(timeline, TITLE, timeline.end, &[]);
    let heading = text("title", "start", [8.0, 20.0], title);
    kit::file(title, height, &(heading + &body))
}

/// A figure within a page that has the style. Its axis ends at `end` nanoseconds.
///
/// Each row is a `g.row` with the name of its function in `data-function`, and its bars are
/// `rect.bar`, in the order of the span's polls; the dots are `circle.mark`, in the order of
/// `marks`.
pub fn inline(timeline: &Timeline, title: &str, end: u64, marks: &[Mark]) -> String {
    let (height, body) = paint(timeline, 0.0, end, marks);
    kit::inline(title, height, &body)
}

/// Paints below `top`: how high it has become, and its elements.
fn paint(timeline: &Timeline, top: f64, end: u64, marks: &[Mark]) -> (f64, String) {
    let (rows, more) = timeline.shown();
    let names = rows
        .iter()
        .map(|row| indent(row) + CHARACTER * length(&row.name) as f64);
    let left = 8.0 + names.fold(0.0, f64::max).min(WIDEST);
    let scale = (RIGHT - left) / end.max(1) as f64;
    let x = |time: u64| left + time.min(end) as f64 * scale;
    let top = top + TOP;
    let bottom = top + ROW * rows.len() as f64;
    // The axis is below the dots.
    let dots = if marks.is_empty() { 0.0 } else { LABELS };
    let labels = bottom + dots + LABELS;
    let mut body = String::new();
    for tick in ticks(end) {
        let label = if tick == 0 {
            "0".to_owned()
        } else {
            human(tick)
        };
        body += &line("grid", [x(tick), top - 6.0], [x(tick), bottom]);
        body += &text("small", "middle", [x(tick), labels], &label);
    }
    for (index, row) in rows.iter().enumerate() {
        let close = row.close.unwrap_or(timeline.end);
        body += &paint_row(row, close, top + ROW * index as f64, left, &x);
    }
    for mark in marks {
        let class = if mark.is_error { "mark error" } else { "mark" };
        let (x, y) = (x(mark.at), bottom + 10.0);
        body += &format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>\n");
    }
    if more > 0 {
        body += &text("small", "start", [8.0, labels], &format!("and {more} more"));
    }
    let threads = timeline.threads.iter().take(THREADS);
    for (index, thread) in threads.enumerate().filter(|_| timeline.threads.len() > 1) {
        let (x, y) = (8.0 + WIDTH / THREADS as f64 * index as f64, labels + 22.0);
        body += &rect(&series(index), [x, y - 9.0], [10.0, 10.0]);
        body += &text("small", "start", [x + 14.0, y], thread);
    }
    (labels + 36.0, body)
}

/// A row from `top`, whose names have room up to `left`, and whose line ends at `close`.
fn paint_row(row: &Span, close: u64, top: f64, left: f64, x: &dyn Fn(u64) -> f64) -> String {
    let middle = top + ROW / 2.0;
    let name = shorten(&row.name, ((left - indent(row)) / CHARACTER) as usize);
    let mut body = format!(
        "<g class=\"row\" data-function=\"{}\">\n",
        escape(row.function())
    );
    body += &rect("back", [0.0, top], [WIDTH, ROW]);
    body += &text("code", "start", [indent(row), middle + 4.0], &name);
    body += &line("wait", [x(row.open), middle], [x(close), middle]);
    for poll in &row.polls {
        let width = (x(poll.to) - x(poll.from)).max(LEAST);
        // What ran last, and briefly, stays within the figure.
        let from = x(poll.from).min(RIGHT - LEAST);
        let class = format!("bar {}", series(poll.thread));
        body += &rect(&class, [from, middle - 7.0], [width, 14.0]);
    }
    body + "</g>\n"
}

/// Where the name of a row begins.
fn indent(row: &Span) -> f64 {
    8.0 + INDENT * row.depth as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Poll;

    #[test]
    fn each_poll_is_a_bar_each_life_a_line_and_a_page_has_marks_and_its_own_style() {
        let poll = |from, to, thread| Poll { from, to, thread };
        let row = Span {
            name: "a<b>(n=1)".into(),
            depth: 1,
            open: 0,
            close: None,
            polls: vec![poll(0, 1, 0), poll(999, 1000, 1)],
        };
        let timeline = Timeline {
            rows: vec![row],
            threads: vec!["main".into(), "worker".into()],
            end: 1000,
        };
        let mark = |at, is_error| Mark { at, is_error };
        let marks = [mark(500, false), mark(2000, true)];
        let svg = inline(&timeline, "A \"B\"", 2000, &marks);
        for (part, count) in [
            ("class=\"bar s", 2),
            ("class=\"wait\"", 1),
            ("class=\"mark", 2),
            ("<g class=\"row\" data-function=\"a&lt;b&gt;\">", 1),
            ("aria-label=\"A &quot;B&quot;\"", 1),
            (">worker<", 1),
            ("<style>", 0),
        ] {
            assert_eq!(svg.matches(part).count(), count, "{part} in {svg}");
        }
        assert!(file(&timeline, "A & B").contains(">A &amp; B</text>"));
    }
}
