//! What all figures are made of.

/// The colours of both themes, which the reader's system chooses. Those of the series differ in
/// lightness too.
pub const STYLE: &str = include_str!("style.css");

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
        let place = format!("x=\"{x:.1}\" y=\"{y:.1}\"{anchor}");
        self.add(format!("<text class=\"{class}\" {place}>{text}</text>"));
    }

    /// A filled rectangle.
    pub fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let place = format!("x=\"{:.1}\" y=\"{:.1}\"", x + self.x, y + self.y);
        let size = format!("width=\"{width:.1}\" height=\"{height:.1}\"");
        self.add(format!("<rect class=\"{class}\" {place} {size}/>"));
    }

    /// A line from one point to another.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let from = format!(
            "x1=\"{:.1}\" y1=\"{:.1}\"",
            from.0 + self.x,
            from.1 + self.y
        );
        let to = format!("x2=\"{:.1}\" y2=\"{:.1}\"", to.0 + self.x, to.1 + self.y);
        self.add(format!("<line class=\"{class}\" {from} {to}/>"));
    }

    /// A line through all points, with a dot on each.
    pub fn dotted_line(&mut self, class: &str, points: &[(f64, f64)]) {
        let places = points.iter().map(|(x, y)| (x + self.x, y + self.y));
        let places: Vec<_> = places.collect();
        let points = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}"));
        let points = points.collect::<Vec<_>>().join(" ");
        self.add(format!(
            "<polyline class=\"line {class}\" points=\"{points}\"/>"
        ));
        for (x, y) in places {
            let place = format!("cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"");
            self.add(format!("<circle class=\"{class}\" {place}/>"));
        }
    }

    fn add(&mut self, element: String) {
        self.body += &(element + "\n");
    }

    /// What was drawn, for a page that has the style and the title itself.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The whole figure.
    pub fn finish(self, title: &str, width: f64, height: f64) -> String {
        let view = format!("viewBox=\"0 0 {width:.0} {height:.0}\"");
        let (title, style, body) = (escape(title), STYLE.trim_end(), self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {view} role=\"img\">\n\
             <title>{title}</title>\n<style>{style}</style>\n{body}</svg>\n"
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
