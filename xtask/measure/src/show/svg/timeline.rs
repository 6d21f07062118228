//! A timeline as a figure.

use xtask::timeline::{Span, Timeline, label, ticks};

use super::kit::{Svg, series};

const WIDTH: f64 = 760.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 40.0;
const ROW: f64 = 24.0;

/// The width of a character, about, for the labels' column.
const CHARACTER: f64 = 7.4;

/// What a span has called stands this much to the right.
const INDENT: f64 = 14.0;

/// What ran for less is still to be seen.
const LEAST: f64 = 2.5;

/// Draws the timeline: a bar where a span ran, a line where it waited, a colour for each thread.
pub fn draw(timeline: &Timeline, title: &str) -> String {
    let (rows, more) = timeline.shown();
    let length = |row: &Span| row.name.chars().count() as f64 * CHARACTER;
    let lengths = rows
        .iter()
        .map(|row| length(row) + row.depth as f64 * INDENT);
    let left = 16.0 + lengths.fold(0.0, f64::max).min(300.0);
    let scale = (WIDTH - left - RIGHT) / timeline.end.max(1) as f64;
    let x = |time: u64| left + time as f64 * scale;
    let bottom = TOP + ROW * rows.len() as f64;
    let several = timeline.threads.len() > 1;
    let height = bottom + if several { 52.0 } else { 30.0 };

    let mut svg = Svg::default();
    svg.text("title", 8.0, 20.0, title);
    for tick in ticks(timeline.end) {
        svg.line("grid", (x(tick), TOP - 6.0), (x(tick), bottom));
        svg.anchored("small", "middle", x(tick), bottom + 16.0, &label(tick));
    }
    for (index, row) in rows.iter().enumerate() {
        let middle = TOP + ROW * index as f64 + ROW / 2.0;
        let indent = 8.0 + row.depth as f64 * INDENT;
        svg.text("code", indent, middle + 4.0, &row.name);
        let close = x(row.close.unwrap_or(timeline.end));
        svg.line("wait", (x(row.open), middle), (close, middle));
        for poll in &row.polls {
            let width = (x(poll.to) - x(poll.from)).max(LEAST);
            // What ran last, and briefly, stays within the figure.
            let from = x(poll.from).min(WIDTH - RIGHT - LEAST);
            svg.rect(&series(poll.thread), from, middle - 7.0, width, 14.0);
        }
    }
    if more > 0 {
        svg.text("small", 8.0, bottom + 16.0, &format!("and {more} more"));
    }
    if several {
        let mut at = left;
        for (index, thread) in timeline.threads.iter().enumerate() {
            svg.rect(&series(index), at, bottom + 28.0, 10.0, 10.0);
            svg.text("small", at + 14.0, bottom + 37.0, thread);
            at += 30.0 + 6.0 * thread.chars().count() as f64;
        }
    }
    svg.finish(title, WIDTH, height)
}

#[cfg(test)]
mod tests {
    use xtask::timeline::Poll;

    use super::*;

    #[test]
    fn each_poll_is_a_bar_and_each_life_a_line() {
        let poll = |from, to, thread| Poll { from, to, thread };
        let timeline = Timeline {
            rows: vec![Span {
                name: "a<b>".into(),
                depth: 1,
                open: 0,
                close: None,
                polls: vec![poll(0, 1, 0), poll(999, 1000, 1)],
            }],
            threads: vec!["main".into(), "worker".into()],
            end: 1000,
        };
        let svg = draw(&timeline, "A & B");
        assert_eq!(svg.matches("height=\"14.0\"").count(), 2);
        assert_eq!(svg.matches("class=\"wait\"").count(), 1);
        assert!(svg.contains("a&lt;b&gt;") && svg.contains("A &amp; B"));
        assert!(svg.contains(">worker<"));
    }
}
