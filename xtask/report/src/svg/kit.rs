//! What all figures are made of.

/// The rules of all figures. Their colours are variables, so that a page can have its own themes.
pub const RULES: &str = include_str!("style.css");

/// The colours of the variables, on a light page and on a dark one. Those of the series differ in
/// lightness too.
const COLOURS: [(&str, &str, &str); 10] = [
    ("text", "#1f2328", "#f0f6fc"),
    ("quiet", "#59636e", "#a5aebb"),
    ("faint", "#d1d9e0", "#3d444d"),
    ("s0", "#0969da", "#4493f8"),
    ("s1", "#bc4c00", "#f0883e"),
    ("s2", "#8250df", "#ab7df8"),
    ("s3", "#1a7f37", "#3fb950"),
    ("s4", "#bf3989", "#db61a2"),
    ("s5", "#9a6700", "#d29922"),
    ("s6", "#cf222e", "#f85149"),
];

/// How many series have a colour of their own.
const SERIES: usize = 7;

/// The class of a series.
pub fn series(index: usize) -> String {
    format!("s{}", index % SERIES)
}

/// The variables of a dark page, or of a light one, for a rule of a style sheet.
pub fn colours(is_dark: bool) -> String {
    let colours = COLOURS.map(|(name, light, dark)| {
        let colour = if is_dark { dark } else { light };
        format!("--{name}: {colour};")
    });
    colours.join(" ")
}

/// The style of a figure that is a file of its own, in the theme of the reader's system. A page
/// with the figure in it overrules these colours by any rule about an element.
fn style() -> String {
    let (light, dark) = (colours(false), colours(true));
    format!(
        ":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{\n:root {{ {dark} }}\n}}\n{}",
        RULES.trim_end()
    )
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

    /// A dot.
    pub fn dot(&mut self, class: &str, x: f64, y: f64, radius: f64) {
        let place = format!("cx=\"{:.1}\" cy=\"{:.1}\"", x + self.x, y + self.y);
        self.add(format!(
            "<circle class=\"{class}\" {place} r=\"{radius}\"/>"
        ));
    }

    /// What follows, up to [`Svg::close`], belongs together. A script finds `value` in its `data`.
    pub fn open(&mut self, class: &str, data: &str, value: &str) {
        let value = escape(value);
        self.add(format!("<g class=\"{class}\" data-{data}=\"{value}\">"));
    }

    /// Ends what [`Svg::open`] has begun.
    pub fn close(&mut self) {
        self.add("</g>".to_owned());
    }

    fn add(&mut self, element: String) {
        self.body += &(element + "\n");
    }

    /// A figure within a page that has the style.
    pub fn inline(self, title: &str, width: f64, height: f64) -> String {
        let view = format!("viewBox=\"0 0 {width:.0} {height:.0}\"");
        let (title, body) = (escape(title), self.body);
        format!("<svg {view} role=\"img\" aria-label=\"{title}\">\n{body}</svg>\n")
    }

    /// The whole figure.
    pub fn finish(self, title: &str, width: f64, height: f64) -> String {
        let view = format!("viewBox=\"0 0 {width:.0} {height:.0}\"");
        let (title, style, body) = (escape(title), style(), self.body);
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
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_colour_of_the_rules_is_known() {
        let known = COLOURS.map(|(name, ..)| RULES.matches(&format!("var(--{name})")).count());
        assert_eq!(known.iter().sum::<usize>(), RULES.matches("var(--").count());
    }
}
