//! What all figures are made of.

/// The rules of all figures. Their colours are variables, so that a page can have its own themes.
pub const RULES: &str = include_str!("style.css");

/// The colours of the variables on a light page. Those of the series differ in lightness too.
pub const LIGHT: &str = "--text: #1f2328; --quiet: #59636e; --faint: #d1d9e0; --s0: #0969da; \
    --s1: #bc4c00; --s2: #8250df; --s3: #1a7f37; --s4: #bf3989; --s5: #9a6700; --s6: #cf222e;";

/// The same on a dark page.
pub const DARK: &str = "--text: #f0f6fc; --quiet: #a5aebb; --faint: #3d444d; --s0: #4493f8; \
    --s1: #f0883e; --s2: #ab7df8; --s3: #3fb950; --s4: #db61a2; --s5: #d29922; --s6: #f85149;";

/// How many series have a colour of their own.
const SERIES: usize = 7;

/// The width of a figure.
pub const WIDTH: f64 = 760.0;

/// The height of a row.
pub const ROW: f64 = 24.0;

/// What is left free above the first row.
pub const TOP: f64 = 8.0;

/// The class of a series.
pub fn series(index: usize) -> String {
    format!("s{}", index % SERIES)
}

/// A text that begins, ends or has its middle at `x`.
pub fn text(class: &str, anchor: &str, [x, y]: [f64; 2], text: &str) -> String {
    let (text, place) = (escape(text), format!(r#"x="{x:.1}" y="{y:.1}""#));
    format!("<text class=\"{class}\" {place} text-anchor=\"{anchor}\">{text}</text>\n")
}

/// A filled rectangle.
pub fn rect(class: &str, [x, y]: [f64; 2], [width, height]: [f64; 2]) -> String {
    let place = format!(r#"x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}""#);
    format!("<rect class=\"{class}\" {place}/>\n")
}

/// A line from one point to another.
pub fn line(class: &str, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> String {
    let place = format!(r#"x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}""#);
    format!("<line class=\"{class}\" {place}/>\n")
}

/// A figure within a page that has the style.
pub fn inline(title: &str, height: f64, body: &str) -> String {
    let (title, view) = (escape(title), format!("0 0 {WIDTH:.0} {height:.0}"));
    let attributes = format!(r#"viewBox="{view}" role="img" aria-label="{title}""#);
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}>\n{body}</svg>\n")
}

/// A figure that is a file of its own, in the theme of the reader's system. A page with the figure
/// in it overrules these colours by any rule about an element.
pub fn file(title: &str, height: f64, body: &str) -> String {
    let dark = format!("@media (prefers-color-scheme: dark) {{\n:root {{ {DARK} }}\n}}");
    let style = format!("<style>:root {{ {LIGHT} }}\n{dark}\n{RULES}</style>");
    inline(title, height, &format!("{style}\n{body}"))
}

/// A text as it stands in SVG.
pub fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
