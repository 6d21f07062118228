//! A curve as a figure: time, CPU time and memory against the count, all axes logarithmic.

use std::fmt::Write;

use super::report::{Curve, Point};
use crate::bench::escape;

const WIDTH: f64 = 860.0;
const PANEL: f64 = 270.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 56.0;
const PLOT_HEIGHT: f64 = 190.0;
const BOTTOM: f64 = 40.0;
const LEGEND_ROW: f64 = 20.0;

/// Both themes of a reader's system, chosen by it. The colours differ in lightness too.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 10px; fill: #59636e }
.grid { stroke: #d1d9e0; stroke-width: 0.5 }
.ideal { stroke: #59636e; stroke-dasharray: 4 3 }
.line { fill: none; stroke-width: 2 }
.s0 { stroke: #8250df; fill: #8250df } .s1 { stroke: #0969da; fill: #0969da }
.s2 { stroke: #cf222e; fill: #cf222e } .s3 { stroke: #1a7f37; fill: #1a7f37 }
.s4 { stroke: #9a6700; fill: #9a6700 } .s5 { stroke: #59636e; fill: #59636e }
.s6 { stroke: #bf3989; fill: #bf3989 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .small { fill: #9198a1 }
  .grid { stroke: #3d444d }
  .ideal { stroke: #9198a1 }
  .s0 { stroke: #ab7df8; fill: #ab7df8 } .s1 { stroke: #4493f8; fill: #4493f8 }
  .s2 { stroke: #f85149; fill: #f85149 } .s3 { stroke: #3fb950; fill: #3fb950 }
  .s4 { stroke: #d29922; fill: #d29922 } .s5 { stroke: #9198a1; fill: #9198a1 }
  .s6 { stroke: #db61a2; fill: #db61a2 }
}
.line { fill: none }";

const COLOURS: usize = 7;

/// A quantity of a point.
type Part = fn(&Point) -> f64;

const PANELS: [(&str, Part); 3] = [
    ("seconds", Point::wall),
    ("CPU seconds", Point::cpu),
    ("peak MiB", Point::memory),
];

/// Draws one curve.
#[must_use]
pub fn draw(curve: &Curve) -> String {
    let height = height(curve);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n{}</svg>\n",
        escape(&curve.name),
        body(curve)
    )
}

/// Draws all of them, one below the other.
#[must_use]
pub fn draw_all(curves: &[Curve]) -> String {
    let total: f64 = curves.iter().map(height).sum();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {total}\" \
         role=\"img\">\n<title>How cost grows with work</title>\n<style>{STYLE}</style>\n"
    );
    let mut y = 0.0;
    for curve in curves {
        svg += &format!("<g transform=\"translate(0 {y})\">\n{}</g>\n", body(curve));
        y += height(curve);
    }
    svg + "</svg>\n"
}

fn height(curve: &Curve) -> f64 {
    TOP + PLOT_HEIGHT + BOTTOM + LEGEND_ROW * curve.series.len().div_ceil(3) as f64
}

fn body(curve: &Curve) -> String {
    let mut svg = format!("<text x=\"8\" y=\"20\">{}</text>\n", escape(&curve.name));
    for (index, (label, part)) in PANELS.iter().enumerate() {
        let x = index as f64 * (PANEL + 18.0);
        svg += &format!(
            "<g transform=\"translate({x} 0)\">\n{}</g>\n",
            panel(curve, label, *part)
        );
    }
    for (index, series) in curve.series.iter().enumerate() {
        let (column, row) = ((index % 3) as f64, (index / 3) as f64);
        let (x, y) = (
            LEFT + column * (PANEL + 18.0),
            TOP + PLOT_HEIGHT + BOTTOM + row * LEGEND_ROW,
        );
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<rect class=\"s{}\" x=\"{x}\" y=\"{}\" width=\"14\" height=\"4\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            index % COLOURS,
            y - 6.0,
            x + 20.0,
            y,
            escape(&series.program)
        );
    }
    svg
}

/// A logarithmic axis from one power of ten to another.
struct Axis {
    low: f64,
    high: f64,
    length: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, length: f64) -> Self {
        let values = values.filter(|value| *value > 0.0 && value.is_finite());
        let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (low, high) = if low <= high {
            (low, high)
        } else {
            (1.0, 10.0)
        };
        let low = low.log10().floor();
        let high = high.log10().ceil().max(low + 1.0);
        Self { low, high, length }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value.log10() - self.low) / (self.high - self.low);
        part.clamp(0.0, 1.0) * self.length
    }

    fn powers(&self) -> impl Iterator<Item = i32> {
        self.low as i32..=self.high as i32
    }
}

fn panel(curve: &Curve, label: &str, part: Part) -> String {
    let points = || curve.series.iter().flat_map(|series| &series.points);
    let across = Axis::over(points().map(|point| point.count as f64), PANEL - LEFT);
    let values = points().map(part);
    let up = Axis::over(values, PLOT_HEIGHT);
    let bottom = TOP + PLOT_HEIGHT;
    let x = |count: usize| LEFT + across.at(count as f64);
    let y = |value: f64| bottom - up.at(value);

    let mut svg = format!("<text x=\"{LEFT}\" y=\"{}\">{label}</text>\n", TOP - 12.0);
    for power in up.powers() {
        let height = y(10f64.powi(power));
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{PANEL}\" y1=\"{height:.1}\" y2=\"{height:.1}\"/>\
             <text class=\"small\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 5.0,
            height + 3.5,
            power_of_ten(power)
        );
    }
    for power in across.powers() {
        let place = LEFT + across.at(10f64.powi(power));
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{place:.1}\" x2=\"{place:.1}\" y1=\"{TOP}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{place:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 13.0,
            power_of_ten(power)
        );
    }
    if let (Some(ideal), "seconds") = (curve.ideal, label) {
        let height = y(ideal);
        let _ = writeln!(
            svg,
            "<line class=\"ideal\" x1=\"{LEFT}\" x2=\"{PANEL}\" y1=\"{height:.1}\" y2=\"{height:.1}\"/>"
        );
    }
    for (index, series) in curve.series.iter().enumerate() {
        let colour = index % COLOURS;
        let known: Vec<_> = series
            .points
            .iter()
            .filter(|point| part(point) > 0.0)
            .map(|point| (x(point.count), y(part(point))))
            .collect();
        let path: Vec<_> = known
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline class=\"line s{colour}\" points=\"{}\"/>",
            path.join(" ")
        );
        for (x, y) in known {
            let _ = writeln!(
                svg,
                "<circle class=\"s{colour}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>"
            );
        }
    }
    let _ = writeln!(
        svg,
        "<text class=\"small\" x=\"{PANEL}\" y=\"{}\" text-anchor=\"end\">{}</text>",
        bottom + 27.0,
        escape(&curve.axis)
    );
    svg
}

/// A label that is short however large the number is.
fn power_of_ten(power: i32) -> String {
    match power {
        -3..0 => format!("{:.*}", power.unsigned_abs() as usize, 10f64.powi(power)),
        0..4 => format!("{}", 10f64.powi(power)),
        4..6 => format!("{}k", 10f64.powi(power - 3)),
        6..9 => format!("{}M", 10f64.powi(power - 6)),
        _ => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Cost;
    use crate::scale::report::Series;

    fn curve(ideal: Option<f64>) -> Curve {
        let mut curve = Curve::new("a & b".into(), None, "tasks".into());
        curve.ideal = ideal;
        let mut series = Series::new("sleep <tasks>".into());
        for (count, wall) in [(1, 2.0), (1000, 2.0), (1_000_000, 20.0)] {
            let runs = vec![Cost {
                wall,
                user: 0.0,
                system: 0.0,
                peak_memory: 1024 * 1024,
            }];
            series.points.push(Point { count, runs });
        }
        curve.series.push(series);
        curve
    }

    #[test]
    fn each_point_is_drawn_where_its_quantity_is_known() {
        let svg = draw(&curve(Some(2.0)));
        // Three times and three memories; no CPU time, which has no logarithm.
        assert_eq!(svg.matches("<circle").count(), 6);
        assert_eq!(svg.matches("class=\"ideal\"").count(), 1);
        assert!(svg.contains("a &amp; b") && svg.contains("sleep &lt;tasks&gt;"));
        assert!(!draw(&curve(None)).contains("class=\"ideal\""));
    }

    #[test]
    fn an_axis_spans_whole_powers_of_ten() {
        let axis = Axis::over([2.0, 20.0, 0.0, f64::NAN].into_iter(), 100.0);
        assert_eq!((axis.low, axis.high), (0.0, 2.0));
        assert_eq!(axis.at(10.0), 50.0);
        let nothing = Axis::over([0.0].into_iter(), 100.0);
        assert_eq!((nothing.low, nothing.high), (0.0, 1.0));
        let one = Axis::over([10.0].into_iter(), 100.0);
        assert_eq!((one.low, one.high), (1.0, 2.0));
    }

    #[test]
    fn labels_are_short() {
        let labels: Vec<_> = [-4, -3, 0, 3, 4, 6, 9]
            .into_iter()
            .map(power_of_ten)
            .collect();
        assert_eq!(labels, ["1e-4", "0.001", "1", "1000", "10k", "1M", "1e9"]);
    }
}
