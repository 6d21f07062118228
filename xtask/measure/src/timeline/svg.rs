//! A timeline as a figure.

use std::fmt::Write;

use super::record::{Timeline, human, ticks};
use crate::bench::escape;

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

/// Both themes of a reader's system, chosen by it.
const STYLE: &str = "\
text { font: 12px ui-monospace, monospace; fill: #1f2328 }
.title { font: 13px system-ui, sans-serif }
.small { font: 10px system-ui, sans-serif; fill: #59636e }
.grid { stroke: #d1d9e0; stroke-width: 0.5 }
.wait { stroke: #59636e; stroke-width: 1.5 }
.t0 { fill: #0969da } .t1 { fill: #bc4c00 } .t2 { fill: #8250df } .t3 { fill: #1a7f37 }
.t4 { fill: #bf3989 } .t5 { fill: #9a6700 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .grid { stroke: #3d444d }
  .wait { stroke: #9198a1 }
  .t0 { fill: #4493f8 } .t1 { fill: #f0883e } .t2 { fill: #ab7df8 } .t3 { fill: #3fb950 }
  .t4 { fill: #db61a2 } .t5 { fill: #d29922 }
}";

const COLOURS: usize = 6;

/// Draws the timeline: a bar where a span ran, a line where it waited, a colour for each thread.
#[must_use]
pub fn draw(timeline: &Timeline, title: &str) -> String {
    let (rows, more) = timeline.shown();
    let longest = rows
        .iter()
        .map(|row| row.name.chars().count() as f64 * CHARACTER + row.depth as f64 * INDENT)
        .fold(0.0, f64::max);
    let left = 16.0 + longest.min(300.0);
    let scale = (WIDTH - left - RIGHT) / timeline.end.max(1) as f64;
    let x = |time: u64| left + time as f64 * scale;
    let bottom = TOP + ROW * rows.len() as f64;
    let several = timeline.threads.len() > 1;
    let height = bottom + if several { 52.0 } else { 30.0 };

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\">\n<title>{0}</title>\n<style>{STYLE}</style>\n\
         <text class=\"title\" x=\"8\" y=\"20\">{0}</text>\n",
        escape(title)
    );
    // Writing to a String cannot fail.
    for tick in ticks(timeline.end) {
        let at = x(tick);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            TOP - 6.0,
            bottom + 16.0,
            if tick == 0 {
                "0".to_owned()
            } else {
                human(tick)
            }
        );
    }
    for (index, row) in rows.iter().enumerate() {
        let middle = TOP + ROW * index as f64 + ROW / 2.0;
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\">{}</text>\
             <line class=\"wait\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>",
            8.0 + row.depth as f64 * INDENT,
            middle + 4.0,
            escape(&row.name),
            x(row.open),
            x(row.close.unwrap_or(timeline.end))
        );
        for poll in &row.polls {
            let width = (x(poll.to) - x(poll.from)).max(LEAST);
            let _ = writeln!(
                svg,
                "<rect class=\"t{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\"/>",
                poll.thread % COLOURS,
                // What ran last, and briefly, stays within the figure.
                x(poll.from).min(WIDTH - RIGHT - LEAST),
                middle - 7.0
            );
        }
    }
    if more > 0 {
        let _ = writeln!(
            svg,
            "<text class=\"small\" x=\"8\" y=\"{}\">and {more} more</text>",
            bottom + 16.0
        );
    }
    if several {
        let mut at = left;
        for (index, thread) in timeline.threads.iter().enumerate() {
            let _ = writeln!(
                svg,
                "<rect class=\"t{}\" x=\"{at:.1}\" y=\"{}\" width=\"10\" height=\"10\"/>\
                 <text class=\"small\" x=\"{:.1}\" y=\"{}\">{}</text>",
                index % COLOURS,
                bottom + 28.0,
                at + 14.0,
                bottom + 37.0,
                escape(thread)
            );
            at += 30.0 + 6.0 * thread.chars().count() as f64;
        }
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::super::record::{Poll, Row};
    use super::*;

    #[test]
    fn each_poll_is_a_bar_and_each_life_a_line() {
        let poll = |from, to, thread| Poll { from, to, thread };
        let timeline = Timeline {
            rows: vec![Row {
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
        assert_eq!(svg.matches("height=\"14\"").count(), 2);
        assert_eq!(svg.matches("class=\"wait\"").count(), 1);
        assert!(svg.contains("a&lt;b&gt;") && svg.contains("A &amp; B"));
        assert!(svg.contains(">worker<"));
    }
}
