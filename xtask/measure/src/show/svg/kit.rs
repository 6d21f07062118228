//! What all figures are made of.

use std::fmt::Write;

/// The colours of both themes, which the reader's system chooses. Those of the series differ in
/// lightness too.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 13px }
.code { font-family: ui-monospace, monospace }
.small { font-size: 10px; fill: #59636e }
.pale { fill: #d1d9e0 }
.grid { stroke: #d1d9e0; stroke-width: 0.5 }
.dash { stroke: #59636e; stroke-dasharray: 4 3 }
.wait { stroke: #59636e; stroke-width: 1.5 }
.whisker { stroke: #1f2328; stroke-width: 1.5 }
.s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #bc4c00; fill: #bc4c00 }
.s2 { stroke: #8250df; fill: #8250df } .s3 { stroke: #1a7f37; fill: #1a7f37 }
.s4 { stroke: #bf3989; fill: #bf3989 } .s5 { stroke: #9a6700; fill: #9a6700 }
.s6 { stroke: #cf222e; fill: #cf222e }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .pale { fill: #3d444d }
  .grid { stroke: #3d444d }
  .dash, .wait { stroke: #9198a1 }
  .whisker { stroke: #f0f6fc }
  .s0 { stroke: #4493f8; fill: #4493f8 } .s1 { stroke: #f0883e; fill: #f0883e }
  .s2 { stroke: #ab7df8; fill: #ab7df8 } .s3 { stroke: #3fb950; fill: #3fb950 }
  .s4 { stroke: #db61a2; fill: #db61a2 } .s5 { stroke: #d29922; fill: #d29922 }
  .s6 { stroke: #f85149; fill: #f85149 }
}
rect { stroke: none }
.line { fill: none; stroke-width: 2 }";

/// How many series have a colour of their own.
const COLOURS: usize = 7;

/// The class of a series.
pub fn series(index: usize) -> String {
    format!("s{}", index % COLOURS)
}

/// A figure that is being drawn. Everything has its place relative to the last [`Svg::origin`].
#[derive(Debug, Default)]
pub struct Svg {
    body: String,
    x: f64,
    y: f64,
}

// Writing to a String cannot fail.
impl Svg {
    /// From here on, places are relative to this one.
    pub fn origin(&mut self, x: f64, y: f64) {
        (self.x, self.y) = (x, y);
    }

    /// A text that begins at `x`.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        self.anchored(class, "start", x, y, text);
    }

    /// A text that begins, ends or has its middle at `x`.
    pub fn anchored(&mut self, class: &str, anchor: &str, x: f64, y: f64, text: &str) {
        let (x, y, text) = (x + self.x, y + self.y, escape(text));
        let anchor = match anchor {
            "start" => String::new(),
            anchor => format!(" text-anchor=\"{anchor}\""),
        };
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{anchor}>{text}</text>"
        );
    }

    /// A filled rectangle.
    pub fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y) = (x + self.x, y + self.y);
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\"/>"
        );
    }

    /// A line from one point to another.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ = writeln!(
            self.body,
            "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
            from.0 + self.x,
            from.1 + self.y,
            to.0 + self.x,
            to.1 + self.y
        );
    }

    /// A line through all points, with a dot on each.
    pub fn dotted_line(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{:.1},{:.1}", x + self.x, y + self.y))
            .collect();
        let _ = writeln!(
            self.body,
            "<polyline class=\"line {class}\" points=\"{}\"/>",
            points.join(" ")
        );
        for point in points {
            let (x, y) = point.split_once(',').unwrap_or_default();
            let _ = writeln!(
                self.body,
                "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/>"
            );
        }
    }

    /// The whole figure.
    pub fn finish(self, title: &str, width: f64, height: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n{}</svg>\n",
            escape(title),
            self.body
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_relative_and_texts_are_escaped() {
        let mut svg = Svg::default();
        svg.origin(100.0, 10.0);
        svg.text("small", 1.0, 2.0, "a < b & c");
        svg.dotted_line("s0", &[(0.0, 0.0), (1.0, 1.0)]);
        let svg = svg.finish("A & B", 300.0, 200.0);
        assert!(svg.contains("x=\"101.0\" y=\"12.0\">a &lt; b &amp; c</text>"));
        assert!(svg.contains("<title>A &amp; B</title>") && svg.contains("0 0 300 200"));
        assert_eq!(svg.matches("<circle").count(), 2);
        assert_eq!((series(0), series(8)), ("s0".into(), "s1".into()));
    }
}
