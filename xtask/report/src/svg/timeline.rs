//! A timeline as a figure: a bar where a span ran, a line where it waited, a colour for each
//! thread.

use crate::svg::kit::{Svg, series};
use crate::text::shorten;
use crate::timeline::{Span, Timeline, label, ticks};

const WIDTH: f64 = 760.0;
const RIGHT: f64 = 40.0;
const TITLE: f64 = 32.0;
const TOP: f64 = 8.0;
const ROW: f64 = 24.0;

/// The widest column of names.
const WIDEST: f64 = 300.0;

/// The width of a character of a name, about.
const CHARACTER: f64 = 7.4;

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
    let mut svg = Svg::default();
    svg.text("title", 8.0, 20.0, title);
    svg.origin(0.0, TITLE);
    let height = paint(&mut svg, timeline, timeline.end, &[]);
    svg.finish(title, WIDTH, TITLE + height)
}

/// A figure within a page that has the style. Its axis ends at `end` nanoseconds.
///
/// Each row is a `g.row` with the name of its function in `data-function`, and its bars are
/// `rect.bar`, in the order of the span's polls; the dots are `circle.mark`, in the order of
/// `marks`.
pub fn inline(timeline: &Timeline, title: &str, end: u64, marks: &[Mark]) -> String {
    let mut svg = Svg::default();
    let height = paint(&mut svg, timeline, end, marks);
    svg.inline(title, WIDTH, height)
}

/// Paints below the origin, and returns how high it has become.
fn paint(svg: &mut Svg, timeline: &Timeline, end: u64, marks: &[Mark]) -> f64 {
    let (rows, more) = timeline.shown();
    let left = 16.0 + rows.iter().map(name_width).fold(0.0, f64::max).min(WIDEST);
    let scale = (WIDTH - left - RIGHT) / end.max(1) as f64;
    let x = |time: u64| left + time.min(end) as f64 * scale;
    let bottom = TOP + ROW * rows.len() as f64;
    let labels = bottom + if marks.is_empty() { 16.0 } else { 32.0 };

    for tick in ticks(end) {
        svg.line("grid", (x(tick), TOP - 6.0), (x(tick), bottom));
        svg.anchored("small", "middle", x(tick), labels, &label(tick));
    }
    for (index, row) in rows.iter().enumerate() {
        let top = TOP + ROW * index as f64;
        paint_row(
            svg,
            row,
            top,
            left,
            x(row.close.unwrap_or(timeline.end)),
            &x,
        );
    }
    for mark in marks {
        let class = if mark.is_error { "mark error" } else { "mark" };
        svg.dot(class, x(mark.at), bottom + 10.0, 3.5);
    }
    if more > 0 {
        svg.text("small", 8.0, labels, &format!("and {more} more"));
    }
    if timeline.threads.len() > 1 {
        legend(svg, &timeline.threads, left, labels + 12.0);
        labels + 36.0
    } else {
        labels + 14.0
    }
}

/// A row from `top`, whose names have room up to `left`, and whose line ends at `close`.
fn paint_row(svg: &mut Svg, row: &Span, top: f64, left: f64, close: f64, x: &dyn Fn(u64) -> f64) {
    let middle = top + ROW / 2.0;
    let indent = 8.0 + row.depth as f64 * INDENT;
    svg.open("row", "function", row.function());
    svg.rect("back", 0.0, top, WIDTH, ROW);
    svg.text(
        "code",
        indent,
        middle + 4.0,
        &shorten(&row.name, ((left - indent) / CHARACTER) as usize),
    );
    svg.line("wait", (x(row.open), middle), (close, middle));
    for poll in &row.polls {
        let width = (x(poll.to) - x(poll.from)).max(LEAST);
        // What ran last, and briefly, stays within the figure.
        let from = x(poll.from).min(WIDTH - RIGHT - LEAST);
        let class = format!("bar {}", series(poll.thread));
        svg.rect(&class, from, middle - 7.0, width, 14.0);
    }
    svg.close();
}

/// The colours of the threads, as many as there is room for.
fn legend(svg: &mut Svg, threads: &[String], left: f64, top: f64) {
    let mut at = left;
    for (index, thread) in threads.iter().enumerate() {
        let width = 30.0 + 6.0 * thread.chars().count() as f64;
        if at + width > WIDTH {
            svg.text("small", at, top + 9.0, "…");
            return;
        }
        svg.rect(&series(index), at, top, 10.0, 10.0);
        svg.text("small", at + 14.0, top + 9.0, thread);
        at += width;
    }
}

fn name_width(row: &Span) -> f64 {
    row.name.chars().count() as f64 * CHARACTER + row.depth as f64 * INDENT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Poll;

    fn timeline() -> Timeline {
        let poll = |from, to, thread| Poll { from, to, thread };
        Timeline {
            rows: vec![Span {
                name: "a<b>(n=1)".into(),
                depth: 1,
                open: 0,
                close: None,
                polls: vec![poll(0, 1, 0), poll(999, 1000, 1)],
            }],
            threads: vec!["main".into(), "worker".into()],
            end: 1000,
        }
    }

    #[test]
    fn each_poll_is_a_bar_each_life_a_line_and_a_page_has_marks_and_its_own_style() {
        let svg = file(&timeline(), "A & B");
        assert_eq!(svg.matches("class=\"bar s").count(), 2);
        assert_eq!(svg.matches("class=\"wait\"").count(), 1);
        assert!(svg.contains(">A &amp; B</text>") && svg.contains(">worker<"));
        assert!(svg.contains("<style>"));
        let mark = |at, is_error| Mark { at, is_error };
        let marks = [mark(500, false), mark(2000, true)];
        let svg = inline(&timeline(), "A \"B\"", 2000, &marks);
        assert!(
            svg.contains("<g class=\"row\" data-function=\"a&lt;b&gt;\">"),
            "{svg}"
        );
        assert!(svg.contains("class=\"mark\"") && svg.contains("class=\"mark error\""));
        assert!(svg.contains("aria-label=\"A &quot;B&quot;\"") && !svg.contains("<style>"));
    }
}
