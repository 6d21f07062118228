//! The speed-ups as a figure: for each comparison a bar up to what was measured, before a pale
//! one up to what is possible.

use std::fmt::Write;

use super::report::Row;

const WIDTH: f64 = 840.0;
const LABELS: f64 = 310.0;
const BARS: f64 = WIDTH - LABELS - 145.0;
const ROW: f64 = 34.0;
const TOP: f64 = 64.0;

/// Both themes of a reader's system, chosen by it.
const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e }
.bound { fill: #d1d9e0 }
.bar { fill: #0969da }
.one { stroke: #59636e; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .bound { fill: #3d444d }
  .bar { fill: #4493f8 }
  .one { stroke: #9198a1 }
}";

/// Draws the rows, on a logarithmic axis where the bounds differ much.
#[must_use]
pub fn draw(machine: &str, rows: &[Row]) -> String {
    let most = rows
        .iter()
        .map(|row| row.bound.unwrap_or(1.0).max(row.speed_up))
        .fold(2.0, f64::max);
    let logarithmic = most > 20.0;
    let length = |times: f64| {
        if logarithmic {
            BARS * (times.max(1.0).ln() / most.ln())
        } else {
            BARS * times / most
        }
    };
    let height = TOP + ROW * rows.len() as f64 + 16.0;
    let axis = if logarithmic { ", logarithmic" } else { "" };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\">\n<title>How many times faster the concurrent listings are</title>\n\
         <style>{STYLE}</style>\n\
         <text x=\"8\" y=\"22\">Times faster than one after the other{axis} \
         (dashed: as fast; pale: the most that is possible)</text>\n\
         <text x=\"8\" y=\"42\" class=\"small\">{}</text>\n",
        escape(machine)
    );
    for (index, row) in rows.iter().enumerate() {
        let y = TOP + ROW * index as f64;
        let (bar, bound) = (length(row.speed_up), row.bound.map_or(0.0, length));
        let of = row
            .bound
            .map_or_else(String::new, |bound| format!(" of {bound:.2}"));
        let label = LABELS + bar.max(bound) + 8.0;
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<text x=\"8\" y=\"{:.0}\">{}</text>\n\
             <text x=\"8\" y=\"{:.0}\" class=\"small\">{}</text>\n\
             <rect class=\"bound\" x=\"{LABELS}\" y=\"{:.0}\" width=\"{bound:.1}\" height=\"20\"/>\n\
             <rect class=\"bar\" x=\"{LABELS}\" y=\"{:.0}\" width=\"{bar:.1}\" height=\"12\"/>\n\
             <text x=\"{label:.1}\" y=\"{:.0}\">{:.2}{of}</text>\n",
            y + 8.0,
            escape(&row.comparison),
            y + 22.0,
            escape(&format!("{} → {}", row.from, row.to)),
            y - 2.0,
            y + 2.0,
            y + 13.0,
            row.speed_up,
        );
    }
    let one = LABELS + length(1.0);
    let _ = write!(
        svg,
        "<line class=\"one\" x1=\"{one:.1}\" x2=\"{one:.1}\" y1=\"{:.0}\" y2=\"{:.0}\"/>\n</svg>\n",
        TOP - 6.0,
        height - 14.0
    );
    svg
}

/// `text` as it may stand in a figure.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(comparison: &str, speed_up: f64, bound: f64) -> Row {
        Row {
            comparison: comparison.into(),
            from: "1.5".into(),
            to: "1.6".into(),
            sequential: (1.0, 0.0),
            concurrent: (1.0 / speed_up, 0.0),
            speed_up,
            interval: (speed_up, speed_up),
            peer: false,
            bound: Some(bound),
            cpu: (0.0, 0.0),
            memory: (0.0, 0.0),
            book: None,
            rounds: 5,
            python: (None, None),
            python_times: (None, None),
        }
    }

    #[test]
    fn every_row_has_its_bars_and_its_figures() {
        let svg = draw(
            "a <processor>",
            &[row("a & b", 1.9, 2.0), row("c", 3.0, 3.0)],
        );
        assert_eq!(svg.matches("class=\"bar\"").count(), 2);
        assert_eq!(svg.matches("class=\"bound\"").count(), 2);
        assert!(svg.contains("1.90 of 2.00") && svg.contains("3.00 of 3.00"));
        assert!(svg.contains("a &amp; b") && svg.contains("a &lt;processor&gt;"));
        assert!(!svg.contains("logarithmic"));
    }

    #[test]
    fn a_wide_range_is_drawn_on_a_logarithmic_axis() {
        assert!(draw("m", &[row("a", 700.0, 1000.0)]).contains("logarithmic"));
    }
}
